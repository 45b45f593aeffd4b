// The self-test of io_uring: what the back end does, once, on a small scale.
#pragma once

#include <cstdint>

namespace quire::io::uring {

enum class step : std::uint8_t { none, set_up, operations, page_ring, accept, send, receive };

struct failure {
  step where = step::none;  // none: all works.
  int number = 0;           // The errno.
};
// Goes through the steps in order, to the first that fails.
[[nodiscard]] failure self_test() noexcept;

// 0 or an errno: can a ring be made with these flags (IORING_SETUP_...)?
[[nodiscard]] int try_set_up(unsigned flags) noexcept;
// 0 when the kernel behind this ring knows the operation (IORING_OP_...), EOPNOTSUPP when it does
// not, or why it cannot be asked.
[[nodiscard]] int find_operation(int ring, unsigned operation) noexcept;

}  // namespace quire::io::uring
