// The parser over pages: same elements as the core parser, over a buffer.
//
// It holds two core parsers. The one for char const* works inside one page; the one for
// buffer::iterator takes over only for an element that straddles pages, or is longer than one.
// Their state, which is small, moves between them. Every element is a range of buffer::iterator;
// whoever needs contiguous octets asks byte_range::contiguous().
//
// It allocates nothing and takes no octet out of the buffer: the caller commits what it has read
// (buffer::commit_read) when it no longer needs the elements. Call parse() in one place, in a loop.
#pragma once

#include <quire/buffer/buffer.hpp>
#include <quire/buffer/byte_range.hpp>
#include <quire/parser/parser.hpp>

#include <cstddef>
#include <cstdint>

namespace quire::http {

class buffer_parser {
 public:
  using iterator = buffer::iterator;
  using node_type = node<iterator>;

  explicit buffer_parser(limits const& limit = default_limits, policy const& lenient = {}) noexcept
      : inside_(limit, lenient), across_(limit, lenient) {}
  explicit buffer_parser(response_to r, limits const& limit = default_limits,
                         policy const& lenient = {}) noexcept
      : inside_(r, limit, lenient), across_(r, limit, lenient) {}
  explicit buffer_parser(limits const&&, policy const& = {}) = delete;
  buffer_parser(response_to, limits const&&, policy const& = {}) = delete;

  // Reads the next element of [first, last) into `out`; see parser.hpp.
  [[nodiscard, gnu::always_inline]] inline result parse(iterator& first, iterator const& last,
                                                        node_type& out, error& err) noexcept {
    if (!inside_.memory_.has_found()) {
      if (first.current_page() != last.current_page()) [[unlikely]] {
        // Through copies, so that `first` and `out` of the caller's loop may live in registers: in
        // memory, they would be copied in pieces other than those that they are written in.
        iterator rest = first;
        node_type n;
        result const r = parse_pages(rest, last, n, err);
        first = rest;
        out = n;
        return r;
      }
      if (!detail::look_ahead(inside_.memory_, first.position(), last.position())) {
        node<char const*> n;
        auto const p = inside_.parse_on(first.position(), last.position(), n, err);
        out = in_page(first, n);
        first = first.in_page_at(p.first);
        return p.said;
      }
    }
    // All that was found ahead lies in the page of `first`.
    found_line const& line = inside_.memory_.front();
    iterator const start = first;
    first.advance_in_page(line.step);
    inside_.memory_.pop_front();
    return give(line, start, out);
  }

#if defined(__cpp_exceptions)
  result parse(iterator& first, iterator const& last, node_type& out) {
    error err;
    result const r = parse(first, last, out, err);
    if (r == result::error) throw parse_error(err);
    return r;
  }
#endif

  result finish(iterator const& first, iterator const& last, node_type& out, error& err) noexcept;
  void reset() noexcept {
    inside_.reset();
  }
  void expect(response_to r) noexcept {
    inside_.expect(r);
  }

  // What is known of the message: framing(), keep_alive() and all else that parser.hpp offers.
  parser<char const*> const& message() const noexcept {
    return inside_;
  }

 private:
  // The same node as one over the page that `at` points into.
  static node_type in_page(iterator const& at, node<char const*> const& n) noexcept {
    return {n.type,
            n.missing_parts,
            n.id,
            n.front_size,
            n.back_size,
            n.back_offset,
            n.type == http::node_type::none ? at : at.in_page_at(n.first)};
  }

  // [first, last) lies in several pages.
  result parse_pages(iterator& first, iterator last, node_type& out, error& err) noexcept;
  result parse_across(iterator& first, iterator const& last, node_type& out, error& err) noexcept;

  parser<char const*> inside_;
  parser<iterator> across_;
};

}  // namespace quire::http
