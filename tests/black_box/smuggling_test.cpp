// Bytes that two recipients could read in two ways: refused, and nothing behind them is answered.
// RFC 9112, sections 2.2, 5.1, 5.2, 6.1, 6.3 and 7.1.
#include "tests/black_box/client.hpp"
#include "tests/black_box/site.hpp"

#include <gtest/gtest.h>

namespace quire::test {
namespace {

using namespace std::string_literals;

struct attack {
  char const* name;
  std::string bytes;
};

class smuggling : public testing::Test {
 protected:
  smuggling() {
    pages_.write("page.html", "page");
    pages_.write("hidden.html", "behind the wall");
  }

  // Sends the attack with a request hidden behind it. One answer, an error, and the end.
  void expect_refused(server const& s, attack const& a) {
    SCOPED_TRACE(a.name);
    client c(s);
    c.send(a.bytes + get("/hidden.html"));
    response const r = c.read();
    EXPECT_TRUE(r.status == 400 || r.status == 501) << r.status;
    expect_error_page(r, r.status);
    EXPECT_FALSE(r.keeps_connection());
    std::string rest;
    EXPECT_EQ(c.read_to_end(&rest), ending::closed);
    EXPECT_EQ(rest, "");
  }

  site pages_;
};

std::string post(std::string const& fields, std::string const& content = {}) {
  return request("POST", "/page.html", fields) + content;
}

TEST_F(smuggling, ambiguous_framing_is_refused) {
  server s(pages_.root());
  std::string const chunks = "0\r\n\r\n";
  for (attack const& a : std::vector<attack>{
           {"length and chunked",
            post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", chunks)},
           {"chunked and length",
            post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", chunks)},
           {"chunked and no length",
            post("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n", chunks)},
           {"two lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n", "12345")},
           {"the same length twice", post("Content-Length: 5\r\nContent-Length: 5\r\n", "12345")},
           {"a list of lengths", post("Content-Length: 5, 5\r\n", "12345")},
           {"a signed length", post("Content-Length: +5\r\n", "12345")},
           {"a negative length", post("Content-Length: -5\r\n", "12345")},
           {"a hexadecimal length", post("Content-Length: 0x5\r\n", "12345")},
           {"an empty length", post("Content-Length:\r\n")},
           {"a length with letters", post("Content-Length: 5a\r\n", "12345")},
           {"a length with a space", post("Content-Length: 5 0\r\n", "12345")},
           {"a length beyond 64 bits", post("Content-Length: 18446744073709551621\r\n", "12345")},
           {"chunked twice", post("Transfer-Encoding: chunked, chunked\r\n", chunks)},
           {"chunked in two lines",
            post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", chunks)},
           {"chunked, then identity", post("Transfer-Encoding: chunked, identity\r\n", chunks)},
           {"identity, then chunked", post("Transfer-Encoding: identity, chunked\r\n", chunks)},
           {"not chunked", post("Transfer-Encoding: identity\r\n", chunks)},
           {"a coding nobody knows", post("Transfer-Encoding: xchunked\r\n", chunks)},
           {"a quoted coding", post("Transfer-Encoding: \"chunked\"\r\n", chunks)},
           {"an empty coding", post("Transfer-Encoding:\r\n", chunks)},
           {"an empty coding in a list", post("Transfer-Encoding: ,chunked\r\n", chunks)},
           {"a vertical tab", post("Transfer-Encoding: \x0b"
                                   "chunked\r\n",
                                   chunks)},
           {"a null", post("Transfer-Encoding: chunked\0\r\n"s, chunks)},
           {"chunked in HTTP/1.0",
            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks},
       }) {
    if (a.name == "a length beyond 64 bits"s) {
      EXPECT_GE(ask(s, a.bytes).status, 400);  // 413 would be right as well.
      continue;
    }
    expect_refused(s, a);
  }
}

TEST_F(smuggling, ambiguous_lines_are_refused) {
  server s(pages_.root());
  for (attack const& a : std::vector<attack>{
           {"a space before the colon", get("/page.html", "Content-Length : 5\r\n") + "12345"},
           {"a tab before the colon", get("/page.html", "Transfer-Encoding\t: chunked\r\n")},
           {"a folded line", get("/page.html", "A: b\r\n c\r\n")},
           {"a folded transfer coding", post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n")},
           {"a fold of a tab", get("/page.html", "A: b\r\n\tContent-Length: 9\r\n")},
           {"white space before the first line", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"},
           {"a bare CR in a value", get("/page.html", "A: b\rContent-Length: 5\r\n")},
           {"a bare CR at the end of a value", get("/page.html", "A: b\r\r\n")},
           {"a bare CR in a name", get("/page.html", "A\rB: c\r\n")},
           {"a bare CR in the request line", "GET /page.html\rHTTP/1.1\r\nHost: a\r\n\r\n"},
           {"a bare LF after the request line", "GET /page.html HTTP/1.1\nHost: a\r\n\r\n"},
           {"a bare LF after a field line", "GET /page.html HTTP/1.1\r\nHost: a\nA: b\r\n\r\n"},
           {"bare LFs throughout", "GET /page.html HTTP/1.1\nHost: a\n\n"},
           {"a null in a value", get("/page.html", "A: b\0c\r\n"s)},
           {"a null in a name", get("/page.html", "A\0: b\r\n"s)},
           {"a null in the target", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"s},
           {"a control in a value", get("/page.html", "A: \x01\r\n")},
           {"a delete in a value", get("/page.html", "A: \x7f\r\n")},
           {"no name", get("/page.html", ": b\r\n")},
           {"no colon", get("/page.html", "Transfer-Encoding chunked\r\n")},
           {"a name beyond ASCII", get("/page.html", "Content-L\xc3\xa9ngth: 5\r\n")},
           {"a name in parentheses", get("/page.html", "(A): b\r\n")},
           {"a vertical tab between the parts", "GET\x0b/page.html HTTP/1.1\r\nHost: a\r\n\r\n"},
           {"a tab between the parts", "GET\t/page.html HTTP/1.1\r\nHost: a\r\n\r\n"},
           {"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"},
           {"two hosts in one line", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"},
           {"a host with a user", "GET / HTTP/1.1\r\nHost: user@a\r\n\r\n"},
           {"a target with a user", "GET http://user:password@a/ HTTP/1.1\r\nHost: a\r\n\r\n"},
           {"no host", "GET / HTTP/1.1\r\n\r\n"},
           {"no version", "GET /page.html\r\n"},
       }) {
    expect_refused(s, a);
  }
}

TEST_F(smuggling, malformed_chunks_end_the_connection) {
  server s(pages_.root());
  for (attack const& a : std::vector<attack>{
           {"no size", "\r\n\r\n"},
           {"a signed size", "+5\r\n12345\r\n0\r\n\r\n"},
           {"a size with 0x", "0x5\r\n12345\r\n0\r\n\r\n"},
           {"a space before the size", " 5\r\n12345\r\n0\r\n\r\n"},
           {"a size beyond 64 bits", "10000000000000005\r\n12345\r\n0\r\n\r\n"},
           {"a bare LF after the size", "5\n12345\r\n0\r\n\r\n"},
           {"a bare CR after the size", "5\r12345\r\n0\r\n\r\n"},
           {"no CR LF after the data", "5\r\n1234567\r\n0\r\n\r\n"},
           {"a bare LF after the data", "5\r\n12345\n0\r\n\r\n"},
           {"a bare LF in an extension", "5;a\n12345\r\n0\r\n\r\n"},
           {"a null in an extension", "5;a\0\r\n12345\r\n0\r\n\r\n"s},
           {"a space before an extension without semicolon", "5 a\r\n12345\r\n0\r\n\r\n"},
           {"a folded trailer", "0\r\nA: b\r\n c\r\n\r\n"},
           {"a trailer without colon", "0\r\nA\r\n\r\n"},
           {"a bare LF after a trailer", "0\r\nA: b\n\r\n"},
       }) {
    SCOPED_TRACE(a.name);
    client c(s);
    c.send(post("Transfer-Encoding: chunked\r\n", a.bytes) + get("/hidden.html"));
    std::string all;
    c.read_to_end(&all);
    EXPECT_TRUE(all.starts_with("HTTP/1.1 4")) << all.substr(0, 40);
    EXPECT_EQ(all.find("behind the wall"), std::string::npos);
  }
}

TEST_F(smuggling, tabs_are_white_space_and_other_forms_are_fine) {
  server s(pages_.root());
  for (std::string const fields :
       {"A:\tb\t\r\n", "A:b\r\n", "A:\r\n", "A: \t \r\n", "A: b \xff\x80 c\r\n",
        "!#$%&'*+-.^_`|~09az: x\r\n", "Transfer-Encoding:\tCHUNKED \r\n"}) {
    client c(s);
    bool const chunked = fields.starts_with("Transfer");
    c.send(get("/page.html", fields) +
           (chunked ? "5\t;a=\"b;\\\"\"\r\n12345\r\n000\r\nT: v\r\n\r\n" : "") + get("/page.html"));
    EXPECT_EQ(c.read().content, "page") << fields;
    EXPECT_EQ(c.read().content, "page") << fields;
  }
}

TEST_F(smuggling, content_is_never_taken_for_a_request) {
  server s(pages_.root());
  std::string const inner = get("/hidden.html");
  client c(s);
  c.send(post("Content-Length: " + std::to_string(inner.size()) + "\r\n", inner) +
         get("/page.html"));
  EXPECT_EQ(c.read().status, 405);
  EXPECT_EQ(c.read().content, "page");
  c.send(request("GET", "/page.html", "Content-Length: " + std::to_string(inner.size()) + "\r\n") +
         inner + get("/page.html", "Connection: close\r\n"));
  EXPECT_EQ(c.read().content, "page");
  EXPECT_EQ(c.read().content, "page");
  EXPECT_EQ(c.read_to_end(), ending::closed);
}

}  // namespace
}  // namespace quire::test
