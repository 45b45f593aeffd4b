// The strict mode, for tests: what another Windows may do, at random from a seed.
//
// Whether an operation completes at once or through the port is up to the system, and differs
// between Windows and what tests may run on. In strict mode the back end changes the one into the
// other, each time that a coin says so. Now and then a file system refuses direct reads, when the
// first one comes. What Windows wants of such a read, and other systems do not, is asserted.
// Functions that are not everywhere can be given.
#pragma once

#include <quire/io/random_source.hpp>
#include <quire/io/windows/system_functions.hpp>

#include <cstdint>

namespace quire::io::iocp {

struct strict_mode {
  bool on = false;
  std::uint64_t seed = 0;
  nt::system_functions functions = nt::find_system_functions();
};

class strict_coin {
 public:
  explicit strict_coin(strict_mode const& m) noexcept : on_(m.on), random_(m.seed) {}
  bool on() const noexcept { return on_; }
  // When the mode is on: yes, every second time on average.
  bool toss() noexcept { return on_ && random_.below(2) == 0; }
  // The same for what is rarer: every fourth time.
  bool toss_for_rare() noexcept { return on_ && random_.below(4) == 0; }

 private:
  bool on_;
  random_source random_;
};

}  // namespace quire::io::iocp
