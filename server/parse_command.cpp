#include <quire/parser/error.hpp>
#include <quire/parser/method.hpp>
#include <quire/server/json_text.hpp>
#include <quire/server/octet_source.hpp>
#include <quire/server/parse_command.hpp>

#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace quire::server {
namespace {

// Writes the lines of the output.
class element_writer {
 public:
  element_writer(std::ostream& out, bool join) : out_(out), join_(join) {}

  void write(elements const& all) {
    for (element const& e : all) write(e);
  }

  void write(element const& e) {
    bool const content = e.type == http::part_type::content;
    if (content && join_) {
      if (content_.empty()) content_offset_ = e.offset;
      content_ += e.octets;
      return;
    }
    flush();
    write_line(e);
  }

  // Whatever was joined so far.
  void flush() {
    if (content_.empty()) return;
    write_line({http::part_type::content, content_, content_offset_});
    content_.clear();
  }

  void write_error(http::error const& e) {
    flush();
    out_ << "{\"error\":\"" << e.name() << "\",\"offset\":" << e.offset << ",\"section\":\""
         << e.section() << "\",\"message\":\"" << escaped(e.message()) << "\"}\n";
  }

  void write_incomplete(std::uint64_t offset) {
    flush();
    out_ << "{\"incomplete\":true,\"offset\":" << offset << "}\n";
  }

  void write_untouched(std::uint64_t octets, std::uint64_t offset, std::string_view why) {
    flush();
    if (octets == 0) return;
    out_ << "{\"untouched\":" << octets << ",\"offset\":" << offset << ",\"why\":\"" << why
         << "\"}\n";
  }

 private:
  static std::string escaped(std::string_view text) {
    std::string out;
    append_json_text(out, text);
    return out;
  }

  void write_line(element const& e) {
    line_ = "{\"node\":\"";
    line_ += http::to_string(e.type);
    line_ += "\",";
    append_json_octets(line_, e.octets);
    line_ += ",\"offset\":" + std::to_string(e.offset) + "}\n";
    out_ << line_;
  }

  std::ostream& out_;
  bool join_;
  std::string line_;
  std::string content_;
  std::uint64_t content_offset_ = 0;
};

// Feeds a source from a stream and writes what comes out of it.
template <class Source>
class parse_run {
 public:
  parse_run(parse_options const& options, Source& source, std::istream& in, std::ostream& out)
      : options_(options),
        source_(source),
        in_(in),
        block_(options.feed != 0 ? options.feed : 16384),
        writer_(out, options.join) {}

  int run() {
    for (;;) {
      elements e;
      http::error err;
      switch (source_.parse(e, err)) {
        case http::result::ok:
          writer_.write(e);
          break;
        case http::result::done:
          writer_.write(e);
          if (std::string_view const why = reason_to_stop(); !why.empty()) return leave(why);
          break;
        case http::result::need_more:
          if (!read_more()) return finish();
          break;
        case http::result::error:
          return refuse(e, err);
      }
    }
  }

 private:
  // Behind a response: true when what follows is no other one.
  bool excess_follows() {
    static constexpr std::string_view beginning = "HTTP/";
    while (source_.left() < beginning.size() &&
           beginning.starts_with(source_.peek(beginning.size())) && read_more()) {
    }
    return !beginning.starts_with(source_.peek(beginning.size()));
  }

  // Why nothing behind this message is read, or an empty text.
  std::string_view reason_to_stop() {
    auto const& message = source_.message();
    bool const interim = options_.response && message.status() / 100 == 1;
    if (message.hands_over()) return "handed-over";
    if (!options_.response && message.wants_upgrade()) return "upgrade";
    if (!message.keep_alive() && !interim) return "connection-closes";
    if (options_.response && !interim && excess_follows()) return "behind-last-response";
    return {};
  }

  int leave(std::string_view why) {
    std::uint64_t const offset = total_ - source_.left();
    std::uint64_t octets = 0;
    do {
      octets += source_.left();
      source_.drop_rest();
    } while (read_more());
    writer_.write_untouched(octets, offset, why);
    return parse_exit_complete;
  }

  int refuse(elements const& begun, http::error const& err) {
    writer_.write(begun);
    writer_.write_error(err);
    return parse_exit_refused;
  }

  int finish() {
    elements e;
    http::error err;
    bool const done = source_.finish(e, err) == http::result::done;
    if (!done && err.code != http::error_code::incomplete_message) return refuse(e, err);
    writer_.write(e);
    if (done) {
      writer_.flush();
      return parse_exit_complete;
    }
    writer_.write_incomplete(total_);
    return parse_exit_incomplete;
  }

  bool read_more() {
    in_.read(block_.data(), static_cast<std::streamsize>(block_.size()));
    auto const n = static_cast<std::size_t>(in_.gcount());
    total_ += n;
    source_.feed({block_.data(), n});
    return n != 0;
  }

  parse_options const& options_;
  Source& source_;
  std::istream& in_;
  std::vector<char> block_;
  element_writer writer_;
  std::uint64_t total_ = 0;
};

template <class Parser>
Parser make_parser(parse_options const& options, http::limits const& limit) {
  http::policy lenient = options.lenient;
  lenient.any_host = !options.host_rules;
  if (!options.response) return Parser(limit, lenient);
  return Parser(http::response_to{http::method_of(options.request_method)}, limit, lenient);
}

}  // namespace

int run_parse(parse_options const& options, std::istream& in, std::ostream& out) {
  static constexpr http::limits wide = http::limits::wide();
  http::limits const& limit = options.default_limits ? http::default_limits : wide;
  if (options.core) {
    core_source source(make_parser<http::parser<char const*>>(options, limit));
    return parse_run(options, source, in, out).run();
  }
  paged_source source(make_parser<http::buffer_parser>(options, limit), options.page_size);
  return parse_run(options, source, in, out).run();
}

int run_parse_command(parse_options const& options) {
  std::ios::sync_with_stdio(false);
  if (options.file == "-") return run_parse(options, std::cin, std::cout);
  std::ifstream in(options.file, std::ios::binary);
  if (!in) {
    std::cerr << "quire: cannot read " << options.file
              << ": give a file, or - for standard input\n";
    return 2;
  }
  return run_parse(options, in, std::cout);
}

}  // namespace quire::server
