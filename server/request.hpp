// What the server needs of a request, gathered while the parser hands out its elements.
//
// Texts are views: of the page in which they arrived, or of `scratch` when they straddle pages.
// They stay valid until the head of the request is given back, which happens when the answer is
// built. Allocates only when a text straddles pages.
#pragma once

#include <quire/buffer/byte_range.hpp>
#include <quire/parser/field_id.hpp>
#include <quire/parser/method.hpp>
#include <quire/parser/node.hpp>
#include <quire/server/site/conditional.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

namespace quire::server {

struct request {
  http::method method = http::method::other;
  std::string_view method_text;
  std::string_view target;
  std::string_view host;
  preconditions conditions;
  std::optional<std::string_view> range;
  std::optional<std::string_view> accept_encoding;
  std::optional<std::string_view> want_repr_digest;
  std::string_view expect;
  std::string_view referer;
  std::string_view user_agent;
};

// Collects a request. One for each exchange; reset() for each request.
class request_collector {
 public:
  using node = http::node<buffer::iterator>;

  explicit request_collector(std::size_t scratch_max) noexcept : scratch_max_(scratch_max) {}

  // Takes a line of the head, which may be the begun request line of one that is refused. False when
  // there is no memory for a text that straddles pages. Requires: a request line or a field.
  [[nodiscard]] bool add(node const& element) noexcept;
  void reset() noexcept;
  // Gives back the memory that was allocated. Requires: nothing was added since reset().
  void give_back() noexcept {
    if (scratch_ != nullptr) scratch_.reset();
  }
  request const& get() const noexcept { return request_; }

 private:
  // The octets of an element from `offset` on.
  bool text(node const& element, std::size_t offset, std::size_t size,
            std::string_view& out) noexcept;
  bool field(node const& element) noexcept;
  bool set(std::string_view& place, node const& element) noexcept;
  bool set(std::optional<std::string_view>& place, node const& element) noexcept;
  bool join(std::string_view& list, std::string_view more) noexcept;
  char* scratch(std::size_t n) noexcept;

  request request_;
  std::size_t scratch_max_;
  std::size_t scratch_used_ = 0;
  std::unique_ptr<char[]> scratch_;
};

}  // namespace quire::server
