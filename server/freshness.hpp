// What of the cache may be answered with unseen.
//
// An entry whose changes are told (change_watch.hpp) is trusted until one is, and for ten seconds
// at most: what is told by nobody, a mapping that is written to, a mount, a change under a name that
// the file was given meanwhile, is seen by then. Any other entry is trusted for the turn of the loop
// in which it was looked at. --revalidate N sets both times to N. Which encoded forms lie beside a
// file is another matter: no mapping makes one, and a mount on the way is seen when the file is
// looked at. Where that is told, it is trusted until it is.
#pragma once

#include <quire/server/file_entry.hpp>
#include <quire/server/watched_directory.hpp>

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
      : watched_time_(std::chrono::milliseconds(revalidate.value_or(10'000))),
        unwatched_time_(std::chrono::milliseconds(revalidate.value_or(0))),
        siblings_time_(std::max(unwatched_time_, siblings_time_min)) {}

  bool trusts(entry const& e, io::instant now) const noexcept {
    return e.queue != cache_queue::none && now - e.checked <= time_of(e);
  }
  // What is known to lie beside the file.
  bool trusts_siblings(representation<Proactor> const& g, io::instant now) const noexcept {
    if (g.known_as != nullptr && tells_of_siblings(*g.known_as, g)) return true;
    return now - g.siblings_checked <= siblings_time_;
  }
  // Whether it is of any use to be told of changes.
  bool wants_notices() const noexcept { return watched_time_ != watched_time_.zero(); }

 private:
  static constexpr std::chrono::nanoseconds siblings_time_min = std::chrono::milliseconds(500);

  // A notice takes siblings_checked back (change_watch.hpp).
  static bool tells_of_siblings(entry const& e, representation<Proactor> const& g) noexcept {
    return e.watched && g.siblings_are_told && e.listed_in->of.since < g.siblings_checked;
  }
  std::chrono::nanoseconds time_of(entry const& e) const noexcept {
    return e.watched ? watched_time_ : unwatched_time_;
  }

  std::chrono::nanoseconds watched_time_;
  std::chrono::nanoseconds unwatched_time_;
  std::chrono::nanoseconds siblings_time_;  // Where they are not told of.
};

}  // namespace quire::server
