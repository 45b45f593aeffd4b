// Builds the head of a response in memory of the caller: status line, field lines, empty line. RFC
// 9112, section 4; RFC 9110, sections 6.6.1, 8 and 15.
//
//   response_head head{memory};
//   head.start(status::ok, date);
//   head.field("Content-Type", type);
//   head.content_length(n);
//   head.end();
//   if (auto const size = head.size()) ...
//
// Never writes past the memory: what does not fit makes size() say nothing, and so does a value
// that holds a control octet, because it could end the field line and start another. The value of
// Date stands at date_offset() and has always 29 octets, so a head that is kept can be refreshed in
// place.
#pragma once

#include <quire/parser/fields/http_date.hpp>
#include <quire/parser/fields/range.hpp>
#include <quire/server/site/digest_field.hpp>
#include <quire/server/site/representation_fields.hpp>
#include <quire/server/site/status.hpp>
#include <quire/server/site/text_writer.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace quire::server {

class response_head {
 public:
  explicit response_head(std::span<char> out) noexcept : out_(out) {}

  // Status line, Server and Date. `date` is an IMF-fixdate, as format_http_date() writes it. The
  // version is 1.1 in an answer to 1.0, too: it tells what the server can do (RFC 9110,
  // section 2.5).
  void start(status s, std::span<char const, http::http_date_size> date) noexcept;

  // A field line. Requires: `name` is a token.
  void field(std::string_view name, std::string_view value) noexcept;
  void field(std::string_view name, std::uint64_t value) noexcept;

  void content_length(std::uint64_t length) noexcept { field("Content-Length", length); }
  void content_type(std::string_view type) noexcept { field("Content-Type", type); }
  // With its quotes.
  void entity_tag(std::string_view tag) noexcept { field("ETag", tag); }
  // In seconds since 1970.
  void last_modified(std::int64_t seconds) noexcept;
  void accept_ranges() noexcept { field("Accept-Ranges", "bytes"); }
  // As digest_field_value() writes it; empty: no field line.
  void digest(std::string_view value) noexcept {
    if (!value.empty()) field(repr_digest_name, value);
  }
  // Field lines that were written before, each with its end.
  void lines(std::string_view text) noexcept { out_.text(text); }
  // What 304 says of the representation, too (RFC 9110, section 15.4.5): Last-Modified, ETag, Vary.
  void validators(representation_fields const& fields) noexcept;
  // All of 200 and 206 but Content-Type and Content-Length.
  void representation(representation_fields const& fields) noexcept;
  // Content-Range of a 206: "bytes first-last/length".
  void content_range(http::byte_extent const& extent, std::uint64_t length) noexcept;
  // Content-Range of a 416: "bytes */length".
  void unsatisfied_range(std::uint64_t length) noexcept;
  // A URI reference.
  void location(std::string_view reference) noexcept { field("Location", reference); }
  // The methods, as in "GET, HEAD".
  void allow(std::string_view methods) noexcept { field("Allow", methods); }
  void connection_close() noexcept { field("Connection", "close"); }
  void connection_keep_alive() noexcept { field("Connection", "keep-alive"); }

  // The empty line.
  void end() noexcept { out_.text("\r\n"); }

  // Bytes written; nothing when something did not fit or was no field value.
  std::optional<std::size_t> size() const noexcept { return out_.size(); }

  // Where the value of Date stands.
  std::size_t date_offset() const noexcept { return date_offset_; }
  // Where the lines of validators() begin and end.
  std::size_t validators_offset() const noexcept { return validators_offset_; }
  std::size_t validators_end() const noexcept { return validators_end_; }

 private:
  text_writer out_;
  std::size_t date_offset_ = 0;
  std::size_t validators_offset_ = 0;
  std::size_t validators_end_ = 0;
};

}  // namespace quire::server
