// The whole grammar behind one function: which rule reads the next element.
//
// This is the complete parser, for every iterator and every case; what look_ahead.hpp adds is speed
// only.
#pragma once

#include <quire/parser/content.hpp>
#include <quire/parser/field_line.hpp>
#include <quire/parser/framing.hpp>
#include <quire/parser/parser_memory.hpp>
#include <quire/parser/start_line.hpp>
#include <quire/parser/step.hpp>

namespace quire::http::detail {

// The empty line behind a field section, or behind the trailer section: CRLF.
template <class Iterator>
result read_section_end(step<Iterator>& s) noexcept {
  bool const trailer = in_trailer(s);
  place<Iterator> p = s.begin();
  part_type const element = trailer ? part_type::end : part_type::fields_end;
  if (result const r = read_line_end(s, p, element); r != result::ok) return r;
  if (trailer) {
    s.consume(p);
    return end_message(s);
  }
  error_code const code = decide_framing(s.state, s.lenient);
  if (code != error_code::none) return s.fail(code, element, 0);
  return s.emit(node_type::fields_end, p.at, 0, p, phase_behind_head(s.state.framing));
}

// A field line up to its value, or the line behind the last one.
template <class Iterator>
result read_line_start(step<Iterator>& s) noexcept {
  if (s.first == s.last) return s.need_more(s.begin());
  return is_line_end_octet(*s.first) ? read_section_end(s) : read_name(s);
}

template <class Iterator>
result read_element(step<Iterator>& s) noexcept {
  for (;;) {
    // A part of a line, or nothing that is handed out.
    result passed = result::ok;
    switch (s.state.at) {
      case phase::start:
        passed = s.state.is_response ? read_response_version(s) : read_method(s);
        break;
      case phase::target:
        passed = read_target(s);
        break;
      case phase::version:
        return read_version(s);
      case phase::status:
        passed = read_status(s);
        break;
      case phase::reason:
        return read_reason(s);
      case phase::field_name:
      case phase::trailer_name:
        passed = read_line_start(s);
        if (line_begun(s.state.at).part_count == 0) return passed;
        break;
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
        return s.fail(error_code::data_after_last_message, part_type::none, 0);
      case phase::handed_over:
        if (s.first == s.last) return s.need_more(s.begin());
        return s.fail(error_code::data_after_hand_over, part_type::none, 0);
      case phase::failed:
        return result::error;
      default:  // Between chunks.
        passed = read_between_chunks(s);
    }
    if (passed != result::ok) return passed;
  }
}

// One call to parse().
template <class Iterator>
result read_any(parser_memory& memory, Iterator& first, Iterator last, node<Iterator>& out,
                error& err) noexcept {
  parser_state& state = memory.state;
  step<Iterator> s{
      state, *memory.limit, memory.lenient, first, advanced(first, begun_length(state)), last, out};
  result const r = read_element(s);
  if (r == result::need_more) s.show_begun_line();
  first = begun_length(state) != 0 ? s.line : s.first;
  if (r == result::error) err = {state.error, state.error_element, state.error_offset};
  return r;
}

// The stream ends at `last`, and [first, last) was not consumed.
template <class Iterator>
result finish(parser_memory& memory, Iterator first, Iterator last, node<Iterator>& out,
              error& err) noexcept {
  parser_state& state = memory.state;
  step<Iterator> s{state, *memory.limit, memory.lenient, first, first, last, out};
  if (state.at == phase::content_until_close || state.at == phase::end) return end_message(s);
  bool const between =
      state.at == phase::start || state.at == phase::closed || state.at == phase::handed_over;
  if (between && first == last) {
    out = {node_type::none, 0, 0, 0, 0, 0, last};
    return result::done;
  }
  if (state.at != phase::failed) s.fail(error_code::incomplete_message, part_type::none, 0);
  err = {state.error, state.error_element, state.error_offset};
  return result::error;
}

}  // namespace quire::http::detail
