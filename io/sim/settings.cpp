#include <quire/io/sim/settings.hpp>

#include <array>

namespace quire::io::sim {

faults faults::swarm(random_source& random) noexcept {
  faults f;
  std::array<std::uint16_t*, 15> const rates = {
      &f.short_send,   &f.short_receive, &f.late_network, &f.late_disk,   &f.reset,
      &f.cancel_loses, &f.accept_fails,  &f.open_fails,   &f.read_fails,  &f.file_shrinks,
      &f.pool_dry,     &f.mode_refused,  &f.notices_lost, &f.accept_loses,
      &f.memory_short};
  // Most runs have a few kinds of faults and few of each, some are stormy.
  std::uint64_t const most = std::uint64_t{1} << random.below(10);
  for (std::uint16_t* const rate : rates) {
    if (random.below(2) == 0) *rate = static_cast<std::uint16_t>(1 + random.below(most));
  }
  f.delay_max = instant(static_cast<std::int64_t>(1 + random.below(20'000'000)));
  return f;
}

}  // namespace quire::io::sim
