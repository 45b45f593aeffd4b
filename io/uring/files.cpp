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

// Whole spans together; a span of which a part is filled, by itself.
void proactor::start_read(read_operation& op) noexcept {
  bool const whole = op.skip_ == 0;
  io_uring_sqe& entry =
      entry_for(op, whole ? IORING_OP_READV : IORING_OP_READ, op.file_->descriptor());
  entry.off = op.offset_ + op.done_;
  op.mode_ = op.file_->mode();
  if (op.mode_ == file_mode::uncached) entry.rw_flags = rwf_dontcache;
  if (whole) {
    entry.addr = reinterpret_cast<std::uint64_t>(op.spans_.data());
    entry.len = static_cast<std::uint32_t>(std::min<std::size_t>(op.spans_.size(), IOV_MAX));
  } else {
    mutable_span const& span = op.spans_.front();
    entry.addr = reinterpret_cast<std::uint64_t>(span.data + op.skip_);
    entry.len = static_cast<std::uint32_t>(span.size - op.skip_);
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
