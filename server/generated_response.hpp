// Responses that are made for one request: everything that is not a whole file.
#pragma once

#include <quire/parser/fields/range.hpp>
#include <quire/server/date_clock.hpp>
#include <quire/server/output.hpp>
#include <quire/server/prepared_head.hpp>
#include <quire/server/site/multipart.hpp>
#include <quire/server/site/representation_fields.hpp>
#include <quire/server/site/status.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quire::server {

// How the connection goes on after a response, which the response has to say.
enum class persistence : std::uint8_t {
  keep,          // HTTP/1.1: nothing to say.
  keep_and_say,  // HTTP/1.0.
  close,
};

// A response that is the same for every request but for Date and Connection.
struct prepared_page {
  status code;
  prepared_head head;
  std::string body;
};

// The pages that are asked for often, written when the server starts.
class prepared_pages {
 public:
  prepared_pages();
  // nullptr: it is not one of them.
  prepared_page const* find(status code) const noexcept {
    for (prepared_page const& p : pages_) {
      if (p.code == code) return &p;
    }
    return nullptr;
  }

 private:
  std::vector<prepared_page> pages_;
};

// What all responses of a worker have in common at one moment.
struct response_context {
  output& out;
  date_clock const& date;
  prepared_pages const& pages;
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

  bool says_only_its_status() const noexcept {
    return detail.empty() && location.empty() && allow.empty() && !unsatisfied_length && !retry &&
           !varies;
  }
};

// Each returns the bytes of content that it added, or nothing when the pool has no page: the caller
// then closes the connection. One span of the output is used.
[[nodiscard]] std::optional<std::uint64_t> add_status_page(response_context const& context,
                                                           status_page const& page) noexcept;
[[nodiscard]] bool add_no_content(response_context const& context, std::string_view allow) noexcept;
[[nodiscard]] bool add_continue(output& out) noexcept;
// `validators` are field lines; `digest`, here and below, is the value of Repr-Digest, or empty.
[[nodiscard]] bool add_not_modified(response_context const& context, std::string_view validators,
                                    std::string_view digest) noexcept;
[[nodiscard]] bool add_partial_head(response_context const& context,
                                    representation_fields const& fields,
                                    http::byte_extent const& extent) noexcept;
// The head of a 206 with several parts, which are `length` bytes in all. The content coding is that
// of the parts, so they state it.
[[nodiscard]] bool add_multipart_head(response_context const& context,
                                      representation_fields const& fields, multipart const& form,
                                      std::uint64_t length) noexcept;
// `head` is copied, with a fresh date, and what is given of the content right behind it. Requires:
// content.size() <= output::copied_max.
[[nodiscard]] bool add_prepared(response_context const& context, prepared_head const& head,
                                std::string_view digest, std::string_view content) noexcept;

}  // namespace quire::server
