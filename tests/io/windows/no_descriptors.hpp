// For as long as one of these lives, nobody gets a socket; the system is not asked.
#pragma once

namespace quire::test {

class no_descriptors {
 public:
  template <class Proactor>
  explicit no_descriptors(Proactor&) noexcept {
    now = true;
  }
  ~no_descriptors() { now = false; }
  no_descriptors(no_descriptors const&) = delete;
  no_descriptors& operator=(no_descriptors const&) = delete;

  static inline bool now = false;
};

}  // namespace quire::test
