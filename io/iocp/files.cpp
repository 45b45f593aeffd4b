// Reading files: overlapped, one run of memory after the other.
#include <quire/io/iocp/proactor.hpp>
#include <quire/io/iocp/winsock.hpp>
#include <quire/io/windows/error.hpp>

#include <windows.h>

#include <algorithm>

namespace quire::io::iocp {
namespace {

// What one request asks for at most.
constexpr std::size_t read_size_max = std::size_t{1} << 30;

// The memory from `skip` on, and as much behind it as lies in one run with it: pages of a pool
// often do.
mutable_span first_run(std::span<mutable_span const> spans, std::size_t skip) noexcept {
  mutable_span run{spans[0].data + skip, spans[0].size - skip};
  for (mutable_span const& s : spans.subspan(1)) {
    if (s.data != run.data + run.size) break;
    run.size += s.size;
  }
  run.size = std::min(run.size, read_size_max);
  return run;
}

}  // namespace

void proactor::adopt(file& f, open_operation& op) noexcept {
  files_.adopt(f, op);
  f.unusable_ = port_.add(f.handle(), source::request, f.skips_);
}

void proactor::read(file& f, read_operation& op, std::uint64_t offset,
                    std::span<mutable_span const> spans) noexcept {
  operation_access::submit(op);
  operation_access::flags(op) = static_cast<std::uint8_t>(kind::read);
  op.file_ = &f;
  op.offset_ = offset;
  op.spans_ = spans;
  op.skip_ = 0;
  op.done_ = 0;
  if (f.is_directory()) return ready_.finish(op, error::is_a_directory);
  if (f.unusable_ != error::none) return ready_.finish(op, f.unusable_);
  read_on(op);
}

void proactor::read_on(read_operation& op) noexcept {
  for (;;) {
    while (!op.spans_.empty() && op.skip_ >= op.spans_.front().size) {
      op.skip_ -= op.spans_.front().size;
      op.spans_ = op.spans_.subspan(1);
    }
    if (op.spans_.empty()) return ready_.finish(op, error::none, op.done_);
    mutable_span const run = first_run(op.spans_, op.skip_);
    std::uint64_t const at = op.offset_ + op.done_;
    op.system_part() = {.offset_low = static_cast<std::uint32_t>(at),
                        .offset_high = static_cast<std::uint32_t>(at >> 32)};
    op.asked_ = static_cast<std::uint32_t>(run.size);
    DWORD count = 0;
    BOOL const done =
        ::ReadFile(op.file_->handle(), run.data, op.asked_, &count, native(op.system_part()));
    outcome o{done ? 0 : ::GetLastError(), count};
    if (!is_known(op, o, op.file_->skips_) || !read_came(op, o)) return;
  }
}

// False when the operation has ended by it.
bool proactor::read_came(read_operation& op, outcome o) noexcept {
  bool const at_end = o.number == ERROR_HANDLE_EOF;
  op.done_ += o.count;
  op.skip_ += o.count;
  if (o.number != 0 && !at_end) {
    ready_.finish(op, nt::translate(o.number), op.done_);
  } else if (at_end || o.count < op.asked_) {
    ready_.finish(op, error::none, op.done_);
  } else if (is_canceling(op)) {
    ready_.finish(op, error::canceled, op.done_);
  } else {
    return true;
  }
  return false;
}

void proactor::cancel(read_operation& op) noexcept {
  if (!op.idle()) cancel_in_system(op, op.file_->handle());
}

}  // namespace quire::io::iocp
