// Responses that are made for one request: everything that is not a whole file.
#pragma once

#include <quire/parser/fields/range.hpp>
#include <quire/server/date_clock.hpp>
#include <quire/server/output.hpp>
#include <quire/server/site/multipart.hpp>
#include <quire/server/site/representation_fields.hpp>
#include <quire/server/site/status.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace quire::server {

// How the connection goes on after a response, which the response has to say.
enum class persistence : std::uint8_t {
  keep,          // HTTP/1.1: nothing to say.
  keep_and_say,  // HTTP/1.0.
  close,
};

// What all responses of a worker have in common at one moment.
struct response_context {
  output& out;
  date_clock const& date;
  persistence persists = persistence::keep;
  bool head_only = false;  // The request was HEAD.
};

// A page for a status: an error, or a redirect.
struct status_page {
  status code = status::internal_server_error;
  std::string_view detail = {};
  std::string_view location = {};
  std::string_view allow = {};
  std::optional<std::uint64_t> unsatisfied_length = {};  // 416: the length of the representation.
  bool retry = false;                                    // 503: it may work in a second.
  bool varies = false;                                   // Accept-Encoding has a part in it.
};

// Each returns the bytes of content that it added, or nothing when the pool has no page: the caller
// then closes the connection. One span of the output is used.
[[nodiscard]] std::optional<std::uint64_t> add_status_page(response_context const& context,
                                                           status_page const& page) noexcept;
[[nodiscard]] bool add_no_content(response_context const& context, std::string_view allow) noexcept;
[[nodiscard]] bool add_continue(output& out) noexcept;
[[nodiscard]] bool add_not_modified(response_context const& context,
                                    representation_fields const& fields) noexcept;
[[nodiscard]] bool add_partial_head(response_context const& context,
                                    representation_fields const& fields,
                                    http::byte_extent const& extent) noexcept;
// The head of a 206 with several parts, which are `length` bytes in all. The content coding is that
// of the parts, so they state it.
[[nodiscard]] bool add_multipart_head(response_context const& context,
                                      representation_fields const& fields, multipart const& form,
                                      std::uint64_t length) noexcept;
// The head that was made when the file was cached, with a fresh date. `head` is copied.
[[nodiscard]] bool add_prepared_head(response_context const& context, std::string_view head,
                                     std::size_t date_offset) noexcept;

}  // namespace quire::server
