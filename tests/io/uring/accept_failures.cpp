// What io_uring says of a connection, which the tests may lose.
#include "tests/io/accept_failures.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdint>

// proactor::accepted(), a member function, as the linker knows it.
void real_accepted(void* proactor, std::uint64_t number, int result, bool more) noexcept
    __asm__("__real__ZN5quire2io5uring8proactor8acceptedEmib");
void accepted(void* proactor, std::uint64_t number, int result, bool more) noexcept
    __asm__("__wrap__ZN5quire2io5uring8proactor8acceptedEmib");

void accepted(void* proactor, std::uint64_t number, int result, bool more) noexcept {
  if (result >= 0 && quire::test::lost_connections::now) {
    ::close(result);
    result = -ECONNABORTED;
  }
  real_accepted(proactor, number, result, more);
}
