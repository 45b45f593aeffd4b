// What a fuzz target demands of the code under test.
#pragma once

#include <cstdlib>

// Aborts, so that the fuzzer keeps the input, when `condition` is false.
inline void expect(bool condition) {
  if (!condition) std::abort();
}
