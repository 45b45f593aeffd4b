#include <quire/server/site/content_coding.hpp>

#include <quire/parser/fields/quality.hpp>

#include <algorithm>
#include <tuple>

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

accepted_codings::accepted_codings(std::string_view accept_encoding) noexcept {
  static constexpr auto names = [] {
    std::array<std::string_view, encoded_codings.size() + 1> all;
    for (coding_name const& n : encoded_codings) all[static_cast<std::size_t>(n.coding)] = n.name;
    all[static_cast<std::size_t>(content_coding::identity)] = "identity";
    return all;
  }();
  http::coding_qualities(accept_encoding, names, qualities_);
}

accepted_codings const& accepted_codings_memo::of(std::string_view text) noexcept {
  if (text.size() > std::tuple_size_v<decltype(place::text)>) {
    return longer_ = accepted_codings(text);
  }
  auto const octet = [](char c) { return static_cast<std::size_t>(static_cast<unsigned char>(c)); };
  std::size_t const sum = text.empty() ? 0 : text.size() + octet(text.front()) + octet(text.back());
  place& p = places_[sum % places_.size()];
  if (std::string_view(p.text.data(), p.size) == text) return p.codings;
  text.copy(p.text.data(), text.size());
  p.size = static_cast<std::uint8_t>(text.size());
  return p.codings = accepted_codings(text);
}

std::optional<content_coding> negotiate(accepted_codings const& accepted,
                                        coding_set available) noexcept {
  std::optional<content_coding> best;
  int best_quality = 0;
  for (coding_name const& n : encoded_codings) {
    int const quality = accepted.quality(n.coding);
    if (!available.has(n.coding) || quality <= best_quality) continue;
    best_quality = quality;
    best = n.coding;
  }
  if (accepted.quality(content_coding::identity) > best_quality) return content_coding::identity;
  return best;
}

}  // namespace quire::server
