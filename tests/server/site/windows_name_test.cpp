#include <quire/server/site/windows_name.hpp>

#include <gtest/gtest.h>

using quire::server::is_hostile_on_windows;

namespace {

TEST(windows_name, refuses_names_that_windows_reads_as_something_else) {
  for (auto const* path :
       {"con",    "CON",     "a/nul",        "nul.txt",    "NUL.tar.gz",  "aux .html",
        "prn",    "com1",    "COM9.log",     "lpt0",       "com\xc2\xb9", "lpt\xc2\xb3.x",
        "conin$", "CONOUT$", "clock$",       "a/con/b",    "secret.txt.", "secret.txt ",
        "a./b",   "a /b",    "a.php::$DATA", "a:b",        "c:",          "c:/windows",
        "a\\b",   "..\\a",   "SECRET~1.TXT", "progra~1/a", "a*",          "a?",
        "\"a\"",  "a<b",     "a>b",          "a|b",        "..",          ".",
        "...",    "a/..",    "con .",        "nul  .txt"}) {
    EXPECT_TRUE(is_hostile_on_windows(path)) << path;
  }
}

TEST(windows_name, lets_ordinary_names_through) {
  for (auto const* path :
       {"",         "a",           "a/b/c.html", "console",       "nulls.txt", "com",
        "com10",    "comm1",       "lpt",        "aux2",          "a.con",     "~",
        "a~b",      "~a1",         "a/",         ".well-known/x", "a b/c d",   "(1)",
        "\xc3\xbc", "com\xc2\xb4", "xcon",       "con-x.txt",     "a.b.c"}) {
    EXPECT_FALSE(is_hostile_on_windows(path)) << path;
  }
}

}  // namespace
