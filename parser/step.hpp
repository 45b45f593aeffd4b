// One call to parse(), taken apart: where it is, what it may see, and the ways in which it can end.
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
inline constexpr bool is_contiguous = std::is_same_v<Iterator, char const*>;

// `it` moved on by n. Costs n increments only where the iterator cannot do better.
template <class Iterator>
constexpr Iterator advanced(Iterator it, std::size_t n) noexcept {
  using distance = typename std::iterator_traits<Iterator>::difference_type;
  if constexpr (requires { it + distance{}; }) {
    return it + static_cast<distance>(n);
  } else {
    for (; n != 0; --n) ++it;
    return it;
  }
}

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
  Iterator& first;
  Iterator const last;
  node<Iterator>& out;

  constexpr place<Iterator> begin() const noexcept { return {first, 0}; }

  // Behind the octets of this element that an earlier call has looked at.
  constexpr place<Iterator> resume() const noexcept {
    return {advanced(first, state.scanned), state.scanned};
  }

  // Everything before p was looked at and is part of the element.
  constexpr result need_more(place<Iterator> const& p) noexcept {
    state.scanned = static_cast<std::uint32_t>(p.index);
    return result::need_more;
  }

  constexpr result fail(error_code code, node_type element, std::size_t index) noexcept {
    state.at = phase::failed;
    state.error = code;
    state.error_element = element;
    state.error_offset = state.offset + index;
    return result::error;
  }

  // Consumes all before p without handing it out.
  constexpr void consume(place<Iterator> const& p) noexcept {
    first = p.at;
    state.offset += p.index;
    state.scanned = 0;
  }

  // Hands out [from, to) and goes on at `next`.
  constexpr result emit(node_type type, Iterator from, Iterator to, place<Iterator> const& next,
                        phase then, std::uint16_t id = 0) noexcept {
    out.type = type;
    out.id = id;
    out.first = from;
    out.last = to;
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
constexpr result read_line_end(step<Iterator>& s, place<Iterator>& p, node_type element) noexcept {
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
