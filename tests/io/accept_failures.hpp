// Connections that the system loses before they are accepted: for as long as one of these lives, all.
//
// Of the back ends on a real system. What they call to accept is given to the tests first by the
// linker (--wrap); the files of each platform have what they do then.
#pragma once

namespace quire::test {

class lost_connections {
 public:
  template <class Proactor>
  explicit lost_connections(Proactor&) noexcept {
    now = true;
  }
  ~lost_connections() { now = false; }
  lost_connections(lost_connections const&) = delete;
  lost_connections& operator=(lost_connections const&) = delete;

  static inline bool now = false;
};

}  // namespace quire::test
