#include <quire/parser/fields/list.hpp>

#include <quire/parser/fields/octets.hpp>
#include <quire/parser/fields/slice.hpp>

namespace quire::http {

bool list_reader::fail(list_error error, std::size_t position) noexcept {
  error_ = error;
  position_ = position;
  return false;
}

// quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE
bool list_reader::skip_quoted_string(std::size_t& i) noexcept {
  std::size_t const first = i++;
  for (; i != value_.size(); ++i) {
    if (value_[i] == '"') {
      ++i;
      return true;
    }
    if (value_[i] == '\\' && ++i == value_.size()) break;
    if (!is_escapable(value_[i])) return fail(list_error::bad_octet, i);
  }
  return fail(list_error::open_quoted_string, first);
}

// comment = "(" *( ctext / quoted-pair / comment ) ")"
bool list_reader::skip_comment(std::size_t& i) noexcept {
  std::size_t const first = i;
  for (unsigned depth = 0; i != value_.size(); ++i) {
    if (value_[i] == ')' && --depth == 0) {
      ++i;
      return true;
    }
    if (value_[i] == '(' && ++depth > comment_depth_max) break;
    if (value_[i] == '\\' && ++i == value_.size()) break;
    if (!is_escapable(value_[i])) return fail(list_error::bad_octet, i);
  }
  return fail(list_error::open_comment, first);
}

list_reader::result list_reader::next(std::string_view& element) noexcept {
  if (error_ != list_error::none) return result::malformed;
  // What precedes the element: white space, and commas that stand for empty elements.
  for (bool ends_element = next_ != 0; next_ != value_.size(); ++next_) {
    char const c = value_[next_];
    if (c == ',') {
      if (!ends_element && ++empty_elements_ > empty_elements_max) {
        fail(list_error::empty_elements, next_);
        return result::malformed;
      }
      ends_element = false;
    } else if (!is_white_space(c)) {
      break;
    }
  }
  if (next_ == value_.size()) return result::end;

  std::size_t const first = next_;
  std::size_t last = first;  // after the last octet that is no white space
  std::size_t i = first;
  while (i != value_.size() && value_[i] != ',') {
    char const c = value_[i];
    if (c == '"') {
      if (!skip_quoted_string(i)) return result::malformed;
    } else if (c == '(' && syntax_ == list_syntax::comments) {
      if (!skip_comment(i)) return result::malformed;
    } else if (is(character_class::quoted_text, c) || c == '\\') {
      ++i;
    } else {
      fail(list_error::bad_octet, i);
      return result::malformed;
    }
    if (!is_white_space(c)) last = i;
  }
  next_ = i;
  position_ = first;
  element = slice(value_, first, last);
  return result::element;
}

}  // namespace quire::http
