#include <quire/io/uring/page_ring.hpp>

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <utility>

namespace quire::io::uring {
namespace {

constexpr std::size_t memory_size = page_ring::pages_max * sizeof(io_uring_buf);

}  // namespace

page_ring::~page_ring() {
  for (page* const p : pages_) {
    if (p != nullptr) pool_->release(p);
  }
  if (entries_ != nullptr) ::munmap(entries_, memory_size);
}

int page_ring::open(int ring, page_pool& pool) noexcept {
  void* const memory = ::mmap(nullptr, memory_size, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (memory == MAP_FAILED) return ENOMEM;
  entries_ = static_cast<io_uring_buf*>(memory);
  pool_ = &pool;
  io_uring_buf_reg reg{};
  reg.ring_addr = reinterpret_cast<std::uint64_t>(memory);
  reg.ring_entries = pages_max;
  reg.bgid = group;
  if (::syscall(SYS_io_uring_register, ring, IORING_REGISTER_PBUF_RING, &reg, 1) != 0) return errno;
  for (missing_ = 0; missing_ != pages_max; ++missing_) {
    free_ids_[missing_] = static_cast<std::uint16_t>(pages_max - 1 - missing_);
  }
  return refill() ? 0 : ENOMEM;
}

bool page_ring::refill() noexcept {
  while (missing_ != 0) {
    page* const p = pool_->acquire();
    if (p == nullptr) break;
    std::uint16_t const id = free_ids_[--missing_];
    pages_[id] = p;
    provide(id);
  }
  return missing_ != pages_max;
}

page* page_ring::take(std::uint16_t id) noexcept {
  free_ids_[missing_++] = id;
  return std::exchange(pages_[id], nullptr);
}

void page_ring::put_back(std::uint16_t id) noexcept {
  provide(id);
}

void page_ring::provide(std::uint16_t id) noexcept {
  // The kernel reads the number of entries ever written, the tail, in the unused end of the first
  // one.
  io_uring_buf& entry = entries_[tail_ % pages_max];
  entry.addr = reinterpret_cast<std::uint64_t>(pages_[id]->first());
  entry.len = static_cast<std::uint32_t>(pages_[id]->capacity());
  entry.bid = id;
  ++tail_;
  std::atomic_ref<std::uint16_t>(entries_[0].resv).store(tail_, std::memory_order_release);
}

}  // namespace quire::io::uring
