// Lists of elements that commas separate. RFC 9110, sections 5.6.1, 5.6.4 and 5.6.5.
//
//   #element => [ element ] *( OWS "," OWS [ element ] )
//
// Reads a field value from left to right and gives each element as a view of it, without the white
// space around. A comma in a quoted-string, or in a comment where the field has comments, separates
// nothing. Empty elements are skipped, but only so many: RFC 9110 asks to take "a reasonable
// number".
//
// Not for lists of entity tags, whose quotes are no quoted-strings: see entity_tag.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace quire::http {

enum class list_syntax : std::uint8_t {
  plain,     // quoted-strings
  comments,  // quoted-strings and comments, as in Via
};

enum class list_error : std::uint8_t {
  none,
  open_quoted_string,  // a quoted-string without its end
  open_comment,        // a comment without its end, or nested too deep
  bad_octet,           // an octet that may not stand where it stands
  empty_elements,      // more empty elements than the limit
};

class list_reader {
 public:
  enum class result : std::uint8_t { element, end, malformed };

  static constexpr unsigned empty_elements_max = 16;
  static constexpr unsigned comment_depth_max = 16;

  explicit list_reader(std::string_view value, list_syntax syntax = list_syntax::plain) noexcept
      : value_(value), syntax_(syntax) {}

  // The next element; never empty. `malformed` is final.
  [[nodiscard]] result next(std::string_view& element) noexcept;

  // Where in the value the last element starts; after `malformed`, where the fault is.
  std::size_t position() const noexcept { return position_; }
  list_error error() const noexcept { return error_; }

 private:
  bool fail(list_error error, std::size_t position) noexcept;
  bool skip_quoted_string(std::size_t& i) noexcept;
  bool skip_comment(std::size_t& i) noexcept;

  std::string_view value_;
  std::size_t next_ = 0;
  std::size_t position_ = 0;
  unsigned empty_elements_ = 0;
  list_syntax syntax_;
  list_error error_ = list_error::none;
};

}  // namespace quire::http
