#include <quire/io/uring/registered_memory.hpp>
#include <quire/io/uring/self_test.hpp>

#include <linux/capability.h>
#include <linux/io_uring.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <limits>

namespace quire::io::uring {
namespace {

constexpr std::size_t slab_size = page_pool::slab_size;

// By all rings of this process.
std::atomic<std::size_t> bytes_registered{0};

// The kernel charges nothing to who may lock as much memory as he wants.
bool may_lock_all() noexcept {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
  if (::syscall(SYS_capget, &header, data) != 0) return false;
  return (data[CAP_TO_INDEX(CAP_IPC_LOCK)].effective & CAP_TO_MASK(CAP_IPC_LOCK)) != 0;
}

// The queues of every ring of this user are charged to the same limit: half of it is left for them,
// so that this process does not keep another from having one.
std::size_t bytes_allowed() noexcept {
  rlimit limit{};
  if (may_lock_all() || ::getrlimit(RLIMIT_MEMLOCK, &limit) != 0 ||
      limit.rlim_cur == RLIM_INFINITY) {
    return std::numeric_limits<std::size_t>::max();
  }
  return limit.rlim_cur / 2;
}

bool reserve(std::size_t size) noexcept {
  if (bytes_registered.fetch_add(size) + size <= bytes_allowed()) return true;
  bytes_registered.fetch_sub(size);
  return false;
}

}  // namespace

registered_memory::~registered_memory() {
  bytes_registered.fetch_sub(size_ * slab_size);
}

void registered_memory::open(int ring, page_pool& pool, std::size_t slabs) noexcept {
  io_uring_rsrc_register table{};
  table.nr = places;
  table.flags = IORING_RSRC_REGISTER_SPARSE;
  ring_ = ring;
  pool_ = &pool;
  has_vectors_ = find_operation(ring, readv_fixed) == 0;
  // Without a table the first slab is refused.
  ::syscall(SYS_io_uring_register, ring, IORING_REGISTER_BUFFERS2, &table, sizeof table);
  limit_ = slabs;
}

// The newest first: those that are to be read into now.
void registered_memory::register_new() noexcept {
  page_pool::slab* slab = nullptr;
  while (seen_ != pool_->bytes() && size_ < limit_) {
    slab = pool_->next_slab(slab);
    if (!add(*slab)) limit_ = size_;
    seen_ += slab_size;
  }
  seen_ = pool_->bytes();
}

bool registered_memory::add(page_pool::slab& slab) noexcept {
  if (!reserve(slab_size)) return false;
  mutable_span const span = page_pool::memory(&slab);
  std::size_t const i = place_of(address_of(span));
  iovec const memory{span.data, span.size};
  io_uring_rsrc_update2 update{};
  update.offset = static_cast<std::uint32_t>(i);
  update.data = reinterpret_cast<std::uint64_t>(&memory);
  update.nr = 1;
  if (::syscall(SYS_io_uring_register, ring_, IORING_REGISTER_BUFFERS_UPDATE, &update,
                sizeof update) != 1) {
    bytes_registered.fetch_sub(slab_size);
    return false;
  }
  slabs_[i] = address_of(span);
  // The kernel reads into the pages that it has seen here, whatever lies at their addresses.
  slab.pinned = true;
  ++size_;
  return true;
}

}  // namespace quire::io::uring
