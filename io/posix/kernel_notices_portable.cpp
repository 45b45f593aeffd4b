// POSIX systems that tell of no changes.
#include <quire/io/posix/kernel_notices.hpp>

#include <cerrno>

namespace quire::io::posix {

int open_notices() noexcept {
  return -EOPNOTSUPP;
}

int watch_beneath(int, int, std::string_view) noexcept {
  return -EOPNOTSUPP;
}

void forget_watch(int, int) noexcept {}

struct notice_alarm::state {};

notice_alarm::notice_alarm() noexcept = default;
notice_alarm::~notice_alarm() = default;

void notice_alarm::open() noexcept {}

bool notice_alarm::is_on() noexcept {
  return true;
}

void notice_alarm::reset(int) noexcept {}

bool read_notice(char const*, std::size_t&, change_notice&) noexcept {
  return false;
}

}  // namespace quire::io::posix
