// Why a message was refused: the rule, the place, and what a server answers.
//
// The parser reports a code of one byte; everything that a person needs is looked up in one
// constexpr table. After any error the connection must close: where the next message starts is not
// known.
#pragma once

#include <quire/parser/error_code.hpp>
#include <quire/parser/node.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace quire::http {

struct error_description {
  error_code code;
  std::uint16_t status;      // To answer to a request.
  std::string_view name;     // For programs: lower case, words joined by hyphens.
  std::string_view section;  // Of the document that holds the rule.
  std::string_view message;  // For people.
};

inline constexpr std::array<error_description, error_code_count> error_descriptions = {{
    {error_code::none, 200, "none", "", "no error"},
    {error_code::too_many_empty_lines, 400, "too-many-empty-lines", "RFC 9112, 2.2",
     "too many empty lines stand before the start line"},
    {error_code::bad_method, 400, "bad-method", "RFC 9112, 3.1",
     "a method must be a token followed by one space"},
    {error_code::method_too_long, 501, "method-too-long", "RFC 9112, 3",
     "the method is longer than any method known here"},
    {error_code::bad_target_character, 400, "bad-target-character", "RFC 9112, 3.2",
     "a request-target must not hold this octet"},
    {error_code::bad_percent_encoding, 400, "bad-percent-encoding", "RFC 3986, 2.1",
     "\"%\" must be followed by two hexadecimal digits"},
    {error_code::bad_target_form, 400, "bad-target-form", "RFC 9112, 3.2",
     "the request-target has none of the forms that this method allows"},
    {error_code::user_information_in_target, 400, "user-information-in-target", "RFC 9110, 4.2.4",
     "a request-target must not hold user information"},
    {error_code::target_too_long, 414, "target-too-long", "RFC 9112, 3",
     "the request-target is longer than the limit"},
    {error_code::request_line_too_long, 414, "request-line-too-long", "RFC 9112, 3",
     "the request line is longer than the limit"},
    {error_code::extra_white_space, 400, "extra-white-space", "RFC 9112, 3",
     "the parts of a start line must be separated by exactly one space"},
    {error_code::missing_version, 400, "missing-version", "RFC 9112, 3",
     "a request line must end with the HTTP version"},
    {error_code::bad_version, 400, "bad-version", "RFC 9112, 2.3",
     "a version must be \"HTTP/\", a digit, a dot and a digit"},
    {error_code::version_not_supported, 505, "version-not-supported", "RFC 9110, 15.6.6",
     "only HTTP/1.0 and HTTP/1.1 are spoken here"},
    {error_code::bad_status_code, 400, "bad-status-code", "RFC 9112, 4",
     "a status code must be three digits"},
    {error_code::bad_reason_character, 400, "bad-reason-character", "RFC 9112, 4",
     "a reason phrase must not hold a control character"},
    {error_code::reason_too_long, 400, "reason-too-long", "RFC 9112, 4",
     "the reason phrase is longer than the limit"},
    {error_code::bare_cr, 400, "bare-cr", "RFC 9112, 2.2",
     "a carriage return must be followed by a line feed"},
    {error_code::bare_lf, 400, "bare-lf", "RFC 9112, 2.2",
     "a line must end with a carriage return and a line feed"},
    {error_code::leading_white_space, 400, "leading-white-space", "RFC 9112, 2.2",
     "no white space may stand between the start line and the first field line"},
    {error_code::obs_fold, 400, "obs-fold", "RFC 9112, 5.2", "a field line must not be folded"},
    {error_code::empty_field_name, 400, "empty-field-name", "RFC 9110, 5.1",
     "a field line must start with a field name"},
    {error_code::bad_field_name, 400, "bad-field-name", "RFC 9110, 5.1",
     "a field name must be a token"},
    {error_code::white_space_before_colon, 400, "white-space-before-colon", "RFC 9112, 5.1",
     "a field name must not be followed by white space"},
    {error_code::missing_colon, 400, "missing-colon", "RFC 9112, 5",
     "a field line must hold a colon"},
    {error_code::bad_field_value, 400, "bad-field-value", "RFC 9110, 5.5",
     "a field value must not hold a control character"},
    {error_code::field_name_too_long, 431, "field-name-too-long", "RFC 6585, 5",
     "the field name is longer than the limit"},
    {error_code::field_line_too_long, 431, "field-line-too-long", "RFC 6585, 5",
     "the field line is longer than the limit"},
    {error_code::too_many_fields, 431, "too-many-fields", "RFC 6585, 5",
     "there are more field lines than the limit"},
    {error_code::field_section_too_large, 431, "field-section-too-large", "RFC 6585, 5",
     "the field section is larger than the limit"},
    {error_code::missing_host, 400, "missing-host", "RFC 9112, 3.2",
     "an HTTP/1.1 request must have a Host field"},
    {error_code::repeated_host, 400, "repeated-host", "RFC 9112, 3.2",
     "a request must have only one Host field"},
    {error_code::bad_host, 400, "bad-host", "RFC 9112, 3.2",
     "the Host field must be a host and an optional port"},
    {error_code::bad_content_length, 400, "bad-content-length", "RFC 9112, 6.3",
     "Content-Length must be one decimal number"},
    {error_code::repeated_content_length, 400, "repeated-content-length", "RFC 9112, 6.3",
     "Content-Length must be given once"},
    {error_code::content_too_large, 413, "content-too-large", "RFC 9110, 15.5.14",
     "the content is larger than the limit"},
    {error_code::bad_transfer_encoding, 400, "bad-transfer-encoding", "RFC 9112, 6.1",
     "Transfer-Encoding must be a list of transfer codings"},
    {error_code::chunked_not_last, 400, "chunked-not-last", "RFC 9112, 6.3",
     "chunked must be the last transfer coding"},
    {error_code::repeated_chunked, 400, "repeated-chunked", "RFC 9112, 6.1",
     "chunked must be applied only once"},
    {error_code::unknown_transfer_coding, 501, "unknown-transfer-coding", "RFC 9112, 6.1",
     "only the transfer coding chunked is known here"},
    {error_code::transfer_encoding_in_http_1_0, 400, "transfer-encoding-in-http-1-0",
     "RFC 9112, 6.1", "an HTTP/1.0 message must not have Transfer-Encoding"},
    {error_code::content_length_beside_transfer_encoding, 400,
     "content-length-beside-transfer-encoding", "RFC 9112, 6.3",
     "a message must not have both Content-Length and Transfer-Encoding"},
    {error_code::content_in_connect, 400, "content-in-connect", "RFC 9110, 9.3.6",
     "a CONNECT request must not have content"},
    {error_code::bad_chunk_size, 400, "bad-chunk-size", "RFC 9112, 7.1",
     "a chunk size must be hexadecimal digits"},
    {error_code::chunk_size_too_long, 400, "chunk-size-too-long", "RFC 9112, 7.1",
     "a chunk size must have at most 16 digits"},
    {error_code::bad_chunk_extension, 400, "bad-chunk-extension", "RFC 9112, 7.1.1",
     "a chunk extension must be a name and an optional value"},
    {error_code::chunk_extensions_too_long, 413, "chunk-extensions-too-long", "RFC 9112, 7.1.1",
     "the chunk extensions of a message are longer than the limit"},
    {error_code::bad_chunk_end, 400, "bad-chunk-end", "RFC 9112, 7.1",
     "chunk data must be followed by a carriage return and a line feed"},
    {error_code::data_after_last_message, 400, "data-after-last-message", "RFC 9112, 9.6",
     "nothing is read after the last message of a connection"},
    {error_code::data_after_hand_over, 400, "data-after-hand-over", "RFC 9110, 7.8",
     "after an upgrade or CONNECT the octets belong to another protocol"},
    {error_code::incomplete_message, 400, "incomplete-message", "RFC 9112, 8",
     "the connection ended inside a message"},
}};

constexpr error_description const& describe(error_code code) noexcept {
  return error_descriptions[static_cast<std::size_t>(code)];
}

struct error {
  error_code code = error_code::none;
  part_type element = part_type::none;  // What was being read.
  std::uint64_t offset = 0;             // Of the offending octet, counted from the stream's first.

  constexpr std::string_view name() const noexcept { return describe(code).name; }
  constexpr std::string_view section() const noexcept { return describe(code).section; }
  constexpr std::string_view message() const noexcept { return describe(code).message; }
  constexpr unsigned status() const noexcept { return describe(code).status; }
  friend constexpr bool operator==(error const&, error const&) = default;
};

namespace detail {

constexpr bool error_table_is_in_order() noexcept {
  for (std::size_t i = 0; i < error_code_count; ++i) {
    if (error_descriptions[i].code != static_cast<error_code>(i)) return false;
  }
  return true;
}
static_assert(error_table_is_in_order());

}  // namespace detail
}  // namespace quire::http
