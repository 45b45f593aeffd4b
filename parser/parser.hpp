// The core parser of HTTP/1.1 messages: a pull parser over any bidirectional iterator. RFC 9112.
//
//   parser<char const*> p;                       // or: p{response_to{method::get}}
//   node<char const*> n;
//   error e;
//   while (p.parse(first, last, n, e) == result::ok) use(n);
//
// It allocates nothing, calls nothing back, and owns no octet: an element is a range of the
// caller's iterators. After `need_more` the caller calls again with a range that starts with the
// same octets (perhaps moved elsewhere) and holds more. Octets that are not consumed may be moved,
// never changed or taken away: the parser remembers what it has scanned and what it found ahead, so
// that a message in pieces costs linear time.
//
// It is strict (policy.hpp), bounds everything (limits.hpp), and owns the framing of messages:
// after `fields_end` it knows how the body is delimited, hands out exactly that, and ends with
// `done`. After the last message of a connection, and after an upgrade or CONNECT, it reads nothing
// more.
//
// Invariants:
//   1. The verdict on a stream does not depend on how it is cut into calls.
//   2. No octet outside of [first, last) is read.
//   3. An error is final until reset().
//
// A line of the head comes as one element, when all of it is there. After `need_more` and `error`,
// `out` holds the parts of the line that were read, if any: for programs that show them.
//
// For char const* lines are found many ahead (look_ahead.hpp), and handing one out is inlined: call
// parse() in one place, in a loop.
#pragma once

#include <quire/parser/content.hpp>
#include <quire/parser/error.hpp>
#include <quire/parser/grammar.hpp>
#include <quire/parser/limits.hpp>
#include <quire/parser/look_ahead.hpp>
#include <quire/parser/method.hpp>
#include <quire/parser/node.hpp>
#include <quire/parser/parse_error.hpp>
#include <quire/parser/parser_state.hpp>
#include <quire/parser/policy.hpp>

#include <cstdint>
#include <type_traits>

namespace quire::http {

// Makes a parser one for responses: to requests with this method.
struct response_to {
  method request_method = method::get;
};

template <class Iterator>
class parser {
 public:
  using iterator = Iterator;
  using state_type = detail::parser_state;

  // A parser of requests. The limits are kept by address: one object serves all parsers.
  explicit parser(limits const& limit = default_limits, policy const& lenient = {}) noexcept
      : memory_(limit, lenient) {}
  // A parser of responses.
  explicit parser(response_to r, limits const& limit = default_limits,
                  policy const& lenient = {}) noexcept
      : parser(limit, lenient) {
    expect(r);
  }
  explicit parser(limits const&&, policy const& = {}) = delete;
  parser(response_to, limits const&&, policy const& = {}) = delete;

  // Reads the next element of [first, last) into `out`.
  [[nodiscard, gnu::always_inline]] inline result parse(Iterator& first, Iterator last,
                                                        node<Iterator>& out, error& err) noexcept {
    if constexpr (detail::is_contiguous<Iterator>) {
      if (memory_.has_found() || detail::look_ahead(memory_, first, last)) [[likely]]
        return hand_out(first, out);
      // Through copies, so that `first` and `out` of the caller's loop may live in registers.
      node<char const*> n;
      progress const p = parse_on(first, last, n, err);
      first = p.first;
      out = n;
      return p.said;
    } else {
      return detail::read_any(memory_, first, last, out, err);
    }
  }

#if defined(__cpp_exceptions)
  // The same, but an error is thrown.
  result parse(Iterator& first, Iterator last, node<Iterator>& out) {
    error err;
    result const r = parse(first, last, out, err);
    if (r == result::error) throw parse_error(err);
    return r;
  }
#endif

  // The stream ends at `last`, and [first, last) is what parse() left. done: a message ends there
  // (`out` has type `end`), or none has begun (type `none`); error: it is inside a message.
  result finish(Iterator first, Iterator last, node<Iterator>& out, error& err) noexcept {
    if constexpr (detail::is_contiguous<Iterator>) {
      if (memory_.has_found()) forget_message();
    }
    return detail::finish(memory_, first, last, out, err);
  }

  // Forgets all but limits, policy and the kind of messages. Counts octets from 0 again.
  void reset() noexcept {
    response_to const r{state().method};
    bool const is_response = state().is_response;
    set_state({});
    if (is_response) expect(r);
  }

