// One run of the whole server in a simulated world: its network, files and clock, with seeded
// faults.
//
// Several visitors ask for a site that changes under them, in codings and with digests that the
// server makes meanwhile. At the end the server drains. Then
// nothing may be in flight or open, every page must be back, and every answer must have been right.
#pragma once

#include <quire/io/sim/settings.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

namespace quire::simulation {

struct outcome {
  std::string complaint;         // Empty: all was right.
  std::uint64_t trace_hash = 0;  // Equal seeds, equal hashes, on every platform, by the same zlib.
  std::uint64_t operations = 0;  // Submitted: the range of a sweep.
  std::size_t answers = 0;       // That visitors got whole.
  std::size_t encoded_answers = 0;  // Of them: in gzip.
  std::size_t digests = 0;          // Of them: with a digest.
};

struct plan {
  std::uint64_t seed = 1;
  bool faults = true;                   // A random subset at random rates.
  std::uint64_t failing_operation = 0;  // The number of the one that fails; 0: none.
  std::size_t visitors_max = 8;
  std::FILE* trace = nullptr;  // Where each outcome is written.
};

[[nodiscard]] outcome run(plan const& p);

}  // namespace quire::simulation
