#include <quire/parser/fields/parameters.hpp>

#include <quire/parser/fields/octets.hpp>
#include <quire/parser/fields/slice.hpp>

namespace quire::http {

std::size_t token_size(std::string_view text) noexcept {
  std::size_t i = 0;
  while (i != text.size() && is(character_class::token, text[i])) ++i;
  return i;
}

bool is_token(std::string_view text) noexcept {
  return !text.empty() && token_size(text) == text.size();
}

std::size_t quoted_string_size(std::string_view text) noexcept {
  if (text.empty() || text.front() != '"') return 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') return i + 1;
    if (text[i] == '\\' && ++i == text.size()) return 0;
    if (!is_escapable(text[i])) return 0;
  }
  return 0;
}

bool quoted_text::equals(std::string_view text) const noexcept {
  std::size_t i = 0;
  for (char const c : *this) {
    if (i == text.size() || text[i] != c) return false;
    ++i;
  }
  return i == text.size();
}

bool quoted_text::equals_caseless(std::string_view text) const noexcept {
  std::size_t i = 0;
  for (char const c : *this) {
    if (i == text.size() || to_lower(text[i]) != to_lower(c)) return false;
    ++i;
  }
  return i == text.size();
}

std::optional<std::size_t> quoted_text::copy_to(std::span<char> out) const noexcept {
  std::size_t size = 0;
  for (char const c : *this) {
    if (size == out.size()) return std::nullopt;
    out[size++] = c;
  }
  return size;
}

parameter_reader::result parameter_reader::next(parameter& out) noexcept {
  if (malformed_) return result::malformed;
  bool separated = false;
  for (; next_ != text_.size(); ++next_) {
    if (text_[next_] == ';') {
      separated = true;
    } else if (!is_white_space(text_[next_])) {
      break;
    }
  }
  if (next_ == text_.size()) return result::end;

  malformed_ = true;
  if (!separated) return result::malformed;
  std::size_t const name = token_size(slice(text_, next_));
  std::size_t const equals = next_ + name;
  if (name == 0 || equals == text_.size() || text_[equals] != '=') return result::malformed;
  std::string_view const value = slice(text_, equals + 1);
  if (std::size_t const quoted = quoted_string_size(value)) {
    out.value = {slice(value, 1, quoted - 1), true};
  } else if (std::size_t const token = token_size(value)) {
    out.value = {slice(value, 0, token), false};
  } else {
    next_ = equals + 1;
    return result::malformed;
  }
  out.name = slice(text_, next_, equals);
  next_ = equals + 1 + out.value.raw().size() + (out.value.quoted() ? 2 : 0);
  malformed_ = false;
  return result::parameter;
}

std::optional<media_type_parts> parse_media_type(std::string_view text) noexcept {
  media_type_parts out;
  out.type = slice(text, 0, token_size(text));
  text.remove_prefix(out.type.size());
  if (out.type.empty() || text.empty() || text.front() != '/') return std::nullopt;
  text.remove_prefix(1);
  out.subtype = slice(text, 0, token_size(text));
  text.remove_prefix(out.subtype.size());
  if (out.subtype.empty()) return std::nullopt;
  if (!text.empty() && text.front() != ';' && !is_white_space(text.front())) {
    return std::nullopt;
  }
  out.parameters = text;
  return out;
}

}  // namespace quire::http
