#include <quire/server/process.hpp>

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>
#include <csignal>

namespace quire::server::process {
namespace {

sigset_t stop_signals() noexcept {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

}  // namespace

std::uint64_t raise_descriptor_limit() noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  if (limit.rlim_cur != limit.rlim_max) {
    rlimit const wanted{limit.rlim_max, limit.rlim_max};
    if (::setrlimit(RLIMIT_NOFILE, &wanted) == 0) limit = wanted;
  }
  return limit.rlim_cur;
}

void catch_stop_signals() noexcept {
  sigset_t const set = stop_signals();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

void wait_for_stop() noexcept {
  sigset_t const set = stop_signals();
  int taken = 0;
  while (::sigwait(&set, &taken) != 0) {
  }
}

void ask_to_stop() noexcept {
  ::kill(::getpid(), SIGTERM);
}

void end_now(int exit_code) noexcept {
  ::_exit(exit_code);
}

}  // namespace quire::server::process
