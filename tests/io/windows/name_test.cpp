#include <quire/io/windows/name.hpp>

#include <gtest/gtest.h>

#include <string_view>

using quire::io::nt::is_hostile_name;

namespace {

TEST(windows_name, refuses_names_that_windows_reads_as_something_else) {
  for (auto const* name : {"con",
                           "CON",
                           "nul",
                           "nul.txt",
                           "NUL.tar.gz",
                           "aux .html",
                           "prn",
                           "com1",
                           "COM9.log",
                           "lpt0",
                           "com\xc2\xb9",
                           "lpt\xc2\xb3.x",
                           "LPT\xc2\xb2",
                           "conin$",
                           "CONOUT$",
                           "clock$",
                           "secret.txt.",
                           "secret.txt ",
                           "a.php::$DATA",
                           "a::$INDEX_ALLOCATION",
                           "a:b",
                           "c:",
                           "a\\b",
                           "..\\a",
                           "\\\\host",
                           "SECRET~1.TXT",
                           "progra~1",
                           "a*",
                           "a?",
                           "\"a\"",
                           "a<b",
                           "a>b",
                           "a|b",
                           "..",
                           ".",
                           "...",
                           "con .",
                           "nul  .txt",
                           "",
                           "a/b",
                           "a\x01"
                           "b",
                           "a\n",
                           "a\x1f"}) {
    EXPECT_TRUE(is_hostile_name(name)) << name;
  }
  EXPECT_TRUE(is_hostile_name(std::string_view("a\0b", 3)));
}

TEST(windows_name, lets_ordinary_names_through) {
  for (auto const* name :
       {"a",     "c.html",      "console", "nulls.txt", "com",         "com10",
        "comm1", "lpt",         "aux2",    "a.con",     "~",           "a~b",
        "~a1",   ".well-known", "b c",     "(1)",       "\xc3\xbc",    "com\xc2\xb4",
        "xcon",  "con-x.txt",   "a.b.c",   "co",        "\xef\xbc\x8e"}) {
    EXPECT_FALSE(is_hostile_name(name)) << name;
  }
}

}  // namespace
