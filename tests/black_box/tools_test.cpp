// Real programs against the server: curl as people use it, wrk as they measure it.
#include "tests/black_box/client.hpp"
#include "tests/black_box/site.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdio>

namespace quire::test {
namespace {

// What a command of the shell prints, errors included; a failure is a failure of the test.
std::string shell(std::string const& command, int exit_code = 0) {
  std::FILE* const pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("no shell");
  std::string output;
  std::array<char, 4096> chunk;
  while (std::size_t const n = std::fread(chunk.data(), 1, chunk.size(), pipe))
    output.append(chunk.data(), n);
  int const status = ::pclose(pipe);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == exit_code) << command << "\n" << output;
  return output;
}

bool holds(std::string const& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

class curl : public testing::Test {
 protected:
  curl() : server_(filled(pages_).root()) {}
  static site const& filled(site const& pages) {
    pages.write("index.html", "<p>index");
    pages.write("data.bin", pattern(300'000));
    pages.make_directory("folder");
    return pages;
  }
  std::string run(std::string const& options, std::string const& target, int exit_code = 0) {
    return shell("curl -sS --max-time 60 " + options + " '" + server_.url(target) + "'", exit_code);
  }

  site pages_;
  server server_;
};

TEST_F(curl, shows_head_and_content) {
  std::string const out = run("-i", "/");
  EXPECT_TRUE(out.starts_with("HTTP/1.1 200 OK\r\n")) << out;
  EXPECT_TRUE(out.ends_with("\r\n\r\n<p>index")) << out;
  EXPECT_TRUE(run("-I", "/data.bin").starts_with("HTTP/1.1 200 OK\r\n"));
  EXPECT_TRUE(run("", "/data.bin") == pattern(300'000));
}

TEST_F(curl, decodes_what_the_server_has_compressed) {
  std::string page;
  for (int i = 0; i != 2000; ++i) page += "<p>paragraph " + std::to_string(i * i) + "</p>\n";
  pages_.write("page.html", page);
  auto const begin = std::chrono::steady_clock::now();
  for (;;) {
    std::string const out = run("-i --compressed", "/page.html");
    EXPECT_TRUE(out.ends_with("\r\n\r\n" + page));
    EXPECT_TRUE(holds(out, "\r\nVary: Accept-Encoding\r\n"));
    if (holds(out, "\r\nContent-Encoding: ")) break;
    ASSERT_LT(std::chrono::steady_clock::now() - begin, patience);
  }
}

TEST_F(curl, fetches_ranges) {
  EXPECT_EQ(run("-r 0-9", "/data.bin"), pattern(10));
  EXPECT_EQ(run("-r -5", "/data.bin"), pattern(300'000).substr(299'995));
  EXPECT_EQ(run("-r 299990-", "/data.bin"), pattern(300'000).substr(299'990));
  EXPECT_TRUE(run("-i -r 999999-", "/data.bin").starts_with("HTTP/1.1 416 "));
}

TEST_F(curl, resumes_a_download) {
  std::string const file = pages_.beside("download").string();
  shell("head -c 100000 '" + (pages_.root() / "data.bin").string() + "' > '" + file + "'");
  run("-C - -o '" + file + "'", "/data.bin");
  shell("cmp '" + file + "' '" + (pages_.root() / "data.bin").string() + "'");
}

TEST_F(curl, asks_only_for_what_has_changed) {
  std::string const tags = pages_.beside("tags").string();
  EXPECT_EQ(run("--etag-save '" + tags + "'", "/"), "<p>index");
  EXPECT_TRUE(run("-i --etag-compare '" + tags + "'", "/").starts_with("HTTP/1.1 304 "));
  EXPECT_TRUE(run("-i -z 'Fri, 01 Jan 2100 00:00:00 GMT'", "/").starts_with("HTTP/1.1 304 "));
}

TEST_F(curl, understands_other_ways_to_ask) {
  EXPECT_EQ(run("--compressed", "/"), "<p>index");
  EXPECT_TRUE(run("-i --http1.0", "/").ends_with("<p>index"));
  EXPECT_TRUE(run("-i -d 'a=b'", "/").starts_with("HTTP/1.1 405 "));
  EXPECT_TRUE(run("-i -T '" + (pages_.root() / "data.bin").string() + "'", "/up")
                  .starts_with("HTTP/1.1 405 "));
  EXPECT_TRUE(holds(run("-i -X OPTIONS", "/"), "\r\nAllow: "));
  EXPECT_TRUE(holds(run("-L -i", "/folder"), "Location: /folder/\r\n"));
  EXPECT_EQ(run("-x " + server_.url("/"), "/"), "<p>index");  // The absolute form.
}

TEST_F(curl, keeps_its_connection_for_many_requests) {
  std::string const url = server_.url("/");
  std::string const out =
      shell("curl -sS -w ' %{num_connects}\\n' '" + url + "' '" + url + "' '" + url + "'");
  EXPECT_EQ(out, "<p>index 1\n<p>index 0\n<p>index 0\n");
}

TEST_F(curl, climbs_nowhere) {
  for (char const* target :
       {"/../secret.txt", "/%2e%2e/secret.txt", "/folder/../../secret.txt", "/..%2fsecret.txt",
        "/../../../../../../../../etc/passwd", "/.../../etc/passwd", "//etc/passwd",
        "/folder/%2e%2e%2f%2e%2e%2fsecret.txt", "/..%5c..%5cetc/passwd"}) {
    std::string const out = run("-i --path-as-is", target);
    EXPECT_TRUE(out.starts_with("HTTP/1.1 40")) << target << "\n" << out;
    EXPECT_FALSE(holds(out, "outside the root")) << target;
    EXPECT_FALSE(holds(out, "root:")) << target;
  }
}

// Two seconds of load: no error of a socket, no answer but 200. A slow machine is no error.
class wrk : public testing::Test {
 protected:
  void load(std::string const& target, std::string const& options = {}) {
    server s(pages_.root());
    std::string const out =
        shell("wrk -t1 -c32 -d2s --timeout 60s " + options + " '" + s.url(target) + "'");
    EXPECT_FALSE(holds(out, "Socket errors")) << out;
    EXPECT_FALSE(holds(out, "Non-2xx")) << out;
    EXPECT_TRUE(holds(out, "requests in ")) << out;
    EXPECT_FALSE(holds(out, " 0 requests in")) << out;
    RecordProperty("requests_per_second", out.substr(out.find("Requests/sec:")));
  }

  site pages_;
};

TEST_F(wrk, loads_a_small_file) {
  pages_.write("small.html", pattern(1024));
  load("/small.html");
}

TEST_F(wrk, loads_ten_kibibytes) {
  pages_.write("medium.js", pattern(10 * 1024));
  load("/medium.js");
}

TEST_F(wrk, loads_a_mebibyte) {
  pages_.write("large.bin", pattern(1024 * 1024));
  load("/large.bin");
}

TEST_F(wrk, loads_what_is_streamed) {
  pages_.write("larger.bin", pattern(4 * 1024 * 1024));
  load("/larger.bin");
}

TEST_F(wrk, loads_pipelined) {
  pages_.write("small.html", pattern(1024));
  load("/small.html", "-s " QUIRE_SOURCE_DIR "/tests/black_box/pipelined.lua");
}

}  // namespace
}  // namespace quire::test