  // The next message is a response to this. Requires: no message is being read.
  void expect(response_to r) noexcept {
    memory_.state.is_response = true;
    memory_.state.method = r.request_method;
  }

  // What is known of the message; from `fields_end` on, until the next one starts.
  http::framing framing() const noexcept {
    return state().framing;
  }
  // As Content-Length says; for the other framings the octets of content that were begun.
  std::uint64_t content_length() const noexcept {
    return state().content_length;
  }
  bool has_content_length() const noexcept {
    return state().knows(detail::fact::content_length);
  }
  // False: this message is the last one on the connection.
  bool keep_alive() const noexcept {
    return state().knows(detail::fact::keep_alive);
  }
  // The sender wants to change to another protocol: "Connection: upgrade" with Upgrade, in
  // HTTP/1.1.
  bool wants_upgrade() const noexcept {
    return state().knows(detail::fact::connection_upgrade) &&
           state().knows(detail::fact::upgrade) && state().minor_version != 0;
  }
  // What follows this message is not HTTP/1.1 if the answer agrees (CONNECT), or in any case (101,
  // and 2xx to CONNECT). It is left untouched at `first`.
  bool hands_over() const noexcept {
    return state().knows(detail::fact::hands_over);
  }
  // 0 for HTTP/1.0; anything greater has the meaning of HTTP/1.1.
  unsigned minor_version() const noexcept {
    return state().minor_version;
  }
  // Of the request; for a response, of the request that it answers.
  http::method request_method() const noexcept {
    return state().method;
  }
  unsigned status() const noexcept {
    return state().status;
  }
  // Number of the octet at `first` in the stream.
  std::uint64_t offset() const noexcept {
    return state().offset - detail::begun_length(state()) - memory_.found_length();
  }

  // The memory of this parser, to go on with another kind of iterator at the same octet. Requires:
  // the last call to parse() did not say `ok`, for then it may have looked further than that.
  state_type const& state() const noexcept {
    return memory_.state;
  }
  void set_state(state_type const& s) noexcept {
    memory_.state = s;
    memory_.forget_found();
  }

 private:
  friend class buffer_parser;

  // The element that was found ahead and is next.
  [[gnu::always_inline]] inline result hand_out(char const*& first,
                                                node<char const*>& out) noexcept {
    found_line const& line = memory_.front();
    char const* const start = first;
    first += line.step;
    memory_.pop_front();
    return give(line, start, out);
  }

  // What a call has said, and where the next one goes on: in registers.
  struct progress {
    char const* first;
    result said;
  };

  // look_ahead() has said no.
  [[gnu::noinline]] progress parse_on(char const* first, char const* last, node<char const*>& out,
                                      error& err) noexcept {
    using detail::phase;
    if ((state().at == phase::chunk_data_cr || state().at == phase::chunk_size) &&
        detail::read_usual_chunk(memory_, first, last, out)) {
      return {first, result::ok};
    }
    return parse_ahead(first, last, out, err);
  }

  // Both apart, so that the above needs next to no stack.
  [[gnu::noinline]] progress parse_ahead(char const* first, char const* last,
                                         node<char const*>& out, error& err) noexcept {
    bool const at_line =
        state().at == detail::phase::start || state().at == detail::phase::field_name;
    if (at_line && first != last && detail::look_ahead_on(memory_, first, last)) {
      result const said = hand_out(first, out);
      return {first, said};
    }
    return parse_by_grammar(first, last, out, err);
  }
  [[gnu::noinline]] progress parse_by_grammar(char const* first, char const* last,
                                              node<char const*>& out, error& err) noexcept {
    if (first == last && state().at == detail::phase::start) {  // As behind most messages.
      out = {};
      return {first, result::need_more};
    }
    result const said = detail::read_any(memory_, first, last, out, err);
    return {first, said};
  }

  // The stream ended in front of elements that were seen already.
  void forget_message() noexcept {
    memory_.state.offset = offset();
    memory_.state.at = detail::phase::field_name;
    memory_.forget_found();
  }

  std::conditional_t<detail::is_contiguous<Iterator>, detail::look_ahead_memory,
                     detail::parser_memory>
      memory_;
};

}  // namespace quire::http
