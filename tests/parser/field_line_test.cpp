#include "tests/parser/every_way.hpp"

#include <gtest/gtest.h>
#include <string>

namespace quire::http::test {
namespace {

std::string const request_line = "GET / HTTP/1.0\r\n";  // 16 octets; HTTP/1.0 needs no Host.

TEST(field_line, trims_white_space_around_a_value) {
  expect_transcript(request_line + "A:  b c\t \r\nB:\r\nC: \t\r\nD:e\r\n\r\n",
                    "method GET @0\n"
                    "target / @4\n"
                    "version HTTP/1.0 @6\n"
                    "field-name A @16\n"
                    "field-value b c @20\n"
                    "field-name B @27\n"
                    "field-value @29\n"
                    "field-name C @31\n"
                    "field-value @35\n"
                    "field-name D @37\n"
                    "field-value e @39\n"
                    "fields-end @44\n"
                    "end @44\n"
                    "needs more\n");
}

TEST(field_line, takes_tabs_and_obs_text_in_a_value) {
  expect_verdict(request_line + "A: b\tc\x80\xff!~\r\n\r\n", "needs more");
}

TEST(field_line, refuses_control_characters_in_a_value) {
  for (int c = 0; c < 0x20; ++c) {
    if (c == '\t' || c == '\r' || c == '\n') continue;
    std::string text = request_line + "A: b?c\r\n\r\n";
    text[20] = static_cast<char>(c);
    expect_verdict(text, "error bad-field-value @20 in field-value");
  }
  expect_verdict(request_line + "A: b\x7f\r\n\r\n", "error bad-field-value @20 in field-value");
  expect_verdict(request_line + "A: \x01\r\n\r\n", "error bad-field-value @19 in field-value");
}

TEST(field_line, refuses_bare_line_ends) {
  expect_verdict(request_line + "A: b\nC: d\r\n\r\n", "error bare-lf @20 in field-value");
  expect_verdict(request_line + "A: b\rC: d\r\n\r\n", "error bare-cr @20 in field-value");
  expect_verdict(request_line + "A: b\r\r\n\r\n", "error bare-cr @20 in field-value");
  expect_verdict(request_line + "A: b\r\n\n", "error bare-lf @22 in fields-end");
  expect_verdict(request_line + "A: b\r\n\rX", "error bare-cr @22 in fields-end");
}

TEST(field_line, refuses_a_malformed_name) {
  expect_verdict(request_line + " A: b\r\n\r\n", "error leading-white-space @16 in field-name");
  expect_verdict(request_line + "\tA: b\r\n\r\n", "error leading-white-space @16 in field-name");
  expect_verdict(request_line + "A: b\r\n c\r\n\r\n", "error obs-fold @22 in field-name");
  expect_verdict(request_line + ": b\r\n\r\n", "error empty-field-name @16 in field-name");
  expect_verdict(request_line + "A : b\r\n\r\n",
                 "error white-space-before-colon @17 in field-name");
  expect_verdict(request_line + "A\t: b\r\n\r\n",
                 "error white-space-before-colon @17 in field-name");
  expect_verdict(request_line + "A\r\n\r\n", "error missing-colon @17 in field-name");
  expect_verdict(request_line + "A\n", "error missing-colon @17 in field-name");
  expect_verdict(request_line + "A(: b\r\n\r\n", "error bad-field-name @17 in field-name");
  expect_verdict(request_line + "A\x80: b\r\n\r\n", "error bad-field-name @17 in field-name");
  expect_verdict(request_line + std::string("A\0: b\r\n\r\n", 9),
                 "error bad-field-name @17 in field-name");
}

TEST(field_line, folds_in_responses_where_that_is_tolerated) {
  reading how{.response = response_to{}};
  how.lenient.obs_fold = true;
  expect_transcript("HTTP/1.0 304 X\r\nA: b\r\n  c \r\n\td\r\nE: \r\n f\r\nG:\r\n \r\n\r\n",
                    "version HTTP/1.0 @0\n"
                    "status 304 @9\n"
                    "reason X @13\n"
                    "field-name A @16\n"
                    "field-value b\\r\\n  c \\r\\n\\td @19\n"
                    "field-name E @32\n"
                    "field-value f @38\n"
                    "field-name G @41\n"
                    "field-value @46\n"
                    "fields-end @50\n"
                    "end @50\n"
                    "needs more\n",
                    how);
  reading request;
  request.lenient.obs_fold = true;
  expect_verdict(request_line + "A: b\r\n c\r\n\r\n", "error obs-fold @22 in field-name", request);
}

TEST(field_line, takes_white_space_before_the_colon_where_that_is_tolerated) {
  reading how{.response = response_to{}};
  how.lenient.white_space_before_colon = true;
  expect_transcript("HTTP/1.1 304 X\r\nA \t: b\r\n\r\n",
                    "version HTTP/1.1 @0\n"
                    "status 304 @9\n"
                    "reason X @13\n"
                    "field-name A @16\n"
                    "field-value b @21\n"
                    "fields-end @26\n"
                    "end @26\n"
                    "needs more\n",
                    how);
  expect_verdict("HTTP/1.1 304 X\r\nA b: c\r\n\r\n", "error bad-field-name @18 in field-name", how);
  reading request;
  request.lenient.white_space_before_colon = true;
  expect_verdict(request_line + "A : b\r\n\r\n", "error white-space-before-colon @17 in field-name",
                 request);
}

TEST(field_line, finds_names_and_values_longer_than_a_window) {
  for (std::size_t const size : {1u, 63u, 64u, 65u, 500u, 511u, 512u, 513u, 1200u}) {
    reading how;
    how.limit = limits::wide();
    std::string const name(size, 'n');
    std::string const value(size, 'v');
    std::string const text = request_line + name + ": " + value + "\r\nB:" + value + " \r\n\r\n";
    transcript const t = run_core(text, how, {});
    ASSERT_EQ(t.elements.size(), 9u) << to_string(t);
    EXPECT_EQ(t.elements[3].text, name);
    EXPECT_EQ(t.elements[4].text, value);
    EXPECT_EQ(t.elements[6].text, value);
    if (size > 600) continue;  // Every way costs the square of the size.
    EXPECT_EQ(first_difference(text, how), "");
  }
}

}  // namespace
}  // namespace quire::http::test
