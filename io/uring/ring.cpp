#include <quire/io/uring/ring.hpp>

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <new>

namespace quire::io::uring {
namespace {

unsigned load_acquire(unsigned* p) noexcept {
  return std::atomic_ref<unsigned>(*p).load(std::memory_order_acquire);
}

void store_release(unsigned* p, unsigned value) noexcept {
  std::atomic_ref<unsigned>(*p).store(value, std::memory_order_release);
}

template <class T>
T* at(void* base, std::size_t offset) noexcept {
  return reinterpret_cast<T*>(static_cast<char*>(base) + offset);
}

}  // namespace

ring::~ring() {
  if (ring_ >= 0) ::close(ring_);
  if (sqes_ != nullptr) ::munmap(sqes_, sqes_size_);
  if (queues_ != nullptr) ::munmap(queues_, queues_size_);
}

int ring::open(unsigned entries, delivery when) noexcept {
  io_uring_params p{};
  p.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_R_DISABLED |
            IORING_SETUP_CLAMP | IORING_SETUP_CQSIZE;
  p.flags |= when == delivery::when_asked ? IORING_SETUP_DEFER_TASKRUN : IORING_SETUP_COOP_TASKRUN;
  p.cq_entries = entries * 4;
  ring_ = static_cast<int>(::syscall(SYS_io_uring_setup, entries, &p));
  if (ring_ < 0) return errno;
  constexpr unsigned needed = IORING_FEAT_SINGLE_MMAP | IORING_FEAT_NODROP |
                              IORING_FEAT_SUBMIT_STABLE | IORING_FEAT_EXT_ARG;
  if ((p.features & needed) != needed) return EINVAL;
  return map(p);
}

int ring::map(io_uring_params const& p) noexcept {
  queues_size_ = std::max(p.sq_off.array + p.sq_entries * sizeof(unsigned),
                          p.cq_off.cqes + p.cq_entries * sizeof(io_uring_cqe));
  sqes_size_ = p.sq_entries * sizeof(io_uring_sqe);
  auto const map_at = [this](std::size_t size, std::uint64_t offset) noexcept -> void* {
    void* const memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
                                ring_, static_cast<off_t>(offset));
    return memory == MAP_FAILED ? nullptr : memory;
  };
  queues_ = map_at(queues_size_, IORING_OFF_SQ_RING);
  sqes_ = static_cast<io_uring_sqe*>(map_at(sqes_size_, IORING_OFF_SQES));
  messages_.reset(new (std::nothrow) msghdr[p.sq_entries]{});
  if (queues_ == nullptr || sqes_ == nullptr || messages_ == nullptr) return ENOMEM;
  sq_head_ = at<unsigned>(queues_, p.sq_off.head);
  sq_tail_ = at<unsigned>(queues_, p.sq_off.tail);
  sq_mask_ = *at<unsigned>(queues_, p.sq_off.ring_mask);
  sq_entries_ = p.sq_entries;
  cq_head_ = at<unsigned>(queues_, p.cq_off.head);
  cq_tail_ = at<unsigned>(queues_, p.cq_off.tail);
  cq_mask_ = *at<unsigned>(queues_, p.cq_off.ring_mask);
  cqes_ = at<io_uring_cqe>(queues_, p.cq_off.cqes);
  // Entry i of the queue is always entry i of the array of entries.
  auto* const index = at<unsigned>(queues_, p.sq_off.array);
  for (unsigned i = 0; i != p.sq_entries; ++i) index[i] = i;
  return 0;
}

unsigned ring::pending() const noexcept {
  return tail_ - load_acquire(sq_head_);
}

io_uring_sqe& ring::next_entry() noexcept {
  while (pending() == sq_entries_) submit();
  io_uring_sqe& entry = sqes_[tail_++ & sq_mask_];
  std::memset(&entry, 0, sizeof entry);
  return entry;
}

void ring::call(unsigned wait_for, unsigned flags, void const* argument,
                std::size_t size) noexcept {
  failure_ = 0;
  if (!enabled_) {
    enabled_ =
        ::syscall(SYS_io_uring_register, ring_, IORING_REGISTER_ENABLE_RINGS, nullptr, 0) == 0;
    if (!enabled_) {
      failure_ = errno;
      return;
    }
  }
  store_release(sq_tail_, tail_);
  if (::syscall(SYS_io_uring_enter, ring_, pending(), wait_for, flags, argument, size) < 0 &&
      errno != EINTR && errno != ETIME) {
    failure_ = errno;
  }
}

void ring::submit() noexcept {
  call(0, 0, nullptr, 0);
}

unsigned ring::enter(std::chrono::nanoseconds time_max) noexcept {
  bool const waits = time_max != std::chrono::nanoseconds::zero();
  constexpr std::int64_t second = 1'000'000'000;
  __kernel_timespec const time{time_max.count() / second, time_max.count() % second};
  io_uring_getevents_arg argument{};
  if (time_max != std::chrono::nanoseconds::max()) {
    argument.ts = reinterpret_cast<std::uint64_t>(&time);
  }
  // What is short for the moment (EAGAIN), or has to be emptied first (EBUSY), is there in a later
  // turn.
  call(waits && !has_completion() ? 1 : 0, IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG, &argument,
       sizeof argument);
  return load_acquire(cq_tail_) - *cq_head_;
}

bool ring::has_completion() const noexcept {
  return load_acquire(cq_tail_) != *cq_head_;
}

void ring::drop_completion() noexcept {
  store_release(cq_head_, *cq_head_ + 1);
}

}  // namespace quire::io::uring
