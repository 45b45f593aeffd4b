// Change notices (clause 27): on Windows none are told, so files are looked at.
#pragma once

#include <quire/io/blocking_pool.hpp>
#include <quire/io/change_notice.hpp>
#include <quire/io/ready_list.hpp>
#include <quire/io/windows/files.hpp>

#include <string_view>

namespace quire::io::nt {

class watch_operation : public blocking_call {
 public:
  int number() const noexcept { return -1; }
};

class notices {
 public:
  notices(ready_list& ready, blocking_pool&) noexcept : ready_(ready) {}

  void watch(directory const&, watch_operation& op, std::string_view) noexcept {
    operation_access::submit(op);
    ready_.finish(op, error::unsupported);
  }
  void unwatch(int) noexcept {}
  [[nodiscard]] bool next(change_notice&) noexcept { return false; }

 private:
  ready_list& ready_;
};

}  // namespace quire::io::nt
