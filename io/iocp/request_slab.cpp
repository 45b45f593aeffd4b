#include <quire/io/iocp/request_slab.hpp>

#include <windows.h>

#include <functional>
#include <memory>
#include <utility>

namespace quire::io::iocp {
namespace {

constexpr std::size_t slab_size = 4096;

}  // namespace

request_slab::request_slab(nt::lock_requests_function lock) noexcept : lock_(lock) {
  if (lock_ == nullptr) return;
  void* const memory = ::VirtualAlloc(nullptr, slab_size, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
  if (memory == nullptr) {
    lock_ = nullptr;
    return;
  }
  first_ = static_cast<slot*>(memory);
  for (std::size_t i = slab_size / sizeof(slot); i-- != 0;) {
    free_ = std::construct_at(first_ + i, slot{{}, nullptr, free_});
  }
}

request_slab::~request_slab() {
  if (first_ != nullptr) ::VirtualFree(first_, 0, MEM_RELEASE);
}

bool request_slab::add(nt::handle file) noexcept {
  if (lock_ == nullptr) return false;
  std::uint32_t const number = lock_(file, first_, slab_size);
  // This user may not: not for the next file either.
  if (number == ERROR_PRIVILEGE_NOT_HELD) lock_ = nullptr;
  return number == ERROR_SUCCESS;
}

overlapped* request_slab::take(request& owner) noexcept {
  if (free_ == nullptr) return nullptr;
  slot& s = *std::exchange(free_, free_->next);
  s.owner = &owner;
  return &s;
}

void request_slab::give_back(overlapped& o) noexcept {
  auto& s = static_cast<slot&>(o);
  s.next = std::exchange(free_, &s);
}

request* request_slab::owner_of(overlapped const* o) const noexcept {
  std::less<void const*> const before;
  if (first_ == nullptr || before(o, first_) || !before(o, first_ + slab_size / sizeof(slot))) {
    return nullptr;
  }
  return static_cast<slot const*>(o)->owner;
}

}  // namespace quire::io::iocp
