// The rules that a message can break, as one octet. What each means stands in error.hpp.
#pragma once

#include <cstddef>
#include <cstdint>

namespace quire::http {

enum class error_code : std::uint8_t {
  none,
  // Start line.
  too_many_empty_lines,
  bad_method,
  method_too_long,
  bad_target_character,
  bad_percent_encoding,
  bad_target_form,
  user_information_in_target,
  target_too_long,
  request_line_too_long,
  extra_white_space,
  missing_version,
  bad_version,
  version_not_supported,
  bad_status_code,
  bad_reason_character,
  reason_too_long,
  // Ends of lines.
  bare_cr,
  bare_lf,
  // Field lines.
  leading_white_space,
  obs_fold,
  empty_field_name,
  bad_field_name,
  white_space_before_colon,
  missing_colon,
  bad_field_value,
  field_name_too_long,
  field_line_too_long,
  too_many_fields,
  field_section_too_large,
  // Host.
  missing_host,
  repeated_host,
  bad_host,
  // Framing.
  bad_content_length,
  repeated_content_length,
  content_too_large,
  bad_transfer_encoding,
  chunked_not_last,
  repeated_chunked,
  unknown_transfer_coding,
  transfer_encoding_in_http_1_0,
  content_length_beside_transfer_encoding,
  content_in_connect,
  // Chunked content.
  bad_chunk_size,
  chunk_size_too_long,
  bad_chunk_extension,
  chunk_extensions_too_long,
  bad_chunk_end,
  // After the last message, and at the end of the stream.
  data_after_last_message,
  data_after_hand_over,
  incomplete_message,
};

inline constexpr std::size_t error_code_count =
    static_cast<std::size_t>(error_code::incomplete_message) + 1;

}  // namespace quire::http
