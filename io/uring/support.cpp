#include <quire/io/posix/descriptor.hpp>
#include <quire/io/uring/registered_memory.hpp>
#include <quire/io/uring/ring.hpp>
#include <quire/io/uring/self_test.hpp>
#include <quire/io/uring/support.hpp>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace quire::io::uring {
namespace {

std::string forbidden(char const* number) {
  std::string text = "io_uring is forbidden here (";
  text += number;
  if (int const setting = disabled_setting(); setting > 0) {
    return text + ", kernel.io_uring_disabled=" + std::to_string(setting) + ")";
  }
  return text + ", by a seccomp filter, as containers have, or a security module)";
}

std::string too_old() {
  utsname kernel{};
  ::uname(&kernel);
  return std::string("the io_uring of this kernel, ") + kernel.release +
         ", is too old: it takes Linux 6.1";
}

std::string memory_short() {
  rlimit limit{};
  ::getrlimit(RLIMIT_MEMLOCK, &limit);
  return "there is too little memory for io_uring (ENOMEM; the limit of locked memory is " +
         std::to_string(limit.rlim_cur / 1024) + " KiB)";
}

char const* name_of(step where) noexcept {
  switch (where) {
    case step::none:
    case step::set_up:
      return "setting up a ring";
    case step::operations:
      return "an operation that is not there";
    case step::page_ring:
      return "the ring of buffers";
    case step::accept:
      return "accepting";
    case step::send:
      return "sending";
    case step::receive:
      return "receiving";
  }
  return "";
}

std::string sentence(failure const& f) {
  if (f.number == EPERM) return forbidden("EPERM");
  if (f.number == EACCES) return forbidden("EACCES");
  if (f.number == ENOMEM) return memory_short();
  if (f.number == ENOSYS) return "there is no io_uring here (ENOSYS)";
  bool const for_want_of_age = f.number == EINVAL || f.number == EOPNOTSUPP;
  if (for_want_of_age) return too_old();
  return std::string("io_uring failed its self-test at ") + name_of(f.where) + " (" +
         std::strerror(f.number) + ")";
}

}  // namespace

support check_support() {
  failure const f = self_test();
  if (f.where == step::none) return {true, {}};
  return {false, sentence(f)};
}

std::vector<feature> probe_features() {
  constexpr unsigned one_issuer = IORING_SETUP_SINGLE_ISSUER;
  std::vector<feature> found;
  auto const add = [&](char const* name, char const* gives, bool there) {
    found.push_back({name, gives, there, true});
    return there;
  };
  // Without one, the next cannot be tried.
  if (!add("io_uring_setup", "any ring at all", try_set_up(0) == 0)) return found;
  if (!add("SINGLE_ISSUER", "no lock around what the loop submits", try_set_up(one_issuer) == 0)) {
    return found;
  }
  if (!add("DEFER_TASKRUN", "completions come when the loop asks, and do not interrupt it",
           try_set_up(one_issuer | IORING_SETUP_DEFER_TASKRUN) == 0)) {
    return found;
  }
  failure const f = self_test();
  constexpr struct {
    step at;
    char const* name;
    char const* gives;
  } steps[] = {
      {step::set_up, "a ring as this back end wants it",
       "one call a turn, which waits with a time-out"},
      {step::operations, "all operations", "sockets, files and cancelling by one queue"},
      {step::page_ring, "provided buffer ring",
       "connections that wait hold no memory for what they will receive"},
      {step::accept, "multishot accept", "one request for all connections of a listener"},
      {step::send, "send", "responses"},
      {step::receive, "multishot receive",
       "one request for all that a connection brings, into pages of the kernel's choice"},
  };
  for (auto const& s : steps) {
    if (!add(s.name, s.gives, f.where != s.at)) return found;
  }
  ring r;
  bool const has_vectors =
      r.open(1) == 0 && find_operation(r.descriptor(), registered_memory::readv_fixed) == 0;
  found.push_back(
      {"READV_FIXED", "direct reads of files into registered pages", has_vectors, false});
  return found;
}

int disabled_setting() noexcept {
  posix::descriptor const file(::open("/proc/sys/kernel/io_uring_disabled", O_RDONLY | O_CLOEXEC));
  std::array<char, 16> text{};
  if (!file || ::read(file.get(), text.data(), text.size() - 1) <= 0) return -1;
  return std::atoi(text.data());
}

}  // namespace quire::io::uring
