// Field lines, of the field section and of the trailer section. RFC 9112, section 5.
//
//   field-line = field-name ":" OWS field-value OWS
//
// The name is one part, the value the next; a value is without the white space around it. White
// space before the value is passed over as it comes, so that it is looked at once.
#pragma once

#include <quire/parser/field_id.hpp>
#include <quire/parser/framing.hpp>
#include <quire/parser/step.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>

namespace quire::http::detail {

template <class Iterator>
constexpr bool in_trailer(step<Iterator> const& s) noexcept {
  return s.state.at == phase::trailer_name || s.state.at == phase::trailer_value;
}

// The octet at p ends no name: says why.
template <class Iterator>
constexpr result refuse_name(step<Iterator>& s, place<Iterator> const& p,
                             part_type element) noexcept {
  char const c = *p.at;
  error_code code = error_code::bad_field_name;
  if (p.index == 0 && is_white_space(c)) {
    bool const follows_field = s.state.field_count != 0 || in_trailer(s);
    code = follows_field ? error_code::obs_fold : error_code::leading_white_space;
  } else if (p.index == 0 && c == ':') {
    code = error_code::empty_field_name;
  } else if (is_white_space(c)) {
    code = error_code::white_space_before_colon;
  } else if (is_line_end_octet(c)) {
    code = error_code::missing_colon;
  }
  return s.fail(code, element, p.index);
}

// How many octets more of this line the limits allow, and the error for one more.
struct line_budget {
  std::size_t most;
  error_code code;
};

template <class Iterator>
constexpr line_budget budget_of(step<Iterator> const& s) noexcept {
  std::size_t const line =
      s.limit.field_line_length_max - std::min(s.limit.field_line_length_max, s.state.line_length);
  std::uint64_t const section = s.state.section_end - std::min(s.state.section_end, s.state.offset);
  if (line <= section) return {line, error_code::field_line_too_long};
  return {static_cast<std::size_t>(section), error_code::field_section_too_large};
}

// The same for a name, which has a limit of its own, too. Requires: line_length is 0.
template <class Iterator>
constexpr line_budget name_budget_of(step<Iterator> const& s) noexcept {
  line_budget const line = budget_of(s);
  std::size_t const name = s.limit.field_name_length_max;
  return name <= line.most ? line_budget{name, error_code::field_name_too_long} : line;
}

// Requires: the octet at `first` is there and no line end.
template <class Iterator>
result read_name(step<Iterator>& s) noexcept {
  bool const trailer = in_trailer(s);
  part_type const element = trailer ? part_type::trailer_name : part_type::field_name;
  if (s.state.field_count >= (trailer ? s.limit.trailer_count_max : s.limit.field_count_max)) {
    return s.fail(error_code::too_many_fields, element, 0);
  }
  s.line = s.first;
  s.state.line_length = 0;
  place<Iterator> p = s.resume();
  line_budget const budget = name_budget_of(s);
  skip<character_class::token>(p, s.last);
  if (p.index > budget.most) return s.fail(budget.code, element, budget.most);
  if (p.at == s.last) return s.need_more(p);

  place<Iterator> const end = p;
  if (end.index != 0 && is_white_space(*p.at) && s.state.is_response &&
      s.lenient.white_space_before_colon) {
    skip_white_space(p, s.last);
    if (p.index > budget.most) return s.fail(budget.code, element, budget.most);
    if (p.at == s.last) return s.need_more(end);
  }
  if (end.index == 0 || *p.at != ':') return refuse_name(s, p, element);

  ++p;
  ++s.state.field_count;
  s.state.field = static_cast<std::uint8_t>(field_id_in(s.first, end.index, end.index));
  s.state.front_size = static_cast<std::uint32_t>(end.index);
  return s.pass(p, trailer ? phase::trailer_value : phase::field_value);
}

// Moves p to the octet that ends the value; ok when it is there and the line is not too long.
template <class Iterator>
constexpr result find_value_end(step<Iterator>& s, place<Iterator>& p, part_type element) noexcept {
  skip<character_class::field_value>(p, s.last);
  line_budget const budget = budget_of(s);
  if (p.index > budget.most) return s.fail(budget.code, element, budget.most);
  return p.at == s.last ? s.need_more(p) : result::ok;
}

// True when a line that starts with white space continues the value: obs-fold.
template <class Iterator>
constexpr bool may_fold(step<Iterator> const& s) noexcept {
  return s.state.is_response && s.lenient.obs_fold;
}

// Hands out the line, whose value is [first, end) without the white space around it.
template <class Iterator>
result emit_value(step<Iterator>& s, place<Iterator> end, place<Iterator> const& next) noexcept {
  bool const trailer = in_trailer(s);
  part_type const element = trailer ? part_type::trailer_value : part_type::field_value;
  place<Iterator> from = s.begin();  // Line ends are inside only where folding is tolerated.
  while (from.at != end.at && (is_white_space(*from.at) || is_line_end_octet(*from.at))) ++from;
  while (end.at != from.at) {
    Iterator const before = std::prev(end.at);
    if (!is_white_space(*before) && !is_line_end_octet(*before)) break;
    end = {before, end.index - 1};
  }
  auto const id = static_cast<field_id>(s.state.field);
  if (!trailer && is_framing_field(id)) {
    verdict const v = note_framing_field(s.state, s.limit, s.lenient, id, from.at, end.at);
    if (v.code != error_code::none) return s.fail(v.code, element, v.index);
  }
  return s.emit_line(trailer ? node_type::trailer : node_type::field, 0,
                     s.state.line_length + from.index, end.index - from.index, next,
                     trailer ? phase::trailer_name : phase::field_name);
}

// Skips the white space before the value. ok: `first` is at the value, or at its line end.
template <class Iterator>
constexpr result skip_to_value(step<Iterator>& s, part_type element) noexcept {
  place<Iterator> start = s.begin();
  skip_white_space(start, s.last);
  line_budget const budget = budget_of(s);
  if (start.index > budget.most) return s.fail(budget.code, element, budget.most);
  s.state.line_length += static_cast<std::uint32_t>(start.index);
  s.consume(start);
  return result::ok;
}

template <class Iterator>
result read_value(step<Iterator>& s) noexcept {
  part_type const element = in_trailer(s) ? part_type::trailer_value : part_type::field_value;
  if (s.state.scanned == 0) {
    if (result const r = skip_to_value(s, element); r != result::ok) return r;
  }
  place<Iterator> p = s.resume();
  for (;;) {
    if (result const r = find_value_end(s, p, element); r != result::ok) return r;
    place<Iterator> const end = p;
    if (!is_line_end_octet(*p.at)) return s.fail(error_code::bad_field_value, element, p.index);
    if (result const r = read_line_end(s, p, element); r != result::ok) return r;
    if (may_fold(s)) {
      if (p.at == s.last) return s.need_more(end);
      if (is_white_space(*p.at)) continue;
    }
    return emit_value(s, end, p);
  }
}

}  // namespace quire::http::detail
