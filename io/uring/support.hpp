// Whether this machine allows io_uring as this back end needs it, and what stands in the way.
//
// Nothing is taken for granted from the kernel's version: containers forbid system calls that the
// kernel has, and distributions carry features back. Each question is put to the kernel.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace quire::io::uring {

struct support {
  bool usable = false;
  std::string reason;  // A sentence without its end; empty when usable.
};

// Sets up a ring as the back end does, asks which operations the kernel has, and accepts a
// connection on which bytes go there and back into a page of the kernel's choice. Costs well below
// a millisecond and leaves nothing behind. May be called by any thread.
[[nodiscard]] support check_support();

// One thing that the kernel may or may not have.
struct feature {
  std::string_view name;   // As the kernel's documentation spells it.
  std::string_view gives;  // What it is good for, in a phrase.
  bool there = false;
  bool needed = true;  // Else the back end does without.
};
// What this back end needs of the kernel, in the order in which it is tried: the first that is not
// there is the last of the list. When all are there, what it uses besides follows.
[[nodiscard]] std::vector<feature> probe_features();

// kernel.io_uring_disabled: 0 allowed, 1 for some groups, 2 for nobody; -1 when this kernel has no
// such setting.
[[nodiscard]] int disabled_setting() noexcept;

}  // namespace quire::io::uring
