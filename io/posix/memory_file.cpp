#include <quire/buffer/slab_memory.hpp>
#include <quire/io/posix/error.hpp>
#include <quire/io/posix/memory_file.hpp>
#include <quire/io/posix/system_page.hpp>

#include <sys/mman.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <new>
#include <utility>

namespace quire::io::posix {
namespace {

// What a thread reads at a time.
constexpr std::size_t piece_size = std::size_t{1} << 18;

// What memory of that size begins at a multiple of, so that it can be in large pages.
constexpr std::size_t large_page_size = std::size_t{2} << 20;

std::size_t size_of(std::span<const_span const> spans) noexcept {
  std::size_t n = 0;
  for (const_span const& s : spans) n += s.size;
  return n;
}

// nullptr and an errno: there is none.
char* reserve(std::size_t size) noexcept {
  void* const memory =
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? nullptr : static_cast<char*>(memory);
}

// The same, from a multiple of large_page_size on when it is that large.
char* reserve_aligned(std::size_t size) noexcept {
  if (size < large_page_size) return reserve(size);
  char* const all = reserve(size + large_page_size);
  if (all == nullptr) return nullptr;
  std::size_t const before =
      (large_page_size - reinterpret_cast<std::uintptr_t>(all) % large_page_size) % large_page_size;
  if (before != 0) ::munmap(all, before);
  std::size_t const used = in_system_pages(size);
  ::munmap(all + before + used, in_system_pages(size + large_page_size) - before - used);
  slab_memory::prefer_large_pages(all + before, used);
  return all + before;
}

// splice() raises the signal, and takes no flag against it.
void block_pipe_signal() noexcept {
  static thread_local bool blocked = false;
  if (std::exchange(blocked, true)) return;
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

ssize_t send_spans(int socket, std::span<const_span const> spans) noexcept {
  msghdr message{};
  message.msg_iov = reinterpret_cast<iovec*>(const_cast<const_span*>(spans.data()));
  message.msg_iovlen = spans.size();
  ssize_t n = -1;
  do n = ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT | more_follows);
  while (n < 0 && errno == EINTR);
  return n;
}

}  // namespace

file_part::file_part(memory_file const& f, std::uint64_t from, std::uint64_t length) noexcept
    : data(f.data_ + from) {
  assert(from <= f.size_ && length <= f.size_ - from);
  std::size_t const most = f.size_ < large_min ? size_max : size_max_of_large;
  size = static_cast<std::size_t>(std::min<std::uint64_t>(length, most));
  is_cut = length > most;
}

send_outcome send_with_part(int socket, std::span<const_span const> spans,
                            file_part const& part) noexcept {
  block_pipe_signal();
  std::size_t const head = size_of(spans);
  if (head != 0) {
    ssize_t const n = send_spans(socket, spans);
    if (n < 0 || static_cast<std::size_t>(n) != head) return {n, n >= 0};
  }
  send_outcome sent{-1, false};
  do sent = send_constant(socket, part.data, part.size);
  while (sent.size < 0 && errno == EINTR);
  if (sent.size >= 0) return {static_cast<ssize_t>(head) + sent.size, sent.is_filled};
  // What hinders the part is told by the next send, unless this one has done nothing.
  return {head != 0 ? static_cast<ssize_t>(head) : -1, false};
}

mutable_span memory_file::space() noexcept {
  return {data_, in_system_pages(size_)};
}

memory_files::memory_files(ready_list& ready, blocking_pool& pool, blocking_pool& copying) noexcept
    : ready_(ready), pool_(pool), copying_(copying) {
  closing_.owner = this;
  closing_.bind<&memory_files::on_closed>(this);
}

error memory_files::make(memory_file& m, std::uint64_t size) noexcept {
  assert(!m.is_open() && size != 0);
  if (size > PTRDIFF_MAX - 2 * large_page_size) return error::no_memory;
  if (size > memory_blocks::part_max) return make_alone(m, static_cast<std::size_t>(size));
  memory_blocks::part const p = blocks_.acquire(static_cast<std::size_t>(size));
  if (p.data == nullptr) return error::no_memory;
  m.data_ = p.data;
  m.size_ = static_cast<std::size_t>(size);
  m.block_ = p.from;
  m.is_sealed_ = false;
  return error::none;
}

error memory_files::make_alone(memory_file& m, std::size_t size) noexcept {
  try {
    std::lock_guard const lock(mutex_);
    std::size_t const places = closed_.size() + open_ + 1;
    if (closed_.capacity() < places) closed_.reserve(2 * places);
  } catch (std::bad_alloc const&) {
    return error::no_memory;
  }
  m.data_ = reserve_aligned(size);
  if (m.data_ == nullptr) return translate(errno);
  ++open_;
  m.size_ = size;
  return error::none;
}

void memory_files::fill(memory_file& m, fill_operation& op, file& from, std::uint64_t offset,
                        std::uint64_t length) noexcept {
  assert(m.is_open());
  operation_access::submit(op);
  bool const fits = offset <= m.size_ && length <= m.size_ - offset && length <= UINT32_MAX / 2;
  if (!fits || offset % from.alignment() != 0) return ready_.finish(op, error::invalid_argument);
  op.to_ = &m;
  op.from_ = &from;
  op.offset_ = offset;
  op.length_ = length;
  op.done_ = 0;
  copying_.submit(op, [](blocking_call& call) noexcept {
    auto& self = static_cast<fill_operation&>(call);
    error const e = self.fill();
    operation_access::finish(self, e, self.done_);
  });
}

// What lies behind the length, up to the alignment, is overwritten with what the file has there: it
// is within the last page of the memory, or filled anew later.
error fill_operation::fill() noexcept {
  std::uint64_t const alignment = from_->alignment();
  while (done_ != length_) {
    std::uint64_t const left = (length_ - done_ + alignment - 1) / alignment * alignment;
    mutable_span const span{to_->data_ + offset_ + done_,
                            static_cast<std::size_t>(std::min<std::uint64_t>(left, piece_size))};
    std::uint32_t read = 0;
    if (error const e = read_waiting(*from_, offset_ + done_, {&span, 1}, read); e != error::none) {
      return e;
    }
    done_ += static_cast<std::uint32_t>(std::min<std::uint64_t>(read, length_ - done_));
    if (read != span.size) break;  // The file ends.
  }
  return error::none;
}

error fill_operation::seal() noexcept {
  return ::mprotect(to_->data_, to_->size_, PROT_READ) == 0 ? error::none : translate(errno);
}

void memory_files::seal(memory_file& m, fill_operation& op) noexcept {
  assert(m.is_open());
  operation_access::submit(op);
  op.to_ = &m;
  if (m.block_ != nullptr) {
    if (!std::exchange(m.is_sealed_, true)) blocks_.seal(*m.block_);
    return ready_.finish(op, error::none);
  }
  pool_.submit(op, [](blocking_call& call) noexcept {
    operation_access::finish(call, static_cast<fill_operation&>(call).seal(), 0);
  });
}

void memory_files::close(memory_file& m) noexcept {
  assert(m.is_open());
  if (m.block_ != nullptr) {
    blocks_.release({std::exchange(m.data_, nullptr), std::exchange(m.block_, nullptr)}, m.size_,
                    m.is_sealed_);
    return;
  }
  --open_;
  {
    std::lock_guard const lock(mutex_);
    closed_.push_back({std::exchange(m.data_, nullptr), m.size_});
  }
  if (closing_.idle()) start_closing();
}

void memory_files::start_closing() noexcept {
  operation_access::submit(closing_);
  pool_.submit(closing_, [](blocking_call& call) noexcept {
    static_cast<closing_call&>(call).owner->free_closed();
  });
}

void memory_files::on_closed() noexcept {
  bool more = false;
  {
    std::lock_guard const lock(mutex_);
    more = !closed_.empty();
  }
  if (more) start_closing();
}

void memory_files::free_closed() noexcept {
  for (;;) {
    closed one;
    {
      std::lock_guard const lock(mutex_);
      if (closed_.empty()) return;
      one = closed_.back();
      closed_.pop_back();
    }
    ::munmap(one.data, one.size);
  }
}

}  // namespace quire::io::posix
