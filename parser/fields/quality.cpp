#include <quire/parser/fields/quality.hpp>

#include <quire/parser/fields/caseless.hpp>
#include <quire/parser/fields/octets.hpp>
#include <quire/parser/fields/parameters.hpp>
#include <quire/parser/fields/slice.hpp>

#include <cstddef>

namespace quire::http {
namespace {

// What is left of identity when nothing was said about it.
constexpr int quality_of_the_last_resort = 1;

std::string_view without_old_prefix(std::string_view coding) noexcept {
  if (equal_caseless(coding, "x-gzip") || equal_caseless(coding, "x-compress")) {
    coding.remove_prefix(2);
  }
  return coding;
}

}  // namespace

std::optional<int> parse_quality(std::string_view text) noexcept {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i != 5; ++i) {
    if (i == 1) continue;
    char const c = i < text.size() ? text[i] : '0';
    if (!is(character_class::digit, c)) return std::nullopt;
    value = value * 10 + digit_value(c);
  }
  if (value > quality_max) return std::nullopt;
  return value;
}

accept_encoding_reader::result accept_encoding_reader::next(weighted_coding& out) noexcept {
  std::string_view element;
  if (malformed_) return result::malformed;
  auto const read = list_.next(element);
  if (read == list_reader::result::end) return result::end;
  malformed_ = true;
  if (read == list_reader::result::malformed) return result::malformed;

  out.coding = slice(element, 0, token_size(element));
  out.quality = quality_max;
  if (out.coding.empty()) return result::malformed;
  element.remove_prefix(out.coding.size());
  if (!element.empty()) {
    parameter_reader parameters{element};
    parameter weight;
    if (parameters.next(weight) != parameter_reader::result::parameter ||
        !equal_caseless(weight.name, "q") || weight.value.quoted()) {
      return result::malformed;
    }
    auto const quality = parse_quality(weight.value.raw());
    if (!quality || parameters.position() != element.size()) return result::malformed;
    out.quality = *quality;
  }
  malformed_ = false;
  return result::coding;
}

void coding_qualities(std::string_view accept_encoding, std::span<std::string_view const> codings,
                      std::span<int> qualities) noexcept {
  constexpr int not_named = -1;
  auto const note = [](int& known, int quality) {
    if (known == not_named || quality < known) known = quality;
  };
  for (int& q : qualities) q = not_named;
  int others = not_named;
  accept_encoding_reader reader{accept_encoding};
  weighted_coding next;
  auto read = reader.next(next);
  for (; read == accept_encoding_reader::result::coding; read = reader.next(next)) {
    if (next.coding == "*") note(others, next.quality);
    std::string_view const name = without_old_prefix(next.coding);
    for (std::size_t i = 0; i != codings.size(); ++i) {
      if (equal_caseless(name, without_old_prefix(codings[i]))) note(qualities[i], next.quality);
    }
  }
  bool const is_read = read == accept_encoding_reader::result::end;
  for (std::size_t i = 0; i != codings.size(); ++i) {
    if (is_read && qualities[i] != not_named) continue;
    bool const is_identity = equal_caseless(codings[i], "identity");
    qualities[i] = is_read && others != not_named ? others
                   : is_identity                  ? quality_of_the_last_resort
                                                  : 0;
  }
}

int coding_quality(std::string_view accept_encoding, std::string_view coding) noexcept {
  int quality = 0;
  coding_qualities(accept_encoding, {&coding, 1}, {&quality, 1});
  return quality;
}

}  // namespace quire::http
