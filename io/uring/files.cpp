// Reading files. The kernel reads what is in memory at once and the rest without a thread of ours.
#include <quire/io/posix/error.hpp>
#include <quire/io/posix/kernel.hpp>
#include <quire/io/uring/proactor.hpp>
#include <quire/io/uring/tags.hpp>

#include <fcntl.h>

#include <algorithm>
#include <climits>

namespace quire::io::uring {
namespace {

// Linux 6.14; younger than the headers of some systems that this is built on.
constexpr int rwf_dontcache = 0x80;

unsigned char opcode_of(bool one_span, bool registered) noexcept {
  if (!registered) return one_span ? IORING_OP_READ : IORING_OP_READV;
  if (one_span) return IORING_OP_READ_FIXED;
  return registered_memory::readv_fixed;
}

}  // namespace

void proactor::adopt(file& f, open_operation& op) noexcept {
  files_.adopt(f, op);
  // Opened so that a pipe does not block; a read, however, shall wait for the disk.
  ::fcntl(f.descriptor(), F_SETFL, f.mode() == file_mode::direct ? O_DIRECT : 0);
}

void proactor::read(file& f, read_operation& op, std::uint64_t offset,
                    std::span<mutable_span const> spans) noexcept {
  operation_access::submit(op);
  if (!is_aligned(offset, spans, f.alignment())) {
    return ready_.finish(op, error::invalid_argument);
  }
  operation_access::flags(op) = static_cast<std::uint8_t>(kind::read);
  op.file_ = &f;
  op.offset_ = offset;
  op.spans_ = spans;
  op.skip_ = 0;
  op.done_ = 0;
  start_read(op);
}

// Whole spans together; a span of which a part is filled, by itself. Only a direct read pins the
// memory that it reads into, so only there something is spared; and only of a file that is read by
// an iterator, as all are that can be read so, the kernel reads by READV_FIXED: for others, as of
// /proc, it would fill the list of spans itself (Linux 6.18).
void proactor::start_read(read_operation& op) noexcept {
  std::size_t const count = op.skip_ != 0 ? 1 : std::min<std::size_t>(op.spans_.size(), IOV_MAX);
  auto const spans = op.spans_.first(count);
  op.mode_ = op.file_->mode();
  int const slab = op.mode_ == file_mode::direct ? memory_.find(spans) : registered_memory::none;
  bool const registered = slab != registered_memory::none;
  bool const one = op.skip_ != 0 || (registered && count == 1);
  io_uring_sqe& entry = entry_for(op, opcode_of(one, registered), op.file_->descriptor());
  if (registered) entry.buf_index = static_cast<std::uint16_t>(slab);
  entry.off = op.offset_ + op.done_;
  if (op.mode_ == file_mode::uncached) entry.rw_flags = rwf_dontcache;
  if (one) {
    mutable_span const& span = spans.front();
    entry.addr = reinterpret_cast<std::uint64_t>(span.data + op.skip_);
    entry.len = static_cast<std::uint32_t>(span.size - op.skip_);
  } else {
    entry.addr = reinterpret_cast<std::uint64_t>(spans.data());
    entry.len = static_cast<std::uint32_t>(count);
  }
}

void proactor::read_came(read_operation& op, int result) noexcept {
  if (result < 0 && posix::is_refusal(op.mode_, -result)) {
    op.file_->fall_back();
    return start_read(op);
  }
  if (result < 0) return ready_.finish(op, posix::translate(-result), op.done_);
  op.done_ += static_cast<std::uint32_t>(result);
  op.skip_ += static_cast<std::size_t>(result);
  while (!op.spans_.empty() && op.skip_ >= op.spans_.front().size) {
    op.skip_ -= op.spans_.front().size;
    op.spans_ = op.spans_.subspan(1);
  }
  // In direct mode only the end of the file breaks the alignment.
  bool const at_end = result == 0 || op.done_ % op.file_->alignment() != 0;
  if (op.spans_.empty() || at_end) return ready_.finish(op, error::none, op.done_);
  if (is_canceling(op)) return ready_.finish(op, error::canceled, op.done_);
  start_read(op);
}

}  // namespace quire::io::uring
