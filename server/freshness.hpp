// What of the cache may be answered with unseen.
//
// An entry whose changes are told (change_watch.hpp) is trusted until one is, and for a second at
// most: what is told by nobody, a mapping that is written to, a mount, is seen by then. Any other entry
// is trusted for the turn of the loop in which it was looked at. --revalidate N sets both times to N.
// What lies beside a file comes and goes by names, which are told; so it is looked for ten times less often,
// and where nothing is told twice a second.
#pragma once

#include <quire/server/file_entry.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

namespace quire::server {

template <io::proactor Proactor>
class freshness {
 public:
  using entry = file_entry<Proactor>;

  // Milliseconds; nothing: --revalidate auto.
  explicit freshness(std::optional<std::uint64_t> revalidate) noexcept
      : watched_time_(std::chrono::milliseconds(revalidate.value_or(1000))),
        unwatched_time_(std::chrono::milliseconds(revalidate.value_or(0))) {}

  bool trusts(entry const& e, io::instant now) const noexcept {
    return e.queue != cache_queue::none && now - e.checked <= time_of(e);
  }
  // What is known to lie beside the file.
  bool trusts_siblings(representation<Proactor> const& g, io::instant now) const noexcept {
    bool const watched = g.known_as != nullptr && g.known_as->watched;
    auto const time = watched ? 10 * watched_time_ : unwatched_time_;
    return now - g.siblings_checked <= std::max(time, siblings_time);
  }
  // Whether it is of any use to be told of changes.
  bool wants_notices() const noexcept { return watched_time_ != watched_time_.zero(); }

 private:
  static constexpr std::chrono::nanoseconds siblings_time = std::chrono::milliseconds(500);

  std::chrono::nanoseconds time_of(entry const& e) const noexcept {
    return e.watched ? watched_time_ : unwatched_time_;
  }

  std::chrono::nanoseconds watched_time_;
  std::chrono::nanoseconds unwatched_time_;
};

}  // namespace quire::server
