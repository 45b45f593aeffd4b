#include <cstdio>
#include <quire/parser/parser.hpp>
int main() {
  char const text[] = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", *first = text;
  quire::http::parser<char const*> parser;
  quire::http::node<char const*> n;
  quire::http::error e;
  while (parser.parse(first, text + sizeof text - 1, n, e) == quire::http::result::ok)
    for_each_part(n, [](quire::http::part_type type, std::string_view text) {
      std::printf("%s %.*s\n", to_string(type).data(), int(text.size()), text.data());
    });
}
