// What was sent of each file under each entity tag. A strong tag stands for one sequence of bytes
// (RFC 9110, section 8.8.1): all that any client gets under it must agree, whole or in parts, and so must
// the digests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace quire::simulation {

class tag_ledger {
 public:
  // Bytes of the representation at `offset`, of `total` in all. False when others have seen others.
  [[nodiscard]] bool agrees(std::string_view file, std::string_view tag, std::string_view bytes,
                            std::uint64_t offset, std::uint64_t total);
  // The value of a Repr-Digest. False when it is another than before, or not that of the bytes, as
  // far as all of them have been seen.
  [[nodiscard]] bool agrees_on_digest(std::string_view file, std::string_view tag,
                                      std::string_view digest);
  // A tag of this file that somebody got; empty: none yet.
  std::string_view last_tag(std::string_view file) const;

 private:
  struct account {
    std::string bytes;
    std::string seen;  // Of each byte 1 or 0, as long as some are missing.
    std::size_t missing = 0;
    bool begun = false;
    std::map<std::string, std::string, std::less<>> digests;  // By the name of the algorithm.
  };
  // False when others have seen others.
  static bool add(account& a, std::string_view bytes, std::size_t at);
  static bool is_right(account const& a, std::string_view digest);

  std::map<std::string, std::map<std::string, account, std::less<>>, std::less<>> files_;
  std::map<std::string, std::string, std::less<>> last_tags_;
};

}  // namespace quire::simulation
