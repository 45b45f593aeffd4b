// Digests of representations: which one a client wants, and how it is stated. RFC 9530.
//
//   Want-Repr-Digest: sha-512=3, sha-256=10
//   Repr-Digest: sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace quire::server {

inline constexpr std::string_view repr_digest_name = "Repr-Digest";

enum class digest_algorithm : std::uint8_t { sha_256, sha_512 };

struct digest_name {
  digest_algorithm algorithm = digest_algorithm::sha_256;
  std::string_view name;
};
// The active ones of the registry (section 5), those that are preferred among equals first.
inline constexpr std::array<digest_name, 2> digest_names = {{
    {digest_algorithm::sha_256, "sha-256"},
    {digest_algorithm::sha_512, "sha-512"},
}};

// Which one the sender of this Want-Repr-Digest wants most; nothing when it wants none of them, or
// when the value is malformed.
[[nodiscard]] std::optional<digest_algorithm> wanted_digest(std::string_view value) noexcept;

// The value of Repr-Digest. Allocates.
[[nodiscard]] std::string digest_field_value(digest_algorithm algorithm,
                                             std::span<std::uint8_t const> digest);

}  // namespace quire::server
