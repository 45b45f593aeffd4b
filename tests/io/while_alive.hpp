// A fact that holds for as long as an object lives: for what the linker (--wrap) puts in the place
// of calls of a back end.
#pragma once

namespace quire::test {

// `What` tells facts apart.
template <class What>
class while_alive {
 public:
  template <class Proactor>
  explicit while_alive(Proactor&) noexcept {
    now = true;
  }
  ~while_alive() { now = false; }
  while_alive(while_alive const&) = delete;
  while_alive& operator=(while_alive const&) = delete;

  static inline bool now = false;
};

}  // namespace quire::test
