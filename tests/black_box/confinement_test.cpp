// No spelling of a path and no link leads out of the root; what is no page is refused without a
// wait.
#include "tests/black_box/client.hpp"
#include "tests/black_box/site.hpp"

#include <gtest/gtest.h>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

namespace quire::test {
namespace {

using namespace std::string_literals;

// Each would reach the secret, or a file of the system, if it were taken for a path by someone who
// decodes twice, before or after splitting, or who takes other octets for separators and dots.
std::vector<std::string> const climbing_targets = {"/../secret.txt",
                                                   "/../../secret.txt",
                                                   "/../../../../../../../../etc/passwd",
                                                   "/./../secret.txt",
                                                   "/folder/../../secret.txt",
                                                   "/folder/../../../secret.txt",
                                                   "/folder/./../../secret.txt",
                                                   "/folder//../../secret.txt",
                                                   "//../secret.txt",
                                                   "///../secret.txt",
                                                   "/..//secret.txt",
                                                   "/..///..//secret.txt",
                                                   "/%2e%2e/secret.txt",
                                                   "/%2E%2E/secret.txt",
                                                   "/%2e./secret.txt",
                                                   "/.%2e/secret.txt",
                                                   "/.%2E/secret.txt",
                                                   "/%2e%2e%2fsecret.txt",
                                                   "/..%2fsecret.txt",
                                                   "/..%2Fsecret.txt",
                                                   "/..%5csecret.txt",
                                                   "/..%5Csecret.txt",
                                                   "/..\\secret.txt",
                                                   "/\\..\\secret.txt",
                                                   "/folder\\..\\..\\secret.txt",
                                                   "/folder%5c..%5c..%5csecret.txt",
                                                   "/folder%2f..%2f..%2fsecret.txt",
                                                   "/%252e%252e/secret.txt",
                                                   "/%252e%252e%252fsecret.txt",
                                                   "/..%252fsecret.txt",
                                                   "/%25%32%65%25%32%65/secret.txt",
                                                   "/%%32%65%%32%65/secret.txt",
                                                   "/%c0%ae%c0%ae/secret.txt",
                                                   "/%c0%ae%c0%ae%c0%afsecret.txt",
                                                   "/..%c0%afsecret.txt",
                                                   "/..%c1%9csecret.txt",
                                                   "/%e0%80%ae%e0%80%ae/secret.txt",
                                                   "/%f0%80%80%ae%f0%80%80%ae/secret.txt",
                                                   "/%uff0e%uff0e/secret.txt",
                                                   "/%u002e%u002e/secret.txt",
                                                   "/%ef%bc%8e%ef%bc%8e/secret.txt",
                                                   "/..%ef%bc%8fsecret.txt",
                                                   "/..%00/secret.txt",
                                                   "/../secret.txt%00",
                                                   "/../secret.txt%00.html",
                                                   "/page.html%00/../../secret.txt",
                                                   "/page.html/../../secret.txt",
                                                   "/page.html/../page.html/../../secret.txt",
                                                   "/absent/../../secret.txt",
                                                   "/..;/secret.txt",
                                                   "/;/../secret.txt",
                                                   "/folder;/../../secret.txt",
                                                   "/.../secret.txt",
                                                   "/..../secret.txt",
                                                   "/.../...//secret.txt",
                                                   "/. ./secret.txt",
                                                   "/..%20/secret.txt",
                                                   "/%20../secret.txt",
                                                   "/..%09/secret.txt",
                                                   "/..%0a/secret.txt",
                                                   "/..%0d%0a/secret.txt",
                                                   "/../secret.txt?",
                                                   "/../secret.txt?x=/../",
                                                   "/?/../secret.txt/../../secret.txt",
                                                   "/../root/../secret.txt",
                                                   "/../root/page.html/../../secret.txt",
                                                   "/%2f%2e%2e/secret.txt",
                                                   "/%2fetc%2fpasswd",
                                                   "//etc/passwd",
                                                   "/etc/passwd",
                                                   "/file:///etc/passwd",
                                                   "/C:/../secret.txt",
                                                   "/c:%5cwindows%5cwin.ini",
                                                   "/folder/..",
                                                   "/folder/../..",
                                                   "/..",
                                                   "/%2e%2e",
                                                   "/../",
                                                   "/../root/",
                                                   "/....//secret.txt",
                                                   "/..%u2215secret.txt",
                                                   "/..%%35%63secret.txt",
                                                   "/..%25%35%63secret.txt",
                                                   "/folder/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
                                                   "/proc/self/environ",
                                                   "/../../../proc/self/environ",
                                                   "/~root/",
                                                   "/~/secret.txt",
                                                   "/-/secret.txt"};

std::vector<std::string> const climbing_targets_of_other_forms = {
    "http://example.com/../secret.txt",
    "http://example.com/%2e%2e/secret.txt",
    "http://example.com/..%2fsecret.txt",
    "http://example.com\\..\\secret.txt",
    "http://../secret.txt",
    "http:/../secret.txt",
    "http:../secret.txt",
    "file:///etc/passwd",
    "../secret.txt",
    "secret.txt",
    "..",
    "\\..\\secret.txt",
    "*/../secret.txt",
    "?/../secret.txt"};

void expect_nothing_outside(server const& s, std::string const& target) {
  SCOPED_TRACE(target);
  response const r = fetch(s, target);
  EXPECT_TRUE(r.status == 200 || r.status == 301 || r.status == 308 || r.status == 400 ||
              r.status == 403 || r.status == 404)
      << r.status;
  EXPECT_EQ(r.content.find("outside the root"), std::string::npos);
  EXPECT_EQ(r.content.find("root:"), std::string::npos);
  if (r.status == 200) {  // Only by a query.
    EXPECT_EQ(r.content, "page");
  }
}

TEST(confinement, no_spelling_of_a_path_leaves_the_root) {
  static_assert(site::secret.find("outside the root") != std::string_view::npos);
  site const pages;
  pages.write("page.html", "page");
  pages.write("index.html", "page");
  pages.make_directory("folder");
  server s(pages.root());
  ASSERT_GE(climbing_targets.size(), 60U);
  for (std::string const& target : climbing_targets) expect_nothing_outside(s, target);
  for (std::string const& target : climbing_targets_of_other_forms)
    expect_nothing_outside(s, target);
}

TEST(confinement, dot_segments_within_the_root_are_resolved) {
  site const pages;
  pages.write("page.html", "page");
  pages.write("folder/inner.html", "inner");
  server s(pages.root());
  for (char const* target : {"/./page.html", "/folder/../page.html", "/folder/./../page.html",
                             "/%2e/page.html", "/folder/%2e%2e/page.html", "/folder/.%2e/page.html",
                             "//page.html", "/folder//..//page.html"}) {
    response const r = fetch(s, target);
    EXPECT_TRUE(r.status == 400 || r.content == "page") << target << " " << r.status;
  }
  EXPECT_EQ(fetch(s, "/folder/./inner.html").content, "inner");
}

TEST(confinement, links_within_the_root_are_followed) {
  site const pages;
  pages.write("folder/page.html", "page");
  pages.write("folder/index.html", "index");
  pages.link("link.html", "folder/page.html");
  pages.link("folder/up.html", "../folder/page.html");
  pages.link("alias", "folder");
  pages.link("chain.html", "link.html");
  server s(pages.root());
  for (char const* target :
       {"/link.html", "/folder/up.html", "/alias/page.html", "/chain.html", "/alias/up.html"}) {
    EXPECT_EQ(fetch(s, target).content, "page") << target;
  }
  EXPECT_EQ(fetch(s, "/alias").field("Location"), "/alias/");
  EXPECT_EQ(fetch(s, "/alias/").content, "index");
}

TEST(confinement, links_that_leave_the_root_are_refused) {
  site const pages;
  pages.make_directory("folder");
  pages.link("out.txt", "../secret.txt");
  pages.link("folder/out.txt", "../../secret.txt");
  pages.link("absolute.txt", pages.beside("secret.txt"));
  pages.link("absolute-inside.txt", pages.root() / "page.html");
  pages.write("page.html", "page");
  pages.link("parent", "..");
  pages.link("slash", "/");
  pages.link("chain.txt", "out.txt");
  pages.link("back-in.html", "../root/page.html");
  pages.link("to-proc", "/proc/self/root");
  server s(pages.root());
  for (char const* target : {"/out.txt", "/folder/out.txt", "/absolute.txt", "/absolute-inside.txt",
                             "/parent/secret.txt", "/parent", "/parent/", "/slash/etc/passwd",
                             "/slash", "/chain.txt", "/back-in.html", "/to-proc/etc/passwd"}) {
    SCOPED_TRACE(target);
    response const r = fetch(s, target);
    expect_error_page(r, r.status == 403 ? 403 : 404);
    EXPECT_EQ(r.content.find("outside the root"), std::string::npos);
  }
}

TEST(confinement, links_that_lead_nowhere_or_round_in_circles_are_refused) {
  site const pages;
  pages.link("nowhere.html", "absent.html");
  pages.link("self", "self");
  pages.link("a", "b");
  pages.link("b", "a");
  pages.link("deeper", "deeper/deeper");
  server s(pages.root());
  for (char const* target : {"/nowhere.html", "/self", "/self/page.html", "/a", "/b/", "/deeper"}) {
    SCOPED_TRACE(target);
    response const r = fetch(s, target);
    expect_error_page(r, r.status == 403 ? 403 : 404);
  }
}

TEST(confinement, the_root_may_be_a_link_itself) {
  site const pages;
  pages.write("page.html", "page");
  std::filesystem::create_symlink("root", pages.beside("current"));
  server s(pages.beside("current"));
  EXPECT_EQ(fetch(s, "/page.html").content, "page");
}

TEST(confinement, a_link_that_is_made_later_is_judged_as_well) {
  site const pages;
  pages.write("page.html", "page");
  server s(pages.root());
  EXPECT_EQ(fetch(s, "/page.html").content, "page");
  pages.remove("page.html");
  pages.link("page.html", "../secret.txt");
  EXPECT_NE(fetch(s, "/page.html").status, 200);
}

// Some systems open a file by names that it does not have.
TEST(confinement, a_file_has_one_name) {
  site const pages;
  pages.write("page.html", "page");
  pages.write("folder/inner.html", "inner");
  server s(pages.root());
  EXPECT_EQ(fetch(s, "/page.html").content, "page");
  for (char const* target : {"/PAGE.html",
                             "/page.HTML",
                             "/Page.html",
                             "/FOLDER/inner.html",
                             "/folder/Inner.html",
                             "/FOLDER",
                             "/PAGE~DPA.HTM",
                             "/PAGE~1.HTM",
                             "/page.html.",
                             "/page.html%2e",
                             "/page.html%20",
                             "/page.html%20.",
                             "/page.html::$DATA",
                             "/page.html%3a%3a$DATA",
                             "/page.html:stream",
                             "/folder::$INDEX_ALLOCATION/inner.html",
                             "/folder./inner.html",
                             "/folder%20/inner.html",
                             "/folder%5cinner.html",
                             "/%5cpage.html",
                             "/page%2ehtml%00",
                             "/page.*",
                             "/p%3cge.html",
                             "/%3f%3f%3f%3f.html",
                             "/nul",
                             "/NUL",
                             "/nul.html",
                             "/con",
                             "/CON.html",
                             "/com1",
                             "/COM%C2%B9",
                             "/lpt1.txt",
                             "/aux",
                             "/prn.html",
                             "/conin$",
                             "/folder/nul",
                             "/c:",
                             "/C:/page.html",
                             "/Z:/etc/passwd",
                             "/%5c%5c%3f%5cZ:%5cetc%5cpasswd",
                             "//localhost/c$/windows/win.ini",
                             "/%5c%5clocalhost%5cc$%5cwindows%5cwin.ini",
                             "/%EF%BC%B0age.html"}) {
    SCOPED_TRACE(target);
    response const r = fetch(s, target);
    expect_error_page(r, r.status == 400 ? 400 : 404);
  }
}

TEST(confinement, names_that_start_with_a_dot_are_not_found) {
  site const pages;
  for (char const* name :
       {".env", ".htaccess", ".git/config", "folder/.hidden", "folder/.hidden-folder/page.html",
        ".well-known/.hidden", "folder/.well-known/page.html"}) {
    pages.write(name, "hidden");
  }
  server s(pages.root());
  for (char const* target : {"/.env", "/%2eenv", "/%2Eenv", "/.htaccess", "/.git/config", "/.git/",
                             "/.git", "/folder/.hidden", "/folder/%2ehidden",
                             "/folder/.hidden-folder/page.html", "/folder/.hidden-folder",
                             "/.well-known/.hidden", "/folder/../.env", "//.env", "/.absent"}) {
    SCOPED_TRACE(target);
    expect_error_page(fetch(s, target), 404);
  }
}

TEST(confinement, well_known_names_are_served) {
  site const pages;
  pages.write(".well-known/security.txt", "Contact: a@example.com");
  pages.write(".well-known/acme-challenge/token", "token");
  server s(pages.root());
  EXPECT_EQ(fetch(s, "/.well-known/security.txt").content, "Contact: a@example.com");
  EXPECT_EQ(fetch(s, "/.well-known/acme-challenge/token").content, "token");
  EXPECT_EQ(fetch(s, "/.well-known").field("Location"), "/.well-known/");
}

TEST(confinement, what_is_no_regular_file_is_refused_at_once) {
  site const pages;
  pages.write("page.html", "page");
  pages.make_fifo("fifo");
  pages.make_fifo("folder/index.html");
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::string const path = (pages.root() / "socket").string();
  ASSERT_LT(path.size(), sizeof name.sun_path);
  std::memcpy(name.sun_path, path.c_str(), path.size() + 1);
  int const socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(::bind(socket, reinterpret_cast<sockaddr const*>(&name), sizeof name), 0);
  // A device, where the test may make one.
  bool const has_device =
      ::mknod((pages.root() / "zero").c_str(), S_IFCHR | 0666, makedev(1, 5)) == 0;
  server s(pages.root(), {"--workers", "1"});
  client other(s);
  for (std::string const target : {"/fifo", "/socket", "/folder/", "/zero"}) {
    SCOPED_TRACE(target);
    response const r = fetch(s, target);
    expect_error_page(r, r.status == 403 && (has_device || target != "/zero") ? 403 : 404);
    other.send(get("/page.html"));
    EXPECT_EQ(other.read().content, "page");
  }
  ::close(socket);
}

TEST(confinement, special_files_do_not_hang_many_clients_either) {
  site const pages;
  pages.write("page.html", "page");
  pages.make_fifo("fifo");
  server s(pages.root());
  std::vector<client> all;
  for (int i = 0; i != 64; ++i) {
    all.emplace_back(s).send(get("/fifo") + get("/page.html"));
  }
  for (client& c : all) {
    EXPECT_EQ(c.read().status, 403);
    EXPECT_EQ(c.read().content, "page");
  }
}

}  // namespace
}  // namespace quire::test
