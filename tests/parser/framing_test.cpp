#include "tests/parser/every_way.hpp"

#include <gtest/gtest.h>
#include <string>

namespace quire::http::test {
namespace {

std::string post(std::string const& fields, std::string const& rest = "") {
  return "POST / HTTP/1.1\r\nHost:a\r\n" + fields + "\r\n" + rest;  // The fields start at 25.
}

TEST(framing, reads_content_of_the_given_length) {
  expect_transcript(post("Content-Length: 5\r\n", "helloGET"),
                    "method POST @0\n"
                    "target / @5\n"
                    "version HTTP/1.1 @7\n"
                    "field-name Host @17\n"
                    "field-value a @22\n"
                    "field-name Content-Length @25\n"
                    "field-value 5 @41\n"
                    "fields-end @46\n"
                    "content hello @46\n"
                    "end @51\n"
                    "needs more\n");
}

TEST(framing, gives_a_request_without_length_no_content) {
  expect_verdict(post("", "x"), "needs more");
  expect_verdict(post("Content-Length: 000\r\n", "("), "error bad-method @48 in method");
}

TEST(framing, refuses_a_malformed_content_length) {
  for (char const* value : {"", "+1", "-1", "1 2", "1,1", "0x1", "1;", "a", "1.0", "\"1\""}) {
    std::string const text = post("Content-Length: " + std::string(value) + "\r\n");
    std::string const said = to_string(run_core(text, {}, {}));
    EXPECT_NE(said.find("error bad-content-length"), said.npos) << value;
    EXPECT_EQ(first_difference(text, {}), "") << value;
  }
}

TEST(framing, refuses_a_content_length_that_overflows) {
  expect_verdict(post("Content-Length: 4611686018427387904\r\n"),
                 "error content-too-large @59 in field-value");
  expect_verdict(post("Content-Length: 4611686018427387903\r\n"), "needs more");
  expect_verdict(post("Content-Length: 18446744073709551617\r\n"),
                 "error content-too-large @60 in field-value");
  expect_verdict(post("Content-Length: 99999999999999999999999999\r\n"),
                 "error content-too-large @59 in field-value");
  expect_verdict(post("Content-Length: 00000000000000000000000000\r\n"), "needs more");
}

TEST(framing, refuses_a_repeated_content_length) {
  expect_verdict(post("Content-Length: 1\r\nContent-Length: 1\r\n"),
                 "error repeated-content-length @60 in field-value");
  expect_verdict(post("Content-Length: 1\r\ncontent-lengtH: 2\r\n"),
                 "error repeated-content-length @60 in field-value");
}

TEST(framing, takes_equal_lengths_where_that_is_tolerated) {
  reading how;
  how.lenient.repeated_content_length = true;
  expect_verdict(post("Content-Length: 1\r\nContent-Length: 1 , 01\r\n", "x"), "needs more", how);
  expect_verdict(post("Content-Length: 1,2\r\n"),
                 "error repeated-content-length @41 in field-value", how);
  expect_verdict(post("Content-Length: 1,\r\n"), "error bad-content-length @43 in field-value",
                 how);
}

TEST(framing, reads_chunked_content_whatever_the_case_of_its_name) {
  expect_transcript(post("TRANSFER-ENCODING: ChunkeD\r\n", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"),
                    "method POST @0\n"
                    "target / @5\n"
                    "version HTTP/1.1 @7\n"
                    "field-name Host @17\n"
                    "field-value a @22\n"
                    "field-name TRANSFER-ENCODING @25\n"
                    "field-value ChunkeD @44\n"
                    "fields-end @55\n"
                    "content abcde @58\n"
                    "end @75\n"
                    "needs more\n");
}

TEST(framing, refuses_transfer_codings_but_a_single_final_chunked) {
  auto const refused = [](std::string const& fields, std::string const& name) {
    std::string const text = post(fields);
    std::string const said = to_string(run_core(text, {}, {}));
    EXPECT_NE(said.find("error " + name + " "), said.npos) << fields << said;
    EXPECT_EQ(first_difference(text, {}), "") << fields;
  };
  for (char const* value :
       {"", ",", ",chunked", "chunked,", "chunked, ,", "chun ked", "chunked;a=b", "chunked;",
        "\"chunked\"", "=chunked", "gzip;a=\"b,chunked", "(chunked)"}) {
    std::string const fields = "Transfer-Encoding: " + std::string(value) + "\r\n";
    std::string const said = to_string(run_core(post(fields), {}, {}));
    EXPECT_NE(said.find("error "), said.npos) << value;
    EXPECT_EQ(first_difference(post(fields), {}), "") << value;
  }
  refused("Transfer-Encoding:\r\n", "bad-transfer-encoding");
  refused("Transfer-Encoding: chunked;a=b\r\n", "bad-transfer-encoding");
  refused("Transfer-Encoding: chunked, chunked\r\n", "repeated-chunked");
  refused("Transfer-Encoding: chunked\r\nTransfer-Encoding: Chunked\r\n", "repeated-chunked");
  refused("Transfer-Encoding: chunked, gzip\r\n", "chunked-not-last");
  refused("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "chunked-not-last");
  refused("Transfer-Encoding: gzip\r\n", "chunked-not-last");
  refused("Transfer-Encoding: xchunked\r\n", "chunked-not-last");
  refused("Transfer-Encoding: gzip, chunked\r\n", "unknown-transfer-coding");
  refused("Transfer-Encoding: gzip;q=\"a,\\\",b\" , chunked\r\n", "unknown-transfer-coding");
}

TEST(framing, refuses_content_length_beside_transfer_encoding) {
  std::string const both = "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n";
  expect_verdict(post(both), "error content-length-beside-transfer-encoding @72 in fields-end");
  reading how;
  how.lenient.content_length_beside_transfer_encoding = true;
  expect_verdict(post(both, "1\r\nx\r\n0\r\n\r\nGET"), "error data-after-last-message @85 in none",
                 how);
}

TEST(framing, refuses_transfer_encoding_in_http_1_0) {
  expect_verdict("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
                 "error transfer-encoding-in-http-1-0 @45 in fields-end");
}

TEST(framing, wants_exactly_one_host_in_http_1_1) {
  expect_verdict("GET / HTTP/1.1\r\n\r\n", "error missing-host @16 in fields-end");
  expect_verdict("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
                 "error repeated-host @31 in field-value");
  expect_verdict("GET / HTTP/1.0\r\n\r\n", "needs more");
}

TEST(framing, reads_nothing_after_the_last_message) {
  expect_verdict("GET / HTTP/1.0\r\n\r\nX", "error data-after-last-message @18 in none");
  expect_verdict("GET / HTTP/1.0\r\nConnection: a, Keep-Alive\r\n\r\nX", "needs more");
  expect_verdict("GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\nX",
                 "error data-after-last-message @49 in none");
  expect_verdict(post("Connection: CLOSE\r\n", "X"), "error data-after-last-message @46 in none");
  expect_verdict(post("Connection: close d\r\n", "X"), "needs more");
  expect_verdict(post("Connection: a,\t close ,\r\n", "\r\n"),
                 "error data-after-last-message @52 in none");
}

TEST(framing, hands_over_after_connect) {
  expect_transcript("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n\x16",
                    "method CONNECT @0\n"
                    "target a:1 @8\n"
                    "version HTTP/1.1 @12\n"
                    "field-name Host @22\n"
                    "field-value a @28\n"
                    "fields-end @33\n"
                    "end @33\n"
                    "error data-after-hand-over @33 in none\n");
  expect_verdict("CONNECT a:1 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n",
                 "error content-in-connect @50 in fields-end");
  expect_verdict("CONNECT a:1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
                 "error content-in-connect @59 in fields-end");
  expect_verdict("CONNECT a:1 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "needs more");
}

TEST(framing, gives_some_responses_no_content) {
  std::string const fields = " X\r\nContent-Length: 9\r\n\r\n(";
  for (char const* line : {"HTTP/1.1 100", "HTTP/1.1 103", "HTTP/1.1 204", "HTTP/1.1 304"}) {
    expect_verdict(line + fields, "error bad-version @37 in version", {.response = response_to{}});
  }
  expect_verdict("HTTP/1.1 200" + fields, "error bad-version @37 in version",
                 {.response = response_to{method::head}});
  expect_verdict("HTTP/1.1 200" + fields, "needs more", {.response = response_to{}});
}

TEST(framing, goes_on_after_an_interim_response) {
  expect_transcript("HTTP/1.0 100 \r\n\r\nHTTP/1.1 200 \r\nContent-Length: 1\r\n\r\nx",
                    "version HTTP/1.0 @0\n"
                    "status 100 @9\n"
                    "reason @13\n"
                    "fields-end @17\n"
                    "end @17\n"
                    "version HTTP/1.1 @17\n"
                    "status 200 @26\n"
                    "reason @30\n"
                    "field-name Content-Length @32\n"
                    "field-value 1 @48\n"
                    "fields-end @53\n"
                    "content x @53\n"
                    "end @54\n"
                    "needs more\n",
                    {.response = response_to{}});
}

TEST(framing, hands_over_after_101_and_after_2xx_to_connect) {
  expect_verdict("HTTP/1.1 101 X\r\nUpgrade: a\r\nContent-Length: 3\r\n\r\nabc",
                 "error data-after-hand-over @49 in none", {.response = response_to{}});
  expect_verdict("HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\nabc",
                 "error data-after-hand-over @46 in none",
                 {.response = response_to{method::connect}});
  expect_verdict("HTTP/1.1 404 X\r\nContent-Length: 3\r\n\r\nabc", "needs more",
                 {.response = response_to{method::connect}});
}

TEST(framing, reads_a_response_without_length_until_the_connection_closes) {
  expect_transcript("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n",
                    "version HTTP/1.1 @0\n"
                    "status 200 @9\n"
                    "reason OK @13\n"
                    "fields-end @19\n"
                    "content HTTP/1.1 200 OK\\r\\n @19\n"
                    "needs more\n",
                    {.response = response_to{}});
  expect_verdict("HTTP/1.1 200 X\r\nTransfer-Encoding: gzip\r\n\r\n",
                 "error chunked-not-last @41 in fields-end", {.response = response_to{}});
}

}  // namespace
}  // namespace quire::http::test
