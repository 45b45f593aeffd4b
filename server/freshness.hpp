// What of the cache may be answered with unseen.
//
// An entry is trusted for the turn of the loop in which it was looked at, and for the time of
// --revalidate.
#pragma once

#include <quire/server/file_entry.hpp>

#include <algorithm>
#include <chrono>

namespace quire::server {

template <io::proactor Proactor>
class freshness {
 public:
  using entry = file_entry<Proactor>;

  explicit freshness(std::chrono::milliseconds revalidate) noexcept : trust_(revalidate) {}

  bool trusts(entry const& e, io::instant now) const noexcept {
    return e.queue != cache_queue::none && now - e.checked <= trust_;
  }
  // What is known to lie beside the file.
  bool trusts_siblings(representation<Proactor> const& g, io::instant now) const noexcept {
    return now - g.siblings_checked <= std::max(trust_, siblings_time);
  }

 private:
  static constexpr std::chrono::nanoseconds siblings_time = std::chrono::milliseconds(500);

  std::chrono::nanoseconds trust_;
};

}  // namespace quire::server
