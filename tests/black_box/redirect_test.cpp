// From a directory to its slash: RFC 9110, section 15.4. The Location is a path of this site,
// whatever was asked for.
#include "tests/black_box/client.hpp"
#include "tests/black_box/site.hpp"

#include <gtest/gtest.h>

namespace quire::test {
namespace {

std::string location(response const& r) {
  expect_error_page(r, 301);
  return r.field("Location").value_or("none");
}

TEST(redirect, leads_to_the_slash) {
  site const pages;
  pages.write("docs/index.html", "docs");
  pages.make_directory("empty");
  server s(pages.root());
  EXPECT_EQ(location(fetch(s, "/docs")), "/docs/");
  EXPECT_EQ(location(fetch(s, "/empty")), "/empty/");
  EXPECT_EQ(location(fetch(s, "http://other.example/docs")), "/docs/");
  response const r = ask(s, request("HEAD", "/docs"));
  EXPECT_EQ(r.field("Location"), "/docs/");
  EXPECT_EQ(r.content, "");
}

TEST(redirect, keeps_the_query_as_it_was_sent) {
  site const pages;
  pages.make_directory("docs");
  server s(pages.root());
  EXPECT_EQ(location(fetch(s, "/docs?")), "/docs/?");
  EXPECT_EQ(location(fetch(s, "/docs?a=b&c=%20d")), "/docs/?a=b&c=%20d");
  EXPECT_EQ(location(fetch(s, "/docs?a=%0d%0aSet-Cookie:%20x=y")),
            "/docs/?a=%0d%0aSet-Cookie:%20x=y");
  EXPECT_EQ(location(fetch(s, "/docs?to=//evil.example/?x")), "/docs/?to=//evil.example/?x");
}

TEST(redirect, escapes_what_stands_in_its_page) {
  site const pages;
  pages.make_directory("docs");
  server s(pages.root());
  response const r = fetch(s, "/docs?a=1&b='2'");
  EXPECT_EQ(location(r), "/docs/?a=1&b='2'");
  EXPECT_NE(r.content.find("a=1&amp;b="), std::string::npos) << r.content;
  EXPECT_EQ(r.content.find("'2'"), std::string::npos) << r.content;
}

TEST(redirect, escapes_the_path) {
  site const pages;
  for (char const* name : {"with space", "100%", "a#b", "Grüße", "a+b", "a;b=c,d"}) {
    pages.make_directory(name);
  }
  server s(pages.root());
  EXPECT_EQ(location(fetch(s, "/with%20space")), "/with%20space/");
  EXPECT_EQ(location(fetch(s, "/100%25")), "/100%25/");
  EXPECT_EQ(location(fetch(s, "/a%23b")), "/a%23b/");
  EXPECT_EQ(location(fetch(s, "/Gr%C3%BC%C3%9Fe")), "/Gr%C3%BC%C3%9Fe/");
  for (char const* target : {"/a+b", "/a;b=c,d"}) {
    response const r = fetch(s, location(fetch(s, target)));
    EXPECT_EQ(r.status, 404) << target;  // It leads there, and not on.
  }
}

TEST(redirect, escapes_what_only_posix_allows) {
  site const pages;
  for (char const* name : {"a?b", "<b>", "\"'"}) pages.make_directory(name);
  server s(pages.root());
  EXPECT_EQ(location(fetch(s, "/a%3fb")), "/a%3Fb/");
  EXPECT_EQ(location(fetch(s, "/%3Cb%3E")), "/%3Cb%3E/");
  response const r = fetch(s, location(fetch(s, "/%22'")));
  EXPECT_EQ(r.status, 404);
}

TEST(redirect, never_leads_to_another_host) {
  site const pages;
  pages.make_directory("evil.example");
  pages.make_directory("evil.example/docs");
  pages.make_directory("\\evil.example");
  server s(pages.root());
  for (std::string const target :
       {"//evil.example", "///evil.example", "//evil.example/docs", "/.//evil.example",
        "/%2e//evil.example", "/a/..//evil.example", "/%2Fevil.example", "/%2f%2fevil.example",
        "/\\evil.example", "/%5cevil.example", "/%5C%5Cevil.example", "//%5cevil.example",
        "/;//evil.example", "/\tevil.example", "/%09/evil.example",
        "/%0d%0aLocation:%20//evil.example", "//evil.example/%2e%2e", "//evil.example/..",
        "//evil.example?q"}) {
    response const r = fetch(s, target);
    auto const to = r.field("Location");
    if (!to) {
      EXPECT_TRUE(r.status == 400 || r.status == 404 || r.status == 403)
          << target << " " << r.status;
      continue;
    }
    EXPECT_EQ(r.status, 301) << target;
    ASSERT_GE(to->size(), 2U) << target;
    EXPECT_EQ((*to)[0], '/') << target << " → " << *to;
    EXPECT_NE((*to)[1], '/') << target << " → " << *to;
    EXPECT_EQ(to->find('\\'), std::string::npos) << target << " → " << *to;
  }
}

TEST(redirect, does_not_lead_from_a_file_to_a_slash) {
  site const pages;
  pages.write("file.txt", "x");
  server s(pages.root());
  expect_error_page(fetch(s, "/file.txt/"), 404);
  expect_error_page(fetch(s, "/file.txt/more"), 404);
}

TEST(redirect, of_a_long_path_stays_within_bounds) {
  site const pages;
  std::string name;
  std::string target;
  for (int i = 0; i != 12; ++i) {  // Each octet of the name takes three in the Location.
    name += (i == 0 ? "" : "/") + std::string(120, ' ');
    target += "/";
    for (int k = 0; k != 120; ++k) target += "%20";
  }
  pages.make_directory(name);
  server s(pages.root(), {"--request-line-max", "16384"});
  response const r = fetch(s, target);
  if (r.status == 414) return expect_error_page(r, 414);
  EXPECT_EQ(r.field("Location"), target + "/");
}

}  // namespace
}  // namespace quire::test
