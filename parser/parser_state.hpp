// All that a parser remembers between two calls: plain data without a pointer or an iterator in it.
//
// So it can be moved from a parser over one kind of iterator to a parser over another in the middle
// of a message. About 90 octets; trivially copyable.
//
// Invariant: `offset` is the number, in the stream of all octets, of the octet that the part begins
// with that is being read. The first `scanned` octets from there on were looked at and belong to
// it. In front of it lie begun_length() octets of the same line, which the next call to parse()
// finds at `first`.
#pragma once

#include <quire/parser/error_code.hpp>
#include <quire/parser/method.hpp>
#include <quire/parser/node.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace quire::http {

// How the end of a message body is found. RFC 9112, section 6.3.
enum class framing : std::uint8_t { none, length, chunked, until_close };

namespace detail {

// What the next octet belongs to.
enum class phase : std::uint8_t {
  start,
  field_name,
  field_value,
  target,
  version,
  end,  // No octet is needed to go on from here.
  // The line before the data of a chunk; see content.hpp.
  chunk_size,
  chunk_data_cr,
  chunk_data_lf,
  chunk_white_space,
  chunk_extension_start,
  chunk_extension_name,
  chunk_extension_after_name,
  chunk_extension_value_start,
  chunk_extension_value,
  chunk_extension_quoted,
  chunk_extension_escape,
  chunk_extension_after_quoted,
  chunk_line_feed,
  chunk_data,
  content,
  content_until_close,
  trailer_name,
  trailer_value,
  status,
  reason,
  // No octet is taken from here on.
  closed,
  handed_over,
  failed,
};

// What is known of a message: what its fields have said, then what was decided at their end. Bits
// of one word, so that all of it is read and written at once.
enum class fact : std::uint32_t {
  host = 1,
  content_length = 1 << 1,
  transfer_encoding = 1 << 2,
  chunked = 1 << 3,
  unknown_coding = 1 << 4,
  upgrade = 1 << 5,
  connection_close = 1 << 6,
  connection_keep_alive = 1 << 7,
  connection_upgrade = 1 << 8,
  keep_alive = 1 << 9,
  hands_over = 1 << 10,
};

struct parser_state {
  std::uint64_t offset = 0;
  std::uint64_t section_end = 0;  // No octet of the field section may lie at this offset or behind.
  std::uint64_t content_left = 0;  // Of the content, or of the chunk; 0 between messages.
  std::uint64_t error_offset = 0;
  // These five are one word, which is 0 in front of a request.
  alignas(8) std::uint32_t scanned = 0;
  phase at = phase::start;
  bool is_response = false;
  error_code error = error_code::none;
  part_type error_element = part_type::none;

  std::uint32_t line_length = 0;  // Of the parts of the line that were read.
  std::uint32_t front_size = 0;   // Of the method or the name in that line.
  std::uint32_t chunk_extensions_length = 0;
  std::uint16_t status = 0;  // Of a request 0.
  std::uint8_t field = 0;    // The field_id of the name that was read last.

  // What is written at the end of a usual head lies together, so that few stores write it.
  alignas(8) http::framing framing = http::framing::none;
  http::method method = http::method::other;  // Of the request, also when a response is read.
  std::uint8_t minor_version = 1;
  std::uint8_t chunk_digits = 0;  // 0 but inside a chunk size.
  std::uint32_t facts = 0;        // Bits of `fact`.
  std::uint32_t field_count = 0;
  std::uint32_t empty_lines = 0;     // 0 but in front of a request.
  std::uint64_t content_length = 0;  // As Content-Length says, or the sum of the chunks so far.

  constexpr bool knows(fact f) const noexcept {
    return (facts & static_cast<std::uint32_t>(f)) != 0;
  }
  constexpr void note(fact f, bool is_so = true) noexcept {
    facts &= ~static_cast<std::uint32_t>(f);
    if (is_so) facts |= static_cast<std::uint32_t>(f);
  }

  // At the start of a request, of which nothing was looked at.
  [[gnu::always_inline]] inline bool is_before_request() const noexcept {
    std::uint64_t word;
    static_assert(offsetof(parser_state, error_element) + sizeof error_element ==
                  offsetof(parser_state, scanned) + sizeof word);
    std::memcpy(&word, reinterpret_cast<char const*>(this) + offsetof(parser_state, scanned),
                sizeof word);
    return word == 0;
  }

  // Forgets the message before, not the request that a response answers. Called when the first
  // part of a message is complete, so that what is known of a message can be asked until then.
  [[gnu::always_inline]] inline void begin_message() noexcept {
    framing = http::framing::none;
    chunk_digits = 0;
    facts = 0;
    field_count = 0;
    content_length = 0;
  }
};

// The line, of which a part was read, that a phase lies in, and how many parts of it were read.
struct begun_line {
  node_type type = node_type::none;
  std::uint8_t part_count = 0;
  std::uint8_t missing_parts = 0;
};

constexpr begun_line line_begun(phase at) noexcept {
  switch (at) {
    case phase::target:
      return {node_type::request_line, 1, 2};
    case phase::version:
      return {node_type::request_line, 2, 1};
    case phase::status:
      return {node_type::status_line, 1, 2};
    case phase::reason:
      return {node_type::status_line, 2, 1};
    case phase::field_value:
      return {node_type::field, 1, 1};
    case phase::trailer_value:
      return {node_type::trailer, 1, 1};
    default:
      return {};
  }
}

// Octets of the parts that were read of the line that is being read.
constexpr std::uint32_t begun_length(parser_state const& state) noexcept {
  return line_begun(state.at).part_count != 0 ? state.line_length : 0;
}

}  // namespace detail
}  // namespace quire::http
