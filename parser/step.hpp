// One call to parse(), taken apart: where it is, what it may see, and the ways in which it can end.
//
// A line is read part by part and handed out when it is whole. A part that was read is consumed
// here, not for the caller, who keeps the line until then.
//
// The grammar is written against this, once for every kind of iterator. A `place` is an iterator
// with its distance from `first`, because not every iterator can be subtracted.
#pragma once

#include <quire/parser/characters.hpp>
#include <quire/parser/error.hpp>
#include <quire/parser/limits.hpp>
#include <quire/parser/node.hpp>
#include <quire/parser/parser_state.hpp>
#include <quire/parser/policy.hpp>
#include <quire/parser/scan.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <type_traits>

namespace quire::http::detail {

template <class Iterator>
struct place {
  Iterator at;
  std::size_t index;  // Octets from `first` to `at`.

  constexpr place& operator++() noexcept {
    ++at;
    ++index;
    return *this;
  }
};

// Moves p to the first octet that is not of the class, or to last.
template <character_class Class, class Iterator>
constexpr void skip(place<Iterator>& p, Iterator last) noexcept {
  if constexpr (is_contiguous<Iterator>) {
    char const* const end = scan::find_end<Class>(p.at, last);
    p.index += static_cast<std::size_t>(end - p.at);
    p.at = end;
  } else {
    while (p.at != last && is(Class, *p.at)) ++p;
  }
}

template <class Iterator>
constexpr void skip_white_space(place<Iterator>& p, Iterator last) noexcept {
  while (p.at != last && is_white_space(*p.at)) ++p;
}

template <class Iterator>
struct step {
  parser_state& state;
  limits const& limit;
  policy const& lenient;
  Iterator line;   // Where the line starts that is being read.
  Iterator first;  // Where the part starts that is being read.
  Iterator const last;
  node<Iterator>& out;

  constexpr place<Iterator> begin() const noexcept { return {first, 0}; }

  // Behind the octets of this part that an earlier call has looked at.
  constexpr place<Iterator> resume() const noexcept {
    return {advanced(first, state.scanned), state.scanned};
  }

  // Everything before p was looked at and belongs to the part.
  constexpr result need_more(place<Iterator> const& p) noexcept {
    state.scanned = static_cast<std::uint32_t>(p.index);
    return result::need_more;
  }

  constexpr result fail(error_code code, part_type element, std::size_t index) noexcept {
    show_begun_line();
    state.at = phase::failed;
    state.error = code;
    state.error_element = element;
    state.error_offset = state.offset + index;
    return result::error;
  }

  // Puts what is known of the line into `out`.
  constexpr void show_begun_line() noexcept {
    begun_line const begun = line_begun(state.at);
    out = {begun.type, begun.missing_parts, 0, state.front_size, 0, 0, line};
    if (begun.type == node_type::request_line) {
      out.id = static_cast<std::uint16_t>(state.method);
      if (begun.part_count == 2) show_target();
    } else if (begun.part_count == 2) {
      out.id = state.status;
    }
  }
  // Requires: what was read of the line ends with the target and a space.
  constexpr void show_target() noexcept {
    out.back_offset = state.front_size + 1;
    out.back_size = state.line_length - state.front_size - 2;
  }

  // Consumes all before p without handing it out.
  constexpr void consume(place<Iterator> const& p) noexcept {
    first = p.at;
    state.offset += p.index;
    state.scanned = 0;
  }

  // A part ends, and the line goes on at `next`.
  constexpr result pass(place<Iterator> const& next, phase then) noexcept {
    state.line_length += static_cast<std::uint32_t>(next.index);
    consume(next);
    state.at = then;
    return result::ok;
  }

  // The line ends in front of `next`: hands out all of it.
  constexpr result emit_line(node_type type, std::uint16_t id, std::size_t back_offset,
                             std::size_t back_size, place<Iterator> const& next,
                             phase then) noexcept {
    out = {type, 0, id, state.front_size, back_size, static_cast<std::uint32_t>(back_offset), line};
    consume(next);
    state.at = then;
    return result::ok;
  }

  // Hands out what is no line: `size` octets from `from` on.
  constexpr result emit(node_type type, Iterator from, std::size_t size,
                        place<Iterator> const& next, phase then) noexcept {
    out = {type, 0, 0, 0, size, 0, from};
    consume(next);
    state.at = then;
    return result::ok;
  }
};

// line-end = CRLF. RFC 9112, section 2.2.
//
// Moves p behind the end of a line. ok: done; need_more: p may be the start of one; error: it is
// none.
template <class Iterator>
constexpr result read_line_end(step<Iterator>& s, place<Iterator>& p, part_type element) noexcept {
  place<Iterator> const start = p;
  if (p.at == s.last) return s.need_more(start);
  if (*p.at == '\r') {
    ++p;
    if (p.at == s.last) return s.need_more(start);
    if (*p.at != '\n') return s.fail(error_code::bare_cr, element, start.index);
  } else if (!s.lenient.bare_lf) {
    return s.fail(error_code::bare_lf, element, start.index);
  }
  ++p;
  return result::ok;
}

constexpr bool is_line_end_octet(char c) noexcept {
  return c == '\r' || c == '\n';
}

}  // namespace quire::http::detail
