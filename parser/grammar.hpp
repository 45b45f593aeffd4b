// The whole grammar behind one function: which rule reads the next element.
//
// This is the complete parser, for every iterator and every case; what fast_path.hpp adds is speed
// only.
#pragma once

#include <quire/parser/content.hpp>
#include <quire/parser/field_line.hpp>
#include <quire/parser/framing.hpp>
#include <quire/parser/start_line.hpp>
#include <quire/parser/step.hpp>

namespace quire::http::detail {

// The empty line behind a field section, or behind the trailer section: CRLF.
template <class Iterator>
result read_section_end(step<Iterator>& s) noexcept {
  bool const trailer = in_trailer(s);
  place<Iterator> p = s.begin();
  node_type const element = trailer ? node_type::end : node_type::fields_end;
  if (result const r = read_line_end(s, p, element); r != result::ok) return r;
  if (trailer) {
    s.consume(p);
    return end_message(s);
  }
  error_code const code = decide_framing(s.state, s.lenient);
  if (code != error_code::none) return s.fail(code, element, 0);
  return s.emit(element, p.at, p.at, p, phase_behind_head(s.state.framing));
}

template <class Iterator>
result read_field_line(step<Iterator>& s) noexcept {
  if (s.first == s.last) return s.need_more(s.begin());
  return is_line_end_octet(*s.first) ? read_section_end(s) : read_name(s);
}

template <class Iterator>
result read_element(step<Iterator>& s) noexcept {
  for (;;) {
    switch (s.state.at) {
      case phase::start:
        return s.state.is_response ? read_response_version(s) : read_method(s);
      case phase::target:
        return read_target(s);
      case phase::version:
        return read_version(s);
      case phase::status:
        return read_status(s);
      case phase::reason:
        return read_reason(s);
      case phase::field_name:
      case phase::trailer_name:
        return read_field_line(s);
      case phase::field_value:
      case phase::trailer_value:
        return read_value(s);
      case phase::content:
      case phase::chunk_data:
        return read_content(s);
      case phase::content_until_close:
        return read_content_until_close(s);
      case phase::end:
        return end_message(s);
      case phase::closed:
        if (s.first == s.last) return s.need_more(s.begin());
        return s.fail(error_code::data_after_last_message, node_type::none, 0);
      case phase::handed_over:
        if (s.first == s.last) return s.need_more(s.begin());
        return s.fail(error_code::data_after_hand_over, node_type::none, 0);
      case phase::failed:
        return result::error;
      default:  // Between chunks.
        if (result const r = read_between_chunks(s); r != result::ok) return r;
    }
  }
}

// One call to parse().
template <class Iterator>
result read_any(parser_state& state, limits const& limit, policy const& lenient, Iterator& first,
                Iterator last, node<Iterator>& out, error& err) noexcept {
  step<Iterator> s{state, limit, lenient, first, last, out};
  result const r = read_element(s);
  if (r == result::error) err = {state.error, state.error_element, state.error_offset};
  return r;
}

// The stream ends at `last`, and [first, last) was not consumed.
template <class Iterator>
result finish(parser_state& state, limits const& limit, policy const& lenient, Iterator first,
              Iterator last, node<Iterator>& out, error& err) noexcept {
  step<Iterator> s{state, limit, lenient, first, last, out};
  if (state.at == phase::content_until_close || state.at == phase::end) return end_message(s);
  bool const between =
      state.at == phase::start || state.at == phase::closed || state.at == phase::handed_over;
  if (between && first == last) {
    out = {node_type::none, 0, last, last};
    return result::done;
  }
  if (state.at != phase::failed) s.fail(error_code::incomplete_message, node_type::none, 0);
  err = {state.error, state.error_element, state.error_offset};
  return result::error;
}

}  // namespace quire::http::detail
