// For as long as one of these lives, the process gets no further descriptor.
#pragma once

#include <sys/resource.h>

namespace quire::test {

class no_descriptors {
 public:
  template <class Proactor>
  explicit no_descriptors(Proactor&) noexcept {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit none = before_;
    none.rlim_cur = 0;
    ::setrlimit(RLIMIT_NOFILE, &none);
  }
  ~no_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  no_descriptors(no_descriptors const&) = delete;
  no_descriptors& operator=(no_descriptors const&) = delete;

 private:
  rlimit before_{};
};

}  // namespace quire::test
