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
// never changed: the parser remembers what it has scanned, so that a message in pieces costs linear
// time.
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
// For char const* the usual cases are inlined (fast_path.hpp): call parse() in one place, in a
// loop.
#pragma once

#include <quire/parser/content.hpp>
#include <quire/parser/error.hpp>
#include <quire/parser/fast_path.hpp>
#include <quire/parser/grammar.hpp>
#include <quire/parser/limits.hpp>
#include <quire/parser/method.hpp>
#include <quire/parser/node.hpp>
#include <quire/parser/parse_error.hpp>
#include <quire/parser/parser_state.hpp>
#include <quire/parser/policy.hpp>
#include <quire/parser/scan_window.hpp>

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
      : limits_(&limit), policy_(lenient) {}
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
      detail::usual_element const found =
          detail::read_usual({state_, *limits_, policy_, window_, first, last});
      if (found.what != result::need_more) [[likely]] {
        out = {found.type, found.id, found.from, found.to};
        first = found.next;
        return found.what;
      }
      // Through copies, so that `first` and `out` of the caller's loop may live in registers.
      char const* rest = first;
      node<char const*> n = out;
      result const any = parse_any(rest, last, n, err);
      first = rest;
      out = n;
      return any;
    } else {
      return parse_any(first, last, out, err);
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
    return detail::finish(state_, *limits_, policy_, first, last, out, err);
  }

  // Forgets all but limits, policy and the kind of messages. Counts octets from 0 again.
  void reset() noexcept {
    response_to const r{state_.method};
    bool const is_response = state_.is_response;
    state_ = {};
    if (is_response) expect(r);
    forget_window();
  }

  // The next message is a response to this. Requires: no message is being read.
  void expect(response_to r) noexcept {
    state_.is_response = true;
    state_.method = r.request_method;
  }

  // What is known of the message; from `fields_end` on, until the next one starts.
  http::framing framing() const noexcept {
    return state_.framing;
  }
  // As Content-Length says; for the other framings the octets of content that were begun.
  std::uint64_t content_length() const noexcept {
    return state_.content_length;
  }
  bool has_content_length() const noexcept {
    return state_.has_content_length;
  }
  // False: this message is the last one on the connection.
  bool keep_alive() const noexcept {
    return state_.keep_alive;
  }
  // The sender wants to change to another protocol: "Connection: upgrade" with Upgrade, in
  // HTTP/1.1.
  bool wants_upgrade() const noexcept {
    return state_.connection_upgrade && state_.has_upgrade && state_.minor_version != 0;
  }
  // What follows this message is not HTTP/1.1 if the answer agrees (CONNECT), or in any case (101,
  // and 2xx to CONNECT). It is left untouched at `first`.
  bool hands_over() const noexcept {
    return state_.hands_over;
  }
  // 0 for HTTP/1.0; anything greater has the meaning of HTTP/1.1.
  unsigned minor_version() const noexcept {
    return state_.minor_version;
  }
  // Of the request; for a response, of the request that it answers.
  http::method request_method() const noexcept {
    return state_.method;
  }
  unsigned status() const noexcept {
    return state_.status;
  }
  // Number of the octet at `first` in the stream.
  std::uint64_t offset() const noexcept {
    return state_.offset;
  }

  // The memory of this parser, to go on with another kind of iterator at the same octet.
  state_type const& state() const noexcept {
    return state_;
  }
  void set_state(state_type const& s) noexcept {
    state_ = s;
    forget_window();
  }

 private:
  [[gnu::noinline]] result parse_any(Iterator& first, Iterator last, node<Iterator>& out,
                                     error& err) noexcept {
    if constexpr (detail::is_contiguous<Iterator>) {
      bool const covered = window_.covers(first, last);
      if (state_.at == detail::phase::chunk_data_cr || state_.at == detail::phase::chunk_size) {
        detail::usual_element const found =
            detail::read_usual_chunk({state_, *limits_, policy_, window_, first, last});
        if (found.what == result::ok) {
          out = {found.type, found.id, found.from, found.to};
          first = found.next;
          if (!covered) window_.forget();
          return result::ok;
        }
      }
      result const r = detail::read_any(state_, *limits_, policy_, first, last, out, err);
      bool const goes_on = r == result::ok || r == result::done;
      covered&& goes_on ? window_.go_on_at(first) : window_.forget();
      return r;
    } else {
      return detail::read_any(state_, *limits_, policy_, first, last, out, err);
    }
  }

  void forget_window() noexcept {
    if constexpr (detail::is_contiguous<Iterator>) window_.forget();
  }

  using window_type =
      std::conditional_t<detail::is_contiguous<Iterator>, detail::scan_window, detail::no_window>;

  state_type state_;
  limits const* limits_;
  policy policy_;
  [[no_unique_address]] window_type window_;
};

}  // namespace quire::http
