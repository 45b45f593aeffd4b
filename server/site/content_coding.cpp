#include <quire/server/site/content_coding.hpp>

#include <quire/parser/fields/quality.hpp>

#include <algorithm>

namespace quire::server {
namespace {

constexpr coding_name identity_name{};

}  // namespace

coding_name const& name_of(content_coding c) noexcept {
  auto const found = std::find_if(encoded_codings.begin(), encoded_codings.end(),
                                  [c](coding_name const& n) { return n.coding == c; });
  return found == encoded_codings.end() ? identity_name : *found;
}

std::optional<coding_set> parse_coding_set(std::string_view text) noexcept {
  coding_set set;
  if (text == "off") return set;
  for (;;) {
    std::size_t const end = std::min(text.find(','), text.size());
    auto const found =
        std::find_if(encoded_codings.begin(), encoded_codings.end(),
                     [&](coding_name const& n) { return n.name == text.substr(0, end); });
    if (found == encoded_codings.end()) return std::nullopt;
    set.add(found->coding);
    if (end == text.size()) return set;
    text.remove_prefix(end + 1);
  }
}

std::optional<content_coding> negotiate(std::optional<std::string_view> accept_encoding,
                                        coding_set available) noexcept {
  if (!accept_encoding) return content_coding::identity;
  // Only a quality can make identity unacceptable.
  bool const weighted = accept_encoding->find(';') != std::string_view::npos;
  if (available.empty() && !weighted) return content_coding::identity;
  std::optional<content_coding> best;
  int best_quality = 0;
  for (coding_name const& n : encoded_codings) {
    if (!available.has(n.coding)) continue;
    int const quality = http::coding_quality(*accept_encoding, n.name);
    if (quality <= best_quality) continue;
    best_quality = quality;
    best = n.coding;
  }
  if (http::coding_quality(*accept_encoding, "identity") > best_quality) {
    return content_coding::identity;
  }
  return best;
}

}  // namespace quire::server
