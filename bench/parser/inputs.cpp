#include "bench/parser/subject.hpp"

#include <cstring>
#include <deque>
#include <stdexcept>
#include <string>

namespace quire::bench {
namespace {

// At the start of a page, where a receiver finds it: how a heap aligns it has no part in the times.
std::string_view on_a_page(std::string_view octets) {
  struct alignas(4096) page {
    char octets[4096];
  };
  static std::deque<page> pages;
  if (octets.size() > sizeof(page)) throw std::length_error("an input is longer than a page");
  return {
      static_cast<char*>(std::memcpy(pages.emplace_back().octets, octets.data(), octets.size())),
      octets.size()};
}

std::string const wrk = "GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n";

std::string const browser =
    "GET /gallery/2010/summer-in-the-mountains/lake-at-dawn.jpg HTTP/1.1\r\n"
    "Host: pictures.example.org\r\n"
    "User-Agent: Mozilla/5.0 (Macintosh; U; Intel Mac OS X 10.6; de-DE; rv:1.9.2.3) "
    "Gecko/20100401 Firefox/3.6.3 Tracker/0.9\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
    "Accept-Language: de,en-us;q=0.7,en;q=0.3\r\n"
    "Accept-Encoding: gzip,deflate\r\n"
    "Accept-Charset: ISO-8859-1,utf-8;q=0.7,*;q=0.7\r\n"
    "Keep-Alive: 115\r\n"
    "Connection: keep-alive\r\n"
    "Cookie: visits=2; last_visit=1286211245; "
    "session=0123456789abcdef.0123456789abcdef.0123456789abcdef.0123456789; "
    "source=0123456789.0123456789.1.1.medium=(referral)|site=news.example.com|page=/start/"
    "|ref=link\r\n"
    "\r\n";

std::string const chrome =
    "GET /articles/2024/05/a-longer-title-of-some-article/?page=2&sort=newest HTTP/1.1\r\n"
    "Host: www.example.com\r\n"
    "Connection: keep-alive\r\n"
    "Cache-Control: max-age=0\r\n"
    "sec-ch-ua: \"Chromium\";v=\"124\", \"Google Chrome\";v=\"124\", \"Not-A.Brand\";v=\"99\"\r\n"
    "sec-ch-ua-mobile: ?0\r\n"
    "sec-ch-ua-platform: \"Linux\"\r\n"
    "DNT: 1\r\n"
    "Upgrade-Insecure-Requests: 1\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/124.0.0.0 Safari/537.36\r\n"
    "Accept: "
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n"
    "Sec-Fetch-Site: same-origin\r\n"
    "Sec-Fetch-Mode: navigate\r\n"
    "Sec-Fetch-User: ?1\r\n"
    "Sec-Fetch-Dest: document\r\n"
    "Referer: https://www.example.com/articles/\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\n"
    "Accept-Language: en-US,en;q=0.9\r\n"
    "Cookie: theme=dark; session=6f1c0f2d8a\r\n"
    "If-None-Match: \"5f3a-61a0b2c3d4\"\r\n"
    "If-Modified-Since: Tue, 07 May 2024 10:00:00 GMT\r\n"
    "\r\n";

std::string cookies() {
  std::string text = "GET / HTTP/1.1\r\nHost: www.example.com\r\nCookie: ";
  std::string value;
  for (int i = 0; value.size() < 2000; ++i) {
    value += "cookie_" + std::to_string(i) + "=0123456789abcdefABCDEF%20-_.~; ";
  }
  value.resize(2000, 'x');
  value.back() = 'x';
  return text + value + "\r\nAccept: */*\r\n\r\n";
}

std::string ten_times(std::string const& request) {
  std::string text;
  for (int i = 0; i < 10; ++i) text += request;
  return text;
}

std::string const response =
    "HTTP/1.1 200 OK\r\n"
    "Server: example\r\n"
    "Date: Tue, 07 May 2024 10:00:00 GMT\r\n"
    "Content-Type: text/html; charset=utf-8\r\n"
    "Content-Length: 16\r\n"
    "Last-Modified: Mon, 06 May 2024 08:30:00 GMT\r\n"
    "Connection: keep-alive\r\n"
    "ETag: \"66389a28-10\"\r\n"
    "Cache-Control: public, max-age=3600\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Accept-Ranges: bytes\r\n"
    "\r\n"
    "0123456789abcdef";

std::string chunked() {
  std::string text =
      "POST /upload HTTP/1.1\r\nHost: www.example.com\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 50; ++i) text += "10\r\n0123456789abcdef\r\n";
  return text + "0\r\n\r\n";
}

}  // namespace

std::vector<input> const& inputs() {
  static std::vector<input> const all = {
      {"wrk", on_a_page(wrk), 1},
      {"browser", on_a_page(browser), 9},
      {"chrome", on_a_page(chrome), 20},
      {"cookies", on_a_page(cookies()), 3},
      {"pipelined", on_a_page(ten_times(wrk)), 10},
      {"response", on_a_page(response), 10},
      {"chunked", on_a_page(chunked()), 2},
  };
  return all;
}

}  // namespace quire::bench
