// Reading files: overlapped, one run of memory after the other; directly, many pages at once.
#include <quire/io/iocp/proactor.hpp>
#include <quire/io/iocp/winsock.hpp>
#include <quire/io/windows/error.hpp>

#include <windows.h>

#include <algorithm>
#include <array>
#include <utility>

namespace quire::io::iocp {
namespace {

constexpr std::size_t page_size = page_pool::page_size;

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

bool is_in_pages(char const* data, std::size_t size) noexcept {
  return (reinterpret_cast<std::uintptr_t>(data) | size) % page_size == 0;
}

// Pages that need not lie in one run, for ReadFileScatter, which wants whole ones.
class page_list {
 public:
  // Takes the pages from `skip` on, until there is something else, or the list is full.
  page_list(std::span<mutable_span const> spans, std::size_t skip) noexcept {
    for (mutable_span const& s : spans) {
      if (!is_in_pages(s.data + skip, s.size - skip)) break;
      for (std::size_t at = skip; at != s.size && count_ != pages_max; at += page_size) {
        list_[count_++].Buffer = s.data + at;
      }
      skip = 0;
    }
    list_[count_].Buffer = nullptr;
  }
  FILE_SEGMENT_ELEMENT* data() noexcept { return list_.data(); }
  std::size_t size() const noexcept { return count_ * page_size; }

 private:
  static constexpr std::size_t pages_max = 64;
  std::size_t count_ = 0;
  std::array<FILE_SEGMENT_ELEMENT, pages_max + 1> list_;
};

// Some file systems take part in no direct reads, and say so when they are asked for one.
bool is_refusal(std::uint32_t number) noexcept {
  return number == ERROR_INVALID_PARAMETER || number == ERROR_NOT_SUPPORTED ||
         number == ERROR_INVALID_FUNCTION;
}

}  // namespace

void proactor::adopt(file& f, open_operation& op) noexcept {
  files_.adopt(f, op);
  f.was_read_ = false;
  f.slab_was_tried_ = f.has_slab_ = false;
  f.unusable_ = port_.add(f.handle(), source::request, f.skips_);
}

error proactor::fall_back(file& f) noexcept {
  if (f.mode() != file_mode::direct) return error::none;  // Another read has been refused before.
  if (error const e = files_.fall_back(f); e != error::none) return e;
  f.slab_was_tried_ = f.has_slab_ = false;
  return port_.add(f.handle(), source::request, f.skips_);
}

// From the second read on, as only large files have one: for a single read the slab is not worth
// the call.
void proactor::use_slab(read_operation& op) noexcept {
  file& f = *op.file_;
  if (!std::exchange(f.slab_was_tried_, true)) f.has_slab_ = slab_.add(f.handle());
  op.in_slab_ = f.has_slab_ ? slab_.take(op) : nullptr;
  if (op.in_slab_ != nullptr) operation_access::flags(op) |= in_slab;
}

void proactor::leave_slab(read_operation& op) noexcept {
  std::uint8_t& flags = operation_access::flags(op);
  if ((flags & in_slab) == 0) return;
  slab_.give_back(*op.in_slab_);
  flags &= static_cast<std::uint8_t>(~in_slab);
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
  if (!is_aligned(offset, spans, f.alignment())) {
    return ready_.finish(op, error::invalid_argument);
  }
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
    outcome o = start_read(op);
    if (!is_known(op, o, op.file_->skips_) || !read_came(op, o)) return;
  }
}

proactor::outcome proactor::start_read(read_operation& op) noexcept {
  op.mode_ = op.file_->mode();
  op.handle_ = op.file_->handle();
  bool const direct = op.mode_ == file_mode::direct;
  bool const is_first = !std::exchange(op.file_->was_read_, true);
  if (direct && is_first && strict_.toss_for_rare()) return {ERROR_INVALID_PARAMETER, 0};
  if (!is_first) use_slab(op);
  std::uint64_t const at = op.offset_ + op.done_;
  op.system_part() = {.offset_low = static_cast<std::uint32_t>(at),
                      .offset_high = static_cast<std::uint32_t>(at >> 32)};
  mutable_span const run = first_run(op.spans_, op.skip_);
  DWORD count = 0;
  BOOL done = FALSE;
  if (page_list pages(direct ? op.spans_ : op.spans_.first(0), op.skip_); pages.size() > run.size) {
    op.asked_ = static_cast<std::uint32_t>(pages.size());
    done =
        ::ReadFileScatter(op.handle_, pages.data(), op.asked_, nullptr, native(op.system_part()));
    if (done) count = static_cast<DWORD>(op.system_part().system_count);
  } else {
    op.asked_ = static_cast<std::uint32_t>(run.size);
    assert(!strict_.on() || is_aligned(at, {&run, 1}, op.file_->alignment()));
    done = ::ReadFile(op.handle_, run.data, op.asked_, &count, native(op.system_part()));
  }
  return {done ? ERROR_SUCCESS : ::GetLastError(), count};
}

// False when the operation has ended by it.
bool proactor::read_came(read_operation& op, outcome o) noexcept {
  leave_slab(op);
  if (op.mode_ == file_mode::direct && is_refusal(o.number)) {
    error const e = fall_back(*op.file_);
    if (e != error::none) ready_.finish(op, e, op.done_);
    return e == error::none;
  }
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
  if (!op.idle()) cancel_in_system(op, op.handle_);
}

}  // namespace quire::io::iocp
