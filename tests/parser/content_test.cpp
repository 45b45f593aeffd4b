#include "tests/parser/every_way.hpp"

#include <gtest/gtest.h>
#include <string>

namespace quire::http::test {
namespace {

TEST(content, reads_trailers_apart_from_fields) {
  expect_transcript(chunked("1\r\nx\r\n0\r\nA: b \r\nContent-Length: q\r\nHost:c\r\n\r\n"),
                    "method POST @0\n"
                    "target / @5\n"
                    "version HTTP/1.1 @7\n"
                    "field-name Host @17\n"
                    "field-value a @22\n"
                    "field-name Transfer-Encoding @25\n"
                    "field-value chunked @44\n"
                    "fields-end @55\n"
                    "content x @58\n"
                    "trailer-name A @64\n"
                    "trailer-value b @67\n"
                    "trailer-name Content-Length @71\n"
                    "trailer-value q @87\n"
                    "trailer-name Host @90\n"
                    "trailer-value c @95\n"
                    "end @100\n"
                    "needs more\n");
}

TEST(content, takes_chunk_extensions) {
  for (char const* extension : {";a", ";a=b", ";a=\"b;\\\"c\t\x80\"", " ; a = b", "\t;\ta\t;b",
                                ";a;b=c;d=\"\"", ";a=\"\" ;b"}) {
    expect_verdict(chunked("1" + std::string(extension) + "\r\nx\r\n0" + extension + "\r\n\r\n"),
                   "needs more");
  }
}

TEST(content, refuses_malformed_chunk_extensions) {
  for (char const* extension :
       {";", ";;a", ";a=", ";a=;b", ";=b", ";a=\"b", ";a=\"\x01\"", ";a=\"\\\x01\"", ";a b", " ",
        "; ", ";a ", ";a=b ", ";a=\"b\"c", ";a=(", ";(", ";a(", ";a=b("}) {
    std::string const text = chunked("1" + std::string(extension) + "\r\nx\r\n0\r\n\r\n");
    std::string const said = to_string(run_core(text, {}, {}));
    EXPECT_NE(said.find("error bad-chunk-extension"), said.npos) << extension << said;
    EXPECT_EQ(first_difference(text, {}), "") << extension;
  }
}

TEST(content, refuses_malformed_chunk_sizes) {
  expect_verdict(chunked("\r\n"), "error bad-chunk-size @55 in content");
  expect_verdict(chunked("g\r\n"), "error bad-chunk-size @55 in content");
  expect_verdict(chunked("-1\r\n"), "error bad-chunk-size @55 in content");
  expect_verdict(chunked("0x1\r\n"), "error bad-chunk-size @56 in content");
  expect_verdict(chunked(" 1\r\n"), "error bad-chunk-size @55 in content");
  expect_verdict(chunked("1 \r\nx\r\n"), "error bad-chunk-extension @57 in content");
  expect_verdict(chunked("00000000000000001\r\n"), "error chunk-size-too-long @71 in content");
  expect_verdict(chunked("4000000000000000\r\n"), "error content-too-large @70 in content");
  expect_verdict(chunked("ffffffffffffffff\r\n"), "error content-too-large @70 in content");
  expect_verdict(chunked("3fffffffffffffff\r\n"), "needs more");
  expect_verdict(chunked("1\r\nx\r\n3fffffffffffffff\r\n"),
                 "error content-too-large @76 in content");
}

TEST(content, takes_only_crlf_between_chunks) {
  expect_verdict(chunked("1\nx\r\n"), "error bare-lf @56 in content");
  expect_verdict(chunked("1;a\nx\r\n"), "error bare-lf @58 in content");
  expect_verdict(chunked("1\rx\r\n"), "error bare-cr @57 in content");
  expect_verdict(chunked("1\r\r\nx\r\n"), "error bare-cr @57 in content");
  expect_verdict(chunked("1\r\nxy\r\n"), "error bad-chunk-end @59 in content");
  expect_verdict(chunked("1\r\nx\n0\r\n"), "error bad-chunk-end @59 in content");
  expect_verdict(chunked("1\r\nx\r0\r\n"), "error bad-chunk-end @60 in content");
  expect_verdict(chunked("0\r\n\n"), "error bare-lf @58 in end");
  expect_verdict(chunked("0\r\nA: b\n\r\n"), "error bare-lf @62 in trailer-value");
}

TEST(content, refuses_malformed_trailers) {
  expect_verdict(chunked("0\r\n A: b\r\n\r\n"), "error obs-fold @58 in trailer-name");
  expect_verdict(chunked("0\r\nA b\r\n\r\n"), "error white-space-before-colon @59 in trailer-name");
  expect_verdict(chunked("0\r\nA: \x01\r\n\r\n"), "error bad-field-value @61 in trailer-value");
}

}  // namespace
}  // namespace quire::http::test
