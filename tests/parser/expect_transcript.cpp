#include "tests/parser/every_way.hpp"

#include <gtest/gtest.h>
#include <string>

namespace quire::http::test {

void expect_transcript(std::string_view text, std::string_view wanted, reading const& how) {
  EXPECT_EQ(to_string(run_core(text, how, {})), wanted) << printable(text);
  EXPECT_EQ(first_difference(text, how), "") << printable(text);
}

void expect_verdict(std::string_view text, std::string_view wanted, reading const& how) {
  std::string const all = to_string(run_core(text, how, {}));
  std::string const without_end = all.substr(0, all.size() - 1);
  EXPECT_EQ(without_end.substr(without_end.rfind('\n') + 1), wanted) << printable(text) << '\n'
                                                                     << all;
  EXPECT_EQ(first_difference(text, how), "") << printable(text);
}

}  // namespace quire::http::test
