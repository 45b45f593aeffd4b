// The content codings in which a file may lie beside itself, and which of them a client gets. RFC
// 9110, sections 8.4.1, 12.4.2 and 12.5.3; RFC 8878 (zstd); RFC 7932 (br).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace quire::server {

enum class content_coding : std::uint8_t { br, zstd, gzip, identity };

struct coding_name {
  content_coding coding = content_coding::identity;
  std::string_view name;       // In Content-Encoding and Accept-Encoding.
  std::string_view extension;  // Of the file that holds it: "page.html.br".
};

// Those that need a file of their own, the ones that pack best first.
inline constexpr std::array<coding_name, 3> encoded_codings = {{
    {content_coding::br, "br", ".br"},
    {content_coding::zstd, "zstd", ".zst"},
    {content_coding::gzip, "gzip", ".gz"},
}};
inline constexpr std::size_t coding_extension_max = 4;

// A set of codings, besides identity, which is always there.
class coding_set {
 public:
  constexpr bool has(content_coding c) const noexcept { return (bits_ & bit(c)) != 0; }
  constexpr void add(content_coding c) noexcept {
    bits_ = static_cast<std::uint8_t>(bits_ | bit(c));
  }
  constexpr void remove(content_coding c) noexcept {
    bits_ = static_cast<std::uint8_t>(bits_ & ~bit(c));
  }
  constexpr bool empty() const noexcept { return bits_ == 0; }
  static constexpr coding_set all() noexcept {
    coding_set s;
    for (auto const& c : encoded_codings) s.add(c.coding);
    return s;
  }
  // Those of either, and those of `a` that are not in `b`.
  friend constexpr coding_set operator|(coding_set a, coding_set b) noexcept {
    a.bits_ = static_cast<std::uint8_t>(a.bits_ | b.bits_);
    return a;
  }
  friend constexpr coding_set operator-(coding_set a, coding_set b) noexcept {
    a.bits_ = static_cast<std::uint8_t>(a.bits_ & ~unsigned{b.bits_});
    return a;
  }
  friend constexpr bool operator==(coding_set const&, coding_set const&) = default;

 private:
  static constexpr unsigned bit(content_coding c) noexcept {
    return 1u << static_cast<unsigned>(c);
  }
  std::uint8_t bits_ = 0;
};

// Name and extension; empty for identity.
[[nodiscard]] coding_name const& name_of(content_coding c) noexcept;

// Reads "br,zstd,gzip" in any order, "off" for none. Nothing when it is neither.
[[nodiscard]] std::optional<coding_set> parse_coding_set(std::string_view text) noexcept;

// What an Accept-Encoding says of each coding that there is here.
class accepted_codings {
 public:
  accepted_codings() = default;
  explicit accepted_codings(std::string_view accept_encoding) noexcept;

  // From 0, not acceptable, to http::quality_max.
  int quality(content_coding c) const noexcept { return qualities_[static_cast<std::size_t>(c)]; }

 private:
  std::array<int, encoded_codings.size() + 1> qualities_{};
};

// Remembers what the last different values of Accept-Encoding said: nearly all clients send one of a
// few. Costs about 0.6 KiB; a value longer than 63 octets is read each time.
class accepted_codings_memo {
 public:
  // Valid until the next call.
  accepted_codings const& of(std::string_view accept_encoding) noexcept;

 private:
  struct place {
    std::array<char, 63> text;
    std::uint8_t size = 0;
    accepted_codings codings{std::string_view{}};
  };
  std::array<place, 8> places_;
  accepted_codings longer_;
};

// The coding for a client that accepts these, of `available` and identity: the one with the highest
// quality, among equals the first of encoded_codings. Nothing when none is acceptable, not even
// identity: 406. (A client that sends no such field can read identity.)
[[nodiscard]] std::optional<content_coding> negotiate(accepted_codings const& accepted,
                                                      coding_set available) noexcept;

}  // namespace quire::server
