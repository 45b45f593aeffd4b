// All that a parser remembers between two calls: plain data without a pointer or an iterator in it.
//
// So it can be moved from a parser over one kind of iterator to a parser over another in the middle
// of a message. About 90 octets; trivially copyable.
//
// Invariant: `offset` is the number, in the stream of all octets, of the octet that the next call
// to parse() finds at `first`. The first `scanned` octets from there on were looked at and are part
// of the element that is being read.
#pragma once

#include <quire/parser/error_code.hpp>
#include <quire/parser/method.hpp>
#include <quire/parser/node.hpp>

#include <cstdint>

namespace quire::http {

// How the end of a message body is found. RFC 9112, section 6.3.
enum class framing : std::uint8_t { none, length, chunked, until_close };

namespace detail {

// What the next octet belongs to. Those up to `end` have a usual case that is inlined.
enum class phase : std::uint8_t {
  field_name,
  field_value,
  start,
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

struct parser_state {
  std::uint64_t offset = 0;
  std::uint64_t section_end = 0;  // No octet of the field section may lie at this offset or behind.
  std::uint64_t content_length = 0;  // As Content-Length says, or the sum of the chunks so far.
  std::uint64_t content_left = 0;    // Of the content, or of the chunk.
  std::uint64_t error_offset = 0;
  std::uint32_t scanned = 0;
  std::uint32_t line_length = 0;  // Of what was consumed of the line that `first` lies in.
  std::uint32_t field_count = 0;
  std::uint32_t chunk_extensions_length = 0;
  std::uint32_t empty_lines = 0;
  std::uint16_t status = 0;
  phase at = phase::start;
  error_code error = error_code::none;
  node_type error_element = node_type::none;
  http::framing framing = http::framing::none;
  http::method method = http::method::other;  // Of the request, also when a response is read.
  std::uint8_t minor_version = 1;
  std::uint8_t field = 0;  // The field_id of the name that was read last.
  std::uint8_t chunk_digits = 0;

  bool is_response = false;
  bool has_host = false;
  bool has_content_length = false;
  bool has_transfer_encoding = false;
  bool is_chunked = false;
  bool has_unknown_coding = false;
  bool has_upgrade = false;
  bool connection_close = false;
  bool connection_keep_alive = false;
  bool connection_upgrade = false;
  bool keep_alive = false;
  bool hands_over = false;

  // Forgets the message before, not the request that a response answers. Called when the first
  // element of a message is complete, so that what is known of a message can be asked until then.
  // Only stores, field by field: a copy of the whole would wait for what was just written.
  [[gnu::always_inline]] inline void begin_message() noexcept {
    section_end = 0;
    content_length = 0;
    content_left = 0;
    line_length = 0;
    field_count = 0;
    chunk_extensions_length = 0;
    empty_lines = 0;
    status = 0;
    framing = http::framing::none;
    minor_version = 1;
    field = 0;
    chunk_digits = 0;
    has_host = false;
    has_content_length = false;
    has_transfer_encoding = false;
    is_chunked = false;
    has_unknown_coding = false;
    has_upgrade = false;
    connection_close = false;
    connection_keep_alive = false;
    connection_upgrade = false;
    keep_alive = false;
    hands_over = false;
  }
};

}  // namespace detail
}  // namespace quire::http
