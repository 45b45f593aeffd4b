// Each limit: what just fits, and one octet or line more.
#include "tests/parser/every_way.hpp"

#include <gtest/gtest.h>
#include <string>

namespace quire::http::test {
namespace {

std::string const end_of_request = " HTTP/1.0\r\n\r\n";

TEST(limits, bound_the_empty_lines) {
  reading how;
  how.limit.empty_lines_max = 2;
  expect_verdict("\r\n\r\nGET /" + end_of_request, "needs more", how);
  expect_verdict("\r\n\r\n\r\nGET /" + end_of_request, "error too-many-empty-lines @4 in method",
                 how);
  how.limit.empty_lines_max = 0;
  expect_verdict("\r\nGET /" + end_of_request, "error too-many-empty-lines @0 in method", how);
}

TEST(limits, bound_the_method) {
  reading how;
  how.limit.method_length_max = 4;
  expect_verdict("HEAD /" + end_of_request, "needs more", how);
  expect_verdict("PATCH /" + end_of_request, "error method-too-long @4 in method", how);
}

TEST(limits, bound_the_target) {
  reading how;
  how.limit.target_length_max = 12;
  expect_verdict("GET /34567890%20" + end_of_request, "needs more", how);
  expect_verdict("GET /345678901%20" + end_of_request, "error target-too-long @16 in target", how);
  expect_verdict("GET /345678901234#" + end_of_request, "error target-too-long @16 in target", how);
}

TEST(limits, bound_the_request_line) {
  reading how;
  how.limit.request_line_length_max = 16;
  expect_verdict("GET /23" + end_of_request, "needs more", how);
  expect_verdict("GET /234" + end_of_request, "error request-line-too-long @9 in version", how);
  expect_verdict("GET /2345678901234" + end_of_request, "error request-line-too-long @16 in target",
                 how);
}

TEST(limits, bound_the_reason) {
  reading how{.response = response_to{}};
  how.limit.reason_length_max = 5;
  expect_verdict("HTTP/1.1 304 12345\r\n\r\n", "needs more", how);
  expect_verdict("HTTP/1.1 304 123456\r\n\r\n", "error reason-too-long @18 in reason", how);
}

// The first field line starts at 16.
std::string request(std::string const& fields) {
  return "GET / HTTP/1.0\r\n" + fields + "\r\n";
}

TEST(limits, bound_the_field_name) {
  reading how;
  how.limit.field_name_length_max = 3;
  expect_verdict(request("Abc: d\r\n"), "needs more", how);
  expect_verdict(request("Abcd: e\r\n"), "error field-name-too-long @19 in field-name", how);
}

TEST(limits, bound_the_field_line) {
  reading how;
  how.limit.field_line_length_max = 8;
  expect_verdict(request("A: bcde \r\nB:345678\r\nC:    89\r\n"), "needs more", how);
  expect_verdict(request("A: bcde  \r\n"), "error field-line-too-long @24 in field-value", how);
  expect_verdict(request("A:3456789\r\n"), "error field-line-too-long @24 in field-value", how);
  expect_verdict(request("A:       \r\n"), "error field-line-too-long @24 in field-value", how);
}

TEST(limits, bound_a_field_line_by_its_name_alone) {
  reading how;
  how.limit.field_line_length_max = 4;
  expect_verdict(request("Abcd:\r\n"), "needs more", how);
  expect_verdict(request("Abcd: \r\n"), "error field-line-too-long @21 in field-value", how);
  expect_verdict(request("Abcde:\r\n"), "error field-line-too-long @20 in field-name", how);
  how.limit.field_section_length_max = 3;
  expect_verdict(request("Abcd:\r\n"), "error field-section-too-large @19 in field-name", how);
}

TEST(limits, bound_the_number_of_fields) {
  reading how;
  how.limit.field_count_max = 2;
  expect_verdict(request("A:b\r\nC:d\r\n"), "needs more", how);
  expect_verdict(request("A:b\r\nC:d\r\nE:f\r\n"), "error too-many-fields @26 in field-name", how);
}

TEST(limits, bound_the_field_section) {
  reading how;
  how.limit.field_section_length_max = 10;
  expect_verdict(request("A:b\r\nC:efg\r\n"), "needs more", how);
  expect_verdict(request("A:b\r\nC:efgh\r\n"), "error field-section-too-large @26 in field-value",
                 how);
}

TEST(limits, bound_the_content) {
  reading how;
  how.limit.content_length_max = 20;
  std::string const head = "POST / HTTP/1.1\r\nHost:\r\n";
  expect_verdict(head + "Content-Length: 20\r\n\r\n", "needs more", how);
  expect_verdict(head + "Content-Length: 21\r\n\r\n", "error content-too-large @41 in field-value",
                 how);
  std::string const chunks = head + "Transfer-Encoding: chunked\r\n\r\n9\r\n123456789\r\n";
  expect_verdict(chunks + "b\r\n12345678901\r\n0\r\n\r\n", "needs more", how);
  expect_verdict(chunks + "c\r\n123456789012\r\n0\r\n\r\n",
                 "error content-too-large @68 in content", how);
  reading response{.response = response_to{}};
  response.limit.content_length_max = 3;
  expect_verdict("HTTP/1.1 200 \r\n\r\nabc", "needs more", response);
}

TEST(limits, bound_the_digits_of_a_chunk_size) {
  reading how;
  how.limit.chunk_size_digits_max = 3;
  expect_verdict(chunked("001\r\nx\r\n000\r\n\r\n"), "needs more", how);
  expect_verdict(chunked("0001\r\n"), "error chunk-size-too-long @58 in content", how);
}

TEST(limits, bound_all_chunk_extensions_of_a_message_together) {
  reading how;
  how.limit.chunk_extensions_length_max = 8;
  expect_verdict(chunked("1;a=b\r\nx\r\n1;a=b\r\nx\r\n0\r\n\r\n"), "needs more", how);
  expect_verdict(chunked("1;a=b\r\nx\r\n1;a=b\r\nx\r\n0;a\r\n\r\n"),
                 "error chunk-extensions-too-long @76 in content", how);
}

TEST(limits, bound_the_trailer_section) {
  reading how;
  how.limit.trailer_count_max = 2;
  how.limit.trailer_section_length_max = 12;
  expect_verdict(chunked("0\r\nA:b\r\nC:defgh\r\n\r\n"), "needs more", how);
  expect_verdict(chunked("0\r\nA:b\r\nC:defghi\r\n\r\n"),
                 "error field-section-too-large @70 in trailer-value", how);
  expect_verdict(chunked("0\r\nA:\r\nC:\r\nE:\r\n\r\n"),
                 "error too-many-fields @66 in trailer-name", how);
}

}  // namespace
}  // namespace quire::http::test
