#include "tests/parser/every_way.hpp"

#include <gtest/gtest.h>
#include <string>

namespace quire::http::test {
namespace {

TEST(start_line, reads_a_minimal_request) {
  expect_transcript("GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                    "method GET @0\n"
                    "target / @4\n"
                    "version HTTP/1.1 @6\n"
                    "field-name Host @16\n"
                    "field-value a @22\n"
                    "fields-end @27\n"
                    "end @27\n"
                    "needs more\n");
}

TEST(start_line, takes_any_token_as_method) {
  expect_transcript("M-SEARCH!x / HTTP/1.0\r\n\r\n",
                    "method M-SEARCH!x @0\n"
                    "target / @11\n"
                    "version HTTP/1.0 @13\n"
                    "fields-end @25\n"
                    "end @25\n"
                    "needs more\n");
}

TEST(start_line, skips_one_empty_line_before_a_request) {
  expect_transcript("\r\nGET / HTTP/1.0\r\n\r\n",
                    "method GET @2\n"
                    "target / @6\n"
                    "version HTTP/1.0 @8\n"
                    "fields-end @20\n"
                    "end @20\n"
                    "needs more\n");
  expect_verdict("\r\n\r\nGET / HTTP/1.0\r\n\r\n", "error too-many-empty-lines @2 in method");
  expect_verdict("\nGET / HTTP/1.0\r\n\r\n", "error bare-lf @0 in method");
  expect_verdict("\rGET / HTTP/1.0\r\n\r\n", "error bare-cr @0 in method");
}

TEST(start_line, reads_pipelined_requests_with_an_empty_line_between_them) {
  expect_transcript("GET /a HTTP/1.1\r\nHost:\r\n\r\n\r\nPUT /b HTTP/1.1\r\nHost:b\r\n\r\n",
                    "method GET @0\n"
                    "target /a @4\n"
                    "version HTTP/1.1 @7\n"
                    "field-name Host @17\n"
                    "field-value @22\n"
                    "fields-end @26\n"
                    "end @26\n"
                    "method PUT @28\n"
                    "target /b @32\n"
                    "version HTTP/1.1 @35\n"
                    "field-name Host @45\n"
                    "field-value b @50\n"
                    "fields-end @55\n"
                    "end @55\n"
                    "needs more\n");
}

TEST(start_line, refuses_what_is_no_method) {
  expect_verdict(" GET / HTTP/1.1\r\n", "error bad-method @0 in method");
  expect_verdict("G(T / HTTP/1.1\r\n", "error bad-method @1 in method");
  expect_verdict("GET\t/ HTTP/1.1\r\n", "error bad-method @3 in method");
  expect_verdict("GET\r\n\r\n", "error bad-method @3 in method");
  expect_verdict("G\x80T / HTTP/1.1\r\n", "error bad-method @1 in method");
}

TEST(start_line, wants_one_space_between_its_parts) {
  expect_verdict("GET  / HTTP/1.1\r\n", "error extra-white-space @4 in target");
  expect_verdict("GET /  HTTP/1.1\r\n", "error extra-white-space @6 in version");
  expect_verdict("GET / \tHTTP/1.1\r\n", "error extra-white-space @6 in version");
  expect_verdict("GET / HTTP/1.1 \r\n", "error extra-white-space @14 in version");
  expect_verdict("GET /\tHTTP/1.1\r\n", "error bad-target-character @5 in target");
}

TEST(start_line, refuses_a_request_without_version) {
  expect_verdict("GET /\r\n\r\n", "error missing-version @5 in target");
  expect_verdict("GET /\n", "error missing-version @5 in target");
  expect_verdict("GET / \r\n\r\n", "error bad-version @6 in version");
}

TEST(start_line, wants_an_exact_version) {
  expect_verdict("GET / http/1.1\r\n", "error bad-version @6 in version");
  expect_verdict("GET / HTP/1.1\r\n", "error bad-version @8 in version");
  expect_verdict("GET / HTTP/x.1\r\n", "error bad-version @11 in version");
  expect_verdict("GET / HTTP/11\r\n", "error bad-version @12 in version");
  expect_verdict("GET / HTTP/1,1\r\n", "error bad-version @12 in version");
  expect_verdict("GET / HTTP/1.10\r\n", "error bad-version @14 in version");
  expect_verdict("GET / HTTP/2.0\r\n\r\n", "error version-not-supported @11 in version");
  expect_verdict("GET / HTTP/0.9\r\n\r\n", "error version-not-supported @11 in version");
  expect_verdict("GET / HTTP/1.1\rX", "error bare-cr @14 in version");
  expect_verdict("GET / HTTP/1.1\n\n", "error bare-lf @14 in version");
}

TEST(start_line, reads_higher_minor_versions_as_1_1) {
  expect_verdict("GET / HTTP/1.7\r\n\r\n", "error missing-host @16 in fields-end");
  expect_verdict("GET / HTTP/1.2\r\nHost: a\r\n\r\n", "needs more");
}

TEST(start_line, reads_a_status_line_with_and_without_reason) {
  reading const how{.response = response_to{}};
  expect_transcript("HTTP/1.1 404 Not  Found\r\nContent-Length: 0\r\n\r\n",
                    "version HTTP/1.1 @0\n"
                    "status 404 @9\n"
                    "reason Not  Found @13\n"
                    "field-name Content-Length @25\n"
                    "field-value 0 @41\n"
                    "fields-end @46\n"
                    "end @46\n"
                    "needs more\n",
                    how);
  expect_transcript("HTTP/1.1 204 \r\n\r\nHTTP/1.1 304\r\n\r\n",
                    "version HTTP/1.1 @0\n"
                    "status 204 @9\n"
                    "reason @13\n"
                    "fields-end @17\n"
                    "end @17\n"
                    "version HTTP/1.1 @17\n"
                    "status 304 @26\n"
                    "reason @29\n"
                    "fields-end @33\n"
                    "end @33\n"
                    "needs more\n",
                    how);
}

TEST(start_line, refuses_what_is_no_status_line) {
  reading const how{.response = response_to{}};
  expect_verdict("\r\nHTTP/1.1 200 OK\r\n", "error bad-version @0 in version", how);
  expect_verdict("HTTP/1.1\r\n", "error bad-status-code @8 in version", how);
  expect_verdict("HTTP/1.1\t200 OK\r\n", "error bad-version @8 in version", how);
  expect_verdict("HTTP/3.1 200 OK\r\n", "error version-not-supported @5 in version", how);
  expect_verdict("HTTP/1.1  200 OK\r\n", "error extra-white-space @9 in status", how);
  expect_verdict("HTTP/1.1 20 OK\r\n", "error bad-status-code @11 in status", how);
  expect_verdict("HTTP/1.1 2000 OK\r\n", "error bad-status-code @12 in status", how);
  expect_verdict("HTTP/1.1 200\tOK\r\n", "error bad-status-code @12 in status", how);
  expect_verdict("HTTP/1.1 200 O\x01K\r\n", "error bad-reason-character @14 in reason", how);
  expect_verdict("HTTP/1.1 200 OK\rX", "error bare-cr @15 in reason", how);
  expect_verdict("HTTP/1.1 200 OK\n", "error bare-lf @15 in reason", how);
}

TEST(start_line, takes_bare_lf_only_where_it_is_tolerated) {
  reading how;
  how.lenient.bare_lf = true;
  expect_transcript("\nGET / HTTP/1.1\nHost: a \nB:c\r\n\n",
                    "method GET @1\n"
                    "target / @5\n"
                    "version HTTP/1.1 @7\n"
                    "field-name Host @16\n"
                    "field-value a @22\n"
                    "field-name B @25\n"
                    "field-value c @27\n"
                    "fields-end @31\n"
                    "end @31\n"
                    "needs more\n",
                    how);
  expect_verdict("POST / HTTP/1.1\nHost:\nTransfer-Encoding: chunked\n\n1\na",
                 "error bare-lf @51 in content", how);
}

TEST(start_line, takes_a_method_for_a_known_one_only_if_all_of_it_is) {
  for (std::string_view const name : method_names) {
    if (name.empty() || name == "CONNECT") continue;
    for (std::string const& method :
         {std::string(name), std::string(name) + "X", std::string(name.substr(0, name.size() - 1)),
          std::string(name.substr(1)), "X" + std::string(name)}) {
      expect_transcript(method + " / HTTP/1.0\r\n\r\n",
                        "method " + method + " @0\ntarget / @" + std::to_string(method.size() + 1) +
                            "\nversion HTTP/1.0 @" + std::to_string(method.size() + 3) +
                            "\nfields-end @" + std::to_string(method.size() + 15) + "\nend @" +
                            std::to_string(method.size() + 15) + "\nneeds more\n");
    }
  }
}

}  // namespace
}  // namespace quire::http::test
