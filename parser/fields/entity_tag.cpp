#include <quire/parser/fields/entity_tag.hpp>

#include <quire/parser/fields/caseless.hpp>
#include <quire/parser/fields/octets.hpp>
#include <quire/parser/fields/slice.hpp>

#include <cstddef>

namespace quire::http {
namespace {

// Takes one entity tag from the start of `text`.
bool take_entity_tag(std::string_view& text, entity_tag& out) noexcept {
  out.weak = text.starts_with("W/");
  std::size_t const first = out.weak ? 3 : 1;
  if (text.size() <= first || text[first - 1] != '"') return false;
  std::size_t last = first;
  while (last != text.size() && is_entity_tag_octet(text[last])) ++last;
  if (last == text.size() || text[last] != '"') return false;
  out.opaque = slice(text, first, last);
  text.remove_prefix(last + 1);
  return true;
}

// The list is this one tag, as its server wrote it: what nearly all clients send.
bool is_strong_tag(std::string_view list, std::string_view opaque) noexcept {
  return list.size() == opaque.size() + 2 && list.front() == '"' && list.back() == '"' &&
         slice(list, 1, list.size() - 1) == opaque;
}

}  // namespace

std::optional<entity_tag> parse_entity_tag(std::string_view text) noexcept {
  entity_tag out;
  if (!take_entity_tag(text, out) || !text.empty()) return std::nullopt;
  return out;
}

entity_tag_reader::result entity_tag_reader::next(entity_tag& out) noexcept {
  if (malformed_) return result::malformed;
  while (!rest_.empty() && (is_white_space(rest_.front()) || rest_.front() == ',')) {
    rest_.remove_prefix(1);
  }
  if (rest_.empty()) return result::end;
  if (take_entity_tag(rest_, out)) {
    rest_ = trim_blanks(rest_);
    if (rest_.empty() || rest_.front() == ',') return result::tag;
  }
  malformed_ = true;
  return result::malformed;
}

entity_tag_match match_entity_tags(std::string_view list, entity_tag const& current,
                                   entity_tag_comparison how) noexcept {
  bool const may_be_equal = how == entity_tag_comparison::weak || !current.weak;
  if (may_be_equal && is_strong_tag(list, current.opaque)) return entity_tag_match::one;
  if (trim_blanks(list) == "*") return entity_tag_match::any;
  entity_tag_match verdict = entity_tag_match::none;
  entity_tag_reader reader{list};
  entity_tag tag;
  while (true) {
    switch (reader.next(tag)) {
      case entity_tag_reader::result::tag:
        if (how == entity_tag_comparison::weak ? equal_weak(tag, current)
                                               : equal_strong(tag, current)) {
          verdict = entity_tag_match::one;
        }
        break;
      case entity_tag_reader::result::end:
        return verdict;
      case entity_tag_reader::result::malformed:
        return entity_tag_match::malformed;
    }
  }
}

}  // namespace quire::http
