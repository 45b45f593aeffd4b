#include <quire/server/site/request_path.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace quire::server;

namespace {

char const* const verdicts[] = {"ok",           "malformed", "above the root",
                                "no such name", "hidden",    "too long"};

// The path with "ok:" before it, or the verdict.
std::string resolved(std::string_view target, std::size_t room = 1000) {
  std::string memory(room, '?');
  auto const got = resolve_request_path(target, memory);
  if (got.verdict != path_verdict::ok) return verdicts[static_cast<int>(got.verdict)];
  return "ok:" + std::string(got.path);
}

// What makes it safe to append a path to the root.
bool stays_below_the_root(std::string_view path) {
  std::string segment;
  for (std::size_t i = 0; i <= path.size(); ++i) {
    if (i != path.size() && path[i] != '/') {
      auto const octet = static_cast<unsigned char>(path[i]);
      if (octet < 0x20 || octet == 0x7f || path[i] == '\\') return false;
      segment += path[i];
      continue;
    }
    if (segment == "." || segment == "..") return false;
    if (segment.empty() && i != path.size()) return false;
    segment.clear();
  }
  return true;
}

TEST(request_path, resolves_ordinary_targets) {
  EXPECT_EQ(resolved("/"), "ok:");
  EXPECT_EQ(resolved("/index.html"), "ok:index.html");
  EXPECT_EQ(resolved("/a/b/c.html"), "ok:a/b/c.html");
  EXPECT_EQ(resolved("/a/b/"), "ok:a/b/");
  EXPECT_EQ(resolved("/a%20b/%C3%BC+~"), "ok:a b/\xc3\xbc+~");
  EXPECT_EQ(resolved("/a?b"), "ok:a");
  EXPECT_EQ(resolved("/a%3fb"), "ok:a?b");
  EXPECT_EQ(resolved("/a%23b"), "ok:a#b");
  EXPECT_EQ(resolved("/a:b"), "ok:a:b");
  EXPECT_EQ(resolved("/a%25b"), "ok:a%b");
  EXPECT_EQ(resolved("http://a.example/b"), "ok:b");
  EXPECT_EQ(resolved("http://a.example"), "ok:");
  EXPECT_EQ(resolved("https://a.example:443?q"), "ok:");
}

TEST(request_path, resolves_dot_segments_and_empty_segments) {
  EXPECT_EQ(resolved("/./a"), "ok:a");
  EXPECT_EQ(resolved("/a/."), "ok:a/");
  EXPECT_EQ(resolved("/a/./"), "ok:a/");
  EXPECT_EQ(resolved("/a/../b"), "ok:b");
  EXPECT_EQ(resolved("/a/b/.."), "ok:a/");
  EXPECT_EQ(resolved("/a/b/../"), "ok:a/");
  EXPECT_EQ(resolved("/a/b/../.."), "ok:");
  EXPECT_EQ(resolved("/a/%2e%2E/b"), "ok:b");
  EXPECT_EQ(resolved("/a/.%2e/b"), "ok:b");
  EXPECT_EQ(resolved("//a"), "ok:a");
  EXPECT_EQ(resolved("///"), "ok:");
  EXPECT_EQ(resolved("/a//b///c//"), "ok:a/b/c/");
  EXPECT_EQ(resolved("/a//../b"), "ok:b");
}

TEST(request_path, does_not_look_beyond_the_target) {
  std::string_view const text = "/%41";
  EXPECT_EQ(resolved(text.substr(0, 3)), "malformed");
  EXPECT_EQ(resolved(text.substr(0, 2)), "malformed");
}

TEST(request_path, decodes_once) {
  EXPECT_EQ(resolved("/%252e%252e/a"), "ok:%2e%2e/a");
  EXPECT_EQ(resolved("/%2500"), "ok:%00");
  EXPECT_EQ(resolved("/%255c"), "ok:%5c");
}

TEST(request_path, knows_directories_and_queries) {
  char memory[100];
  EXPECT_TRUE(resolve_request_path("/", memory).is_directory());
  EXPECT_TRUE(resolve_request_path("/a/", memory).is_directory());
  EXPECT_TRUE(resolve_request_path("/a/b/..", memory).is_directory());
  EXPECT_FALSE(resolve_request_path("/a", memory).is_directory());
  EXPECT_FALSE(resolve_request_path("/a?/", memory).is_directory());
  EXPECT_EQ(resolve_request_path("/a?b=/../c", memory).query, "b=/../c");
  EXPECT_TRUE(resolve_request_path("/a?", memory).has_query);
  EXPECT_FALSE(resolve_request_path("/a", memory).has_query);
}

TEST(request_path, hides_names_that_start_with_a_dot) {
  for (auto const* target :
       {"/.git", "/.git/config", "/a/.env", "/.env", "/a/.b/c", "/.htaccess", "/%2egit/config",
        "/...", "/..a", "/.well-known/.secret", "/a/.well-known/x", "/.well-knownx",
        "/.Well-Known/x", "/x/../.git", "/.DS_Store", "/.a/", "//.git", "/.%2fgit"}) {
    auto const got = resolved(target);
    EXPECT_TRUE(got == "hidden" || got == "no such name") << target << " " << got;
  }
  EXPECT_EQ(resolved("/.well-known/acme-challenge/x"), "ok:.well-known/acme-challenge/x");
  EXPECT_EQ(resolved("/.well-known"), "ok:.well-known");
  EXPECT_EQ(resolved("/.well-known/"), "ok:.well-known/");
  EXPECT_EQ(resolved("/a/../.well-known/x"), "ok:.well-known/x");
  EXPECT_EQ(resolved("/a.b/c."), "ok:a.b/c.");
}

TEST(request_path, bounds_the_decoded_path) {
  EXPECT_EQ(resolved("/abc", 3), "ok:abc");
  EXPECT_EQ(resolved("/abcd", 3), "too long");
  EXPECT_EQ(resolved("/ab/", 3), "ok:ab/");
  EXPECT_EQ(resolved("/abc/", 3), "too long");
  EXPECT_EQ(resolved("/%61%62%63", 3), "ok:abc");
  EXPECT_EQ(resolved("/", 0), "ok:");
  EXPECT_EQ(resolved("/a/../b/../c", 3), "too long");
  EXPECT_EQ(resolved("/a/../b/../c", 4), "ok:c");
  EXPECT_EQ(resolved("/" + std::string(100000, 'a')), "too long");
}

TEST(request_path, refuses_what_is_no_target_of_a_file) {
  using namespace std::string_view_literals;
  for (auto const target : {""sv,
                            "*"sv,
                            "a"sv,
                            "a.example:443"sv,
                            "a/../b"sv,
                            "/%"sv,
                            "/%4"sv,
                            "/%zz"sv,
                            "/%%30"sv,
                            "/a%00"sv,
                            "/%00"sv,
                            "/a%0a"sv,
                            "/%0d%0aX:y"sv,
                            "/%7f"sv,
                            "/%1b"sv,
                            "/%09"sv,
                            "/a\0b"sv,
                            "/a b"sv,
                            "/a\r\n"sv,
                            "/a#b"sv,
                            "/a\\b"sv,
                            "\\a"sv,
                            "/%u002e"sv,
                            "/\x7f"sv,
                            "http://user@a/"sv,
                            "http:///etc/passwd"sv,
                            "file:///etc/passwd"sv}) {
    EXPECT_EQ(resolved(target), "malformed") << target;
  }
}

// Spellings of the way to /etc/passwd. None may resolve to a path that leaves the root, and none to
// a path that a file system would read as one.
constexpr char const* hostile_targets[] = {
    "/..",
    "/../",
    "/../..",
    "/../../",
    "/../etc/passwd",
    "/../../../../../../etc/passwd",
    "/a/../../etc/passwd",
    "/a/b/../../../etc/passwd",
    "/./../etc/passwd",
    "/.././etc/passwd",
    "//../etc/passwd",
    "/..//etc/passwd",
    "/a//../../etc/passwd",
    "/a/..//../etc/passwd",
    "/%2e%2e/etc/passwd",
    "/%2E%2E/etc/passwd",
    "/%2e./etc/passwd",
    "/.%2e/etc/passwd",
    "/%2e%2e%2fetc%2fpasswd",
    "/%2e%2e%2Fetc/passwd",
    "/..%2fetc/passwd",
    "/..%2Fetc%2Fpasswd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/a/%2e%2e/%2e%2e/etc/passwd",
    "/%2e/%2e%2e/etc/passwd",
    "/..%5cetc%5cpasswd",
    "/..%5Cetc",
    "/%5c..%5cetc",
    "/%2e%2e%5cetc",
    "/%2e%2e%5c%2e%2e%5cetc",
    "/..\\etc\\passwd",
    "/\\..\\etc",
    "\\..\\etc",
    "/a\\..\\..\\etc",
    "/..\\/etc",
    "/\\../etc",
    "/%252e%252e/etc/passwd",
    "/%252e%252e%252fetc",
    "/%25252e%25252e/etc",
    "/..%252fetc/passwd",
    "/..%255cetc",
    "/%c0%ae%c0%ae/etc/passwd",
    "/%c0%2e%c0%2e/etc",
    "/..%c0%afetc/passwd",
    "/..%c1%9cetc",
    "/%e0%80%ae%e0%80%ae/etc",
    "/%f0%80%80%ae%f0%80%80%ae/etc",
    "/%c0%ae./etc",
    "/\xc0\xae\xc0\xae/etc/passwd",
    "/..\xc0\xaf/etc",
    "/%uff0e%uff0e/etc",
    "/%u002e%u002e/etc",
    "/%ef%bc%8e%ef%bc%8e/etc",
    "/..%ef%bc%8fetc",
    "/%e2%80%a5/etc",
    "/%e2%80%ae../etc",
    "/...",
    "/.../etc",
    "/....//etc",
    "/..../etc",
    "/....\\etc",
    "/.../.../etc",
    "/..;/etc/passwd",
    "/a/..;/..;/etc",
    "/..%3b/etc",
    "/..%00/etc/passwd",
    "/%00../etc",
    "/../etc/passwd%00.html",
    "/etc/passwd%00",
    "/a%00/../../etc",
    "/..%0d/etc",
    "/..%0a/etc",
    "/..%0d%0a/etc",
    "/..%09/etc",
    "/..%20/etc",
    "/%20../etc",
    "/.. /etc",
    "/..%ff/etc",
    "/..%7f/etc",
    "/..%/etc",
    "/..%2/etc",
    "/%2%65/etc",
    "/%2e%2/etc",
    "/%%32%65%%32%65/etc",
    "/%%32e%%32e/etc",
    "/..?/../etc",
    "/?/../../etc/passwd",
    "/a?x=/../../etc",
    "/..#/etc",
    "/#/../etc",
    "/a/../..",
    "/a/../../",
    "/a/b/c/../../../..",
    "/a/./b/../../..",
    "/a/./../..",
    "/././..",
    "/./././../",
    "/.//..",
    "/.//../etc",
    "//..",
    "///../",
    "//a/../../etc",
    "/a//..//..//etc",
    "/a/%2e/../%2e%2e/etc",
    "/~/etc/passwd",
    "/~root",
    "/c:/windows/win.ini",
    "/c:%5cwindows",
    "/c%3a/windows",
    "/..c:/",
    "//server/share",
    "/%5c%5cserver%5cshare",
    "/\\\\server\\share",
    "/%2f%2fetc/passwd",
    "/%2fetc/passwd",
    "/%2F..%2Fetc",
    "/a%2f..%2f..%2fetc",
    "/a/%2f../../etc",
    "/%2f/../../etc",
    "http://a/../etc/passwd",
    "http://a/../../etc",
    "http://a/%2e%2e/etc",
    "http://a/..%2fetc",
    "http://../etc",
    "http:///../etc",
    "http://a\\..\\etc",
    "http://a?/../etc",
    "/http://a/../../..",
    "file:///etc/passwd",
    "file://localhost/etc/passwd",
    "/file:///etc/passwd",
    "../etc/passwd",
    "..",
    ".",
    "./..",
    "../",
    "..%2f",
    "%2e%2e/etc",
    "etc/passwd",
    "*/../etc",
    "a/../../etc",
    "/.git/../../etc",
    "/.well-known/../../etc",
    "/.well-known/../..",
    "/.well-known/%2e%2e/../etc",
    "/NUL",
    "/CON",
    "/a/aux.txt",
    "/a::$DATA",
    "/a%3a%3a$DATA",
    "/proc/self/environ/../../..",
};

TEST(request_path, never_leaves_the_root_by_any_known_spelling) {
  EXPECT_GE(std::size(hostile_targets), 100u);
  for (std::string_view const target : hostile_targets) {
    char memory[300];
    auto const got = resolve_request_path(target, memory);
    if (got.verdict != path_verdict::ok) continue;
    EXPECT_TRUE(stays_below_the_root(got.path)) << target << " became " << got.path;
  }
}

TEST(request_path, refuses_the_spellings_that_climb) {
  for (auto const* target :
       {"/..", "/../", "/../etc", "/a/../..", "/a/../../b", "/%2e%2e/etc", "/.%2E", "/./..", "//..",
        "/a//../..", "/a/b/../../../c", "/.well-known/../..", "http://a/../b", "/..//..//"}) {
    EXPECT_EQ(resolved(target), "above the root") << target;
  }
  for (auto const* target : {"/a%2fb", "/%2f", "/..%2f..", "/a%5cb", "/%5c..", "/%2F%2f"}) {
    EXPECT_EQ(resolved(target), "no such name") << target;
  }
}

// A slow reading of the same rules: split, decode each segment, keep a list of names.
std::string slow_resolved(std::string target) {
  target = target.substr(0, target.find('?'));
  std::vector<std::string> raw(1), names;
  if (target.empty() || target[0] != '/' || target.find_first_of("# ") != std::string::npos) {
    return "malformed";
  }
  for (char const c : target.substr(1)) {
    if (c == '/')
      raw.emplace_back();
    else
      raw.back() += c;
  }
  bool directory = true;
  for (auto const& segment : raw) {
    std::string name;
    for (std::size_t i = 0; i < segment.size(); ++i) {
      bool const encoded = segment[i] == '%';
      if (encoded) {
        auto const two = segment.substr(i + 1, 2);
        if (two.size() != 2 ||
            two.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) {
          return "malformed";
        }
        name += static_cast<char>(std::stoi(two, nullptr, 16));
        i += 2;
      } else {
        name += segment[i];
      }
      char const c = name.back();
      if (c == '\0' || (c == '\\' && !encoded)) return "malformed";
      if (c == '/' || c == '\\') return "no such name";
    }
    directory = name.empty() || name == "." || name == "..";
    if (name == "..") {
      if (names.empty()) return "above the root";
      names.pop_back();
    } else if (!directory) {
      names.push_back(name);
    }
  }
  std::string out = "ok:";
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i][0] == '.') return "hidden";
    out += names[i];
    if (i + 1 < names.size() || directory) out += "/";
  }
  return out;
}

// All targets of up to six pieces of what paths are attacked with.
TEST(request_path, agrees_with_a_slow_reading_on_all_short_targets) {
  std::string_view const pieces[] = {"/", ".", "a", "%2e", "%2F", "\\", "%5c", "%00", "%", "?"};
  std::vector<std::size_t> digits;
  std::string target;
  char memory[100];
  for (std::size_t size = 0; size <= 6; ++size) {
    digits.assign(size, 0);
    for (bool more = true; more;) {
      target = "/";
      for (auto const digit : digits) target += pieces[digit];
      auto const got = resolve_request_path(target, memory);
      std::string const text = got.verdict == path_verdict::ok
                                   ? "ok:" + std::string(got.path)
                                   : verdicts[static_cast<int>(got.verdict)];
      ASSERT_EQ(text, slow_resolved(target)) << target;
      ASSERT_TRUE(got.verdict != path_verdict::ok || stays_below_the_root(got.path)) << target;
      more = false;
      for (auto& digit : digits) {
        digit = (digit + 1) % std::size(pieces);
        if (digit != 0) {
          more = true;
          break;
        }
      }
    }
  }
}

}  // namespace
