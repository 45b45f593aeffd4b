// Requests for files in memory that stays locked.
//
// The system fills in the OVERLAPPED of a request when it has been carried out. For that it locks
// its page for each request, and stops the thread that asked, unless the page was locked for the
// file beforehand. So a file that is read again and again has this slab locked, where Windows can
// do that (SetFileIoOverlappedRange) and the user may; being refused is ordinary, and costs one
// call in the life of the loop. A file's own requests are used then, and when all of these are in
// use.
//
// One page of 4 KiB, taken from the system at construction where there is the function, given back
// at destruction; the files that were added are closed by then. All calls from one thread.
#pragma once

#include <quire/io/iocp/port.hpp>
#include <quire/io/windows/system_functions.hpp>

#include <cstddef>

namespace quire::io::iocp {

class request;

class request_slab {
 public:
  explicit request_slab(nt::lock_requests_function lock) noexcept;
  ~request_slab();
  request_slab(request_slab const&) = delete;
  request_slab& operator=(request_slab const&) = delete;

  // True: requests for this file may lie here from now on. Requires: not added before.
  [[nodiscard]] bool add(nt::handle file) noexcept;

  // Nullptr: all are in use.
  [[nodiscard]] overlapped* take(request& owner) noexcept;
  void give_back(overlapped& o) noexcept;

  // Whose request it is; nullptr: it does not lie here.
  request* owner_of(overlapped const* o) const noexcept;

 private:
  struct slot : overlapped {
    request* owner = nullptr;
    slot* next = nullptr;  // While it is free.
  };

  nt::lock_requests_function lock_;
  slot* first_ = nullptr;
  slot* free_ = nullptr;
};

}  // namespace quire::io::iocp
