// Requests out of a std::deque<char>, into which octets come in pieces, as pages would give them.
//
// A deque is no contiguous memory and moves its iterators whenever something is put into it. The
// parser does not mind: it keeps no iterator between two calls. Octets that it has consumed are
// erased; those of an element that is still cut off stay, and are not looked at twice.
#include <quire/parser/parser.hpp>

#include <algorithm>
#include <cstdio>
#include <deque>
#include <string>
#include <string_view>

namespace http = quire::http;

namespace {

using octets = std::deque<char>;
using iterator = octets::const_iterator;

struct summary {
  std::string method, target;
  int fields = 0;
  std::size_t content = 0;

  void add(http::node<iterator> const& n) {
    switch (n.type) {
      case http::node_type::request_line:
        method.assign(n.method().begin(), n.method().end());
        target.assign(n.target().begin(), n.target().end());
        break;
      case http::node_type::field:
        ++fields;
        break;
      case http::node_type::content:
        content += n.back_size;
        break;
      default:
        break;
    }
  }
};

// Takes all whole elements out of `input`. False on an error.
bool take_elements(http::parser<iterator>& parser, octets& input, summary& request) {
  iterator first = input.cbegin();
  http::node<iterator> n;
  http::error e;
  for (;;) {
    switch (parser.parse(first, input.cend(), n, e)) {
      case http::result::ok:
        request.add(n);
        break;
      case http::result::done:
        std::printf("%s %s: fields %d, content %zu\n", request.method.c_str(),
                    request.target.c_str(), request.fields, request.content);
        request = {};
        break;
      case http::result::need_more:
        input.erase(input.cbegin(), first);
        return true;
      case http::result::error:
        std::printf("octet %llu: %s\n", static_cast<unsigned long long>(e.offset),
                    e.message().data());
        return false;
    }
  }
}

}  // namespace

int main() {
  std::string_view arriving =
      "GET /first HTTP/1.1\r\nHost: example.org\r\n\r\n"
      "POST /second HTTP/1.1\r\nHost: example.org\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n"
      "GET /third HTTP/1.1\r\nHost: example.org\r\nAccept: */*\r\n\r\n";
  http::parser<iterator> parser;
  octets input;
  summary request;
  while (!arriving.empty()) {
    std::string_view const piece = arriving.substr(0, 16);
    arriving.remove_prefix(piece.size());
    input.insert(input.end(), piece.begin(), piece.end());
    if (!take_elements(parser, input, request)) return 1;
  }
}
