// A log of a captured stream: one line for each message of a file that holds what one side of a
// connection has sent, requests or responses.
//
//   stream_log FILE [METHOD]    with METHOD: responses, all to requests with this method
#include <quire/parser/parser.hpp>

#include <cstdio>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>

namespace http = quire::http;

namespace {

class log {
 public:
  explicit log(http::parser<char const*> const& parser) : parser_(parser) {}

  void add(http::node<char const*> const& n) {
    switch (n.type) {
      case http::node_type::request_line:
        add_to_start_line({n.method(), n.target(), n.version()});
        break;
      case http::node_type::status_line:
        add_to_start_line({n.version(), n.status()});
        break;
      case http::node_type::field:
        ++fields_;
        break;
      case http::node_type::content:
        content_ += n.content().size();
        break;
      default:
        break;
    }
  }

  // The message has ended: writes its line, and what is special about it.
  void end() {
    std::printf("%8llu%s, fields %d, content %llu%s%s\n",
                static_cast<unsigned long long>(message_offset_), start_line_.c_str(), fields_,
                static_cast<unsigned long long>(content_),
                parser_.keep_alive() ? "" : ", closes the connection",
                parser_.hands_over() ? ", hands the connection over" : "");
    message_offset_ = parser_.offset();
    start_line_.clear();
    fields_ = 0;
    content_ = 0;
  }

 private:
  void add_to_start_line(std::initializer_list<std::string_view> parts) {
    for (std::string_view const part : parts) start_line_.append(" ").append(part);
  }

  http::parser<char const*> const& parser_;
  std::string start_line_;
  std::uint64_t message_offset_ = 0;
  std::uint64_t content_ = 0;
  int fields_ = 0;
};

int report(http::error const& e) {
  std::printf("%8llu %s: %s (%s)\n", static_cast<unsigned long long>(e.offset), e.name().data(),
              e.message().data(), e.section().data());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) {
    std::fprintf(stderr, "usage: stream_log FILE [METHOD]\n");
    return 2;
  }
  std::ifstream file(argv[1], std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "stream_log: cannot read %s\n", argv[1]);
    return 1;
  }
  std::string const stream(std::istreambuf_iterator<char>(file), {});

  http::parser<char const*> parser;
  if (argc == 3) parser.expect({http::method_of(argv[2])});
  log lines(parser);
  char const* first = stream.data();
  char const* const last = first + stream.size();
  http::node<char const*> n;
  http::error e;
  for (;;) {
    switch (parser.parse(first, last, n, e)) {
      case http::result::ok:
        lines.add(n);
        break;
      case http::result::done:
        lines.end();
        break;
      case http::result::error:
        return report(e);
      case http::result::need_more:  // There is no more: does a message end here?
        if (parser.finish(first, last, n, e) == http::result::error) return report(e);
        if (n.type == http::node_type::end) lines.end();
        return 0;
    }
  }
}
