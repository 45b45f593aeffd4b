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

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace quire::server {

struct request_texts {
  http::method method = http::method::other;
  std::string_view method_text;
  std::string_view target;
  std::string_view host;
  std::optional<std::string_view> range;
  std::optional<std::string_view> accept_encoding;
  std::optional<std::string_view> want_repr_digest;
  std::string_view expect;
  std::string_view referer;
  std::string_view user_agent;
};

struct request : request_texts {
  std::optional<preconditions> conditions;  // Most requests have none.
};

namespace detail {

// With which letters the names of so many octets start that matter to a request: a bit for each.
struct first_letters {
  static constexpr std::uint32_t bit(char c) noexcept { return std::uint32_t{1} << (c & 31); }
  std::array<std::uint32_t, 20> of_size{};
};
inline constexpr first_letters wanted_letters = [] {
  using http::field_id;
  first_letters letters;
  for (field_id const id :
       {field_id::host, field_id::if_match, field_id::if_none_match, field_id::if_range,
        field_id::if_modified_since, field_id::if_unmodified_since, field_id::range,
        field_id::accept_encoding, field_id::want_repr_digest, field_id::expect, field_id::referer,
        field_id::user_agent}) {
    std::string_view const name = http::to_string(id);
    letters.of_size[name.size()] |= first_letters::bit(name.front());
  }
  return letters;
}();

}  // namespace detail

// Collects a request. One for each exchange; reset() for each request.
class request_collector {
 public:
  using node = http::node<buffer::iterator>;

  explicit request_collector(std::size_t scratch_max) noexcept : scratch_max_(scratch_max) {}

  // Takes the request line, which may be the begun one of a request that is refused. False when
  // there is no memory for a text that straddles pages; the same for a field.
  [[nodiscard]] bool add_request_line(node const& line) noexcept;
  [[nodiscard]] bool add_field(node const& field) noexcept;
  // False: the field does not matter, and need not be added. By the size and first letter of its
  // name: most fields are told apart so, for less than the name costs to look up.
  static bool may_want(node const& field) noexcept {
    auto const& letters = detail::wanted_letters.of_size;
    return field.front_size < letters.size() &&
           (letters[field.front_size] & detail::first_letters::bit(*field.first)) != 0;
  }
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
  // The same if they do not all lie in the page in which the element starts.
  bool text_across(node const& element, std::size_t offset, std::size_t size,
                   std::string_view& out) noexcept;
  // Where the value of a field goes; nullptr for one that does not matter.
  std::string_view* place_of(http::field_id id) noexcept;
  bool join(std::string_view& list, std::string_view more) noexcept;
  char* scratch(std::size_t n) noexcept;

  request request_;
  std::size_t scratch_max_;
  std::size_t scratch_used_ = 0;
  std::unique_ptr<char[]> scratch_;
};

}  // namespace quire::server
