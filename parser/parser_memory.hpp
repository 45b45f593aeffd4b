// What a parser holds between two calls: its state, its limits and its policy; for contiguous
// octets the lines that were found ahead as well.
#pragma once

#include <quire/parser/found_line.hpp>
#include <quire/parser/limits.hpp>
#include <quire/parser/parser_state.hpp>
#include <quire/parser/policy.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace quire::http::detail {

struct parser_memory {
  parser_state state;
  limits const* limit;
  policy lenient;

  parser_memory(limits const& l, policy const& p) noexcept : limit(&l), lenient(p) {}

  // What look_ahead_memory has, and this has not.
  std::size_t found_length() const noexcept { return 0; }
  void forget_found() noexcept {}
};

// Lines of a head that one search finds at most.
inline constexpr std::size_t found_lines_max = 25;

// Where the lines of the most usual kind of request lie, and how many they are.
inline constexpr std::size_t usual_lines_at = found_lines_max + 3;
inline constexpr std::size_t usual_lines = 5;

// Limits that a search does not look at: where they are smaller, nothing is searched.
inline constexpr std::uint32_t method_length_always = 8;
inline constexpr std::uint32_t field_name_length_always = 32;

// Shorter requests are not searched for at once.
inline constexpr std::size_t request_length_min = 32;

struct look_ahead_memory : parser_memory {
  // How many octets may be searched at once so that no limit is passed; 0: none.
  std::uint32_t start_window = 0;
  std::uint32_t field_window = 0;
  // Fewer octets than this may lie behind the first 32 of a request that is searched.
  std::size_t request_window = 0;
  std::size_t next;  // Of the line that is handed out next, in octets behind the start of this.
  // Behind those that a search finds, fields_end, end, and one of type `none`. Behind these all
  // lines of a GET with Host alone; of them only the sizes of two are ever written.
  found_line lines[found_lines_max + 3 + usual_lines] = {};

  look_ahead_memory(limits const& l, policy const& p) noexcept : parser_memory(l, p) {
    set_next(lines);
    constexpr auto what = [](node_type type) { return static_cast<std::uint32_t>(type); };
    found_line* const usual = lines + usual_lines_at;
    usual[0] = {what(node_type::request_line) | static_cast<std::uint32_t>(method::get) << 16, 3, 4,
                0, 0};
    usual[1] = {what(node_type::field), 4, 6, 0, 0};
    usual[2].what = what(node_type::fields_end);
    usual[3].what = what(node_type::end);
    // A line that may go on in the next one is for the grammar.
    if (l.method_length_max < method_length_always || l.field_count_max == 0 ||
        l.field_name_length_max < field_name_length_always || p.obs_fold) {
      return;
    }
    field_window = std::min<std::uint32_t>(l.field_line_length_max, found_line_length_max);
    start_window = std::min(
        {field_window, l.request_line_length_max, l.target_length_max, l.field_section_length_max});
    if (start_window >= request_length_min) request_window = start_window - request_length_min + 1;
  }

  [[gnu::always_inline]] inline void set_next(found_line const* line) noexcept {
    next = static_cast<std::size_t>(reinterpret_cast<char const*>(line) -
                                    reinterpret_cast<char const*>(this));
  }
  [[gnu::always_inline]] inline found_line const& front() const noexcept {
    return *reinterpret_cast<found_line const*>(reinterpret_cast<char const*>(this) + next);
  }
  [[gnu::always_inline]] inline void pop_front() noexcept { next += sizeof(found_line); }
  [[gnu::always_inline]] inline bool has_found() const noexcept { return front().what != 0; }

  // Octets from `first` to behind the last line.
  std::size_t found_length() const noexcept {
    std::size_t sum = 0;
    for (found_line const* line = &front(); line->what != 0; ++line) sum += line->step;
    return sum;
  }
  [[gnu::always_inline]] inline void forget_found() noexcept {
    set_next(lines);
    lines[0].what = 0;
  }
};

}  // namespace quire::http::detail
