#include <quire/io/posix/error.hpp>
#include <quire/io/posix/files.hpp>
#include <quire/io/posix/kernel.hpp>
#include <quire/io/posix/open_beneath.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace quire::io::posix {
namespace {

std::int64_t nanoseconds(timespec const& t) noexcept {
  return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

error read_status(int descriptor, file_status& out) noexcept {
  struct stat s;
  if (::fstat(descriptor, &s) != 0) return translate(errno);
  out.size = static_cast<std::uint64_t>(s.st_size);
  out.modified_ns = nanoseconds(s.st_mtim);
  out.changed_ns = nanoseconds(s.st_ctim);
  out.inode = s.st_ino;
  out.device = s.st_dev;
  out.links = s.st_nlink;
  out.type = S_ISREG(s.st_mode)   ? file_type::regular
             : S_ISDIR(s.st_mode) ? file_type::directory
                                  : file_type::other;
  return error::none;
}

using iovecs = std::array<iovec, 64>;

// Fills `out` with the spans without their first `skip` bytes; returns how many entries were used.
int fill(iovecs& out, std::span<mutable_span const> spans, std::size_t skip) noexcept {
  std::size_t used = 0;
  for (mutable_span const& s : spans) {
    if (skip >= s.size) {
      skip -= s.size;
      continue;
    }
    if (used == out.size()) break;
    out[used++] = {s.data + skip, s.size - skip};
    skip = 0;
  }
  return static_cast<int>(used);
}

using read_call = ssize_t (*)(file_mode, int, iovec const*, int, off_t) noexcept;

// Reads until the spans are full or the file ends. `done` counts the bytes, also when there is an
// error, which is an errno; 0 is success.
int read_all(read_call call, file_mode mode, file const& f, std::uint64_t offset,
             std::span<mutable_span const> spans, std::uint32_t& done) noexcept {
  std::size_t const alignment = mode == file_mode::direct ? f.alignment() : 1;
  iovecs parts;
  for (;;) {
    int const count = fill(parts, spans, done);
    if (count == 0) return 0;
    ssize_t const n =
        call(mode, f.descriptor(), parts.data(), count, static_cast<off_t>(offset + done));
    if (n == 0) return 0;
    if (n > 0) {
      done += static_cast<std::uint32_t>(n);
      if (done % alignment != 0) return 0;  // Only the end of the file does that.
    } else if (errno != EINTR) {
      return errno;
    }
  }
}

}  // namespace

error open_operation::settle(int opened) noexcept {
  if (opened < 0) return translate(-opened);
  error result = read_status(opened, status_);
  if (status_.type == file_type::regular && status_.links != 1) one_path_ = false;
  if (result == error::none && status_.type == file_type::other) result = error::not_regular;
  if (result != error::none) {
    ::close(opened);
    return result;
  }
  descriptor_ = opened;
  if (status_.type != file_type::regular) mode_ = file_mode::buffered;
  if (mode_ == file_mode::uncached && !has_uncached_reads) mode_ = file_mode::buffered;
  if (mode_ == file_mode::direct && (alignment_ = begin_direct(opened)) == 0) {
    mode_ = file_mode::buffered;
  }
  return error::none;
}

void file::fall_back() noexcept {
  if (mode() == file_mode::direct) end_direct(descriptor_);
  mode_.store(file_mode::buffered, std::memory_order_release);
}

bool is_refusal(file_mode mode, int number) noexcept {
  return mode != file_mode::buffered && (number == EINVAL || number == EOPNOTSUPP);
}

error read_waiting(file& f, std::uint64_t offset, std::span<mutable_span const> spans,
                   std::uint32_t& done) noexcept {
  for (;;) {
    file_mode const mode = f.mode();
    int const number = read_all(&posix::read_waiting, mode, f, offset, spans, done);
    if (!is_refusal(mode, number)) return translate(number);
    f.fall_back();
  }
}

error files::open(directory& d, std::string_view path) noexcept {
  assert(!d.is_open());
  terminated_path name;
  if (int const r = name.assign(path); r != 0) return translate(-r);
  int const opened = ::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0) return translate(errno);
  file_status status;
  if (error const e = read_status(opened, status); e != error::none) {
    ::close(opened);
    return e;
  }
  d.descriptor_ = opened;
  d.device_ = status.device;
  d.inode_ = status.inode;
  return error::none;
}

void files::open(directory& d, directory_operation& op, std::string_view path) noexcept {
  operation_access::submit(op);
  op.directory_ = &d;
  op.path_ = path;
  pool_.submit(op, [](blocking_call& call) noexcept {
    auto& self = static_cast<directory_operation&>(call);
    operation_access::finish(self, open(*self.directory_, self.path_), 0);
  });
}

void files::close(directory& d) noexcept {
  ::close(std::exchange(d.descriptor_, -1));
}

void files::open(directory const& d, open_operation& op, std::string_view path,
                 file_mode mode) noexcept {
  assert(op.descriptor_ < 0);
  operation_access::submit(op);
  op.mode_ = mode;
  op.one_path_ = false;
  terminated_path name;
  int r = name.assign(path);
  if (r == 0) r = open_resident(d.descriptor_, name.c_str(), op.one_path_);
  if (r != -EAGAIN) return ready_.finish(op, op.settle(r));
  op.directory_ = d.descriptor_;
  op.path_ = path;
  pool_.submit(op, [](blocking_call& call) noexcept {
    auto& self = static_cast<open_operation&>(call);
    operation_access::finish(
        self, self.settle(open_beneath(self.directory_, self.path_, self.one_path_)), 0);
  });
}

void files::adopt(file& f, open_operation& op) noexcept {
  assert(op.idle() && op.descriptor_ >= 0 && !f.is_open());
  f.descriptor_ = std::exchange(op.descriptor_, -1);
  f.tells_residency_ = true;
  f.alignment_ = op.alignment_;
  f.mode_.store(op.mode_, std::memory_order_relaxed);
}

void files::discard(open_operation& op) noexcept {
  assert(op.idle() && op.descriptor_ >= 0);
  ::close(std::exchange(op.descriptor_, -1));
}

void files::read(file& f, read_operation& op, std::uint64_t offset,
                 std::span<mutable_span const> spans) noexcept {
  operation_access::submit(op);
  if (!is_aligned(offset, spans, f.alignment())) {
    return ready_.finish(op, error::invalid_argument);
  }
  op.done_ = 0;
  while (f.tells_residency_ && f.mode() != file_mode::direct) {
    file_mode const mode = f.mode();
    int const number = read_all(read_resident, mode, f, offset, spans, op.done_);
    if (number == EAGAIN) break;
    if (number != EOPNOTSUPP) return ready_.finish(op, translate(number), op.done_);
    // It is not said which of the two is unknown here.
    if (mode == file_mode::uncached) {
      f.fall_back();
    } else {
      f.tells_residency_ = false;
    }
  }
  op.file_ = &f;
  op.offset_ = offset;
  op.spans_ = spans;
  pool_.submit(op, [](blocking_call& call) noexcept {
    auto& self = static_cast<read_operation&>(call);
    error const result = posix::read_waiting(*self.file_, self.offset_, self.spans_, self.done_);
    operation_access::finish(self, result, self.done_);
  });
}

error files::status(file const& f, file_status& out) noexcept {
  return read_status(f.descriptor_, out);
}

// A write() holds the inode's lock from before it sets the times of the file until its last byte is
// copied, on the file systems that Linux has for disks and memory. Looking for data takes that
// lock.
void files::await_writers(file const& f, open_operation& op) noexcept {
  assert(op.descriptor_ < 0);
  operation_access::submit(op);
  op.directory_ = f.descriptor_;
  pool_.submit(op, [](blocking_call& call) noexcept {
    auto& self = static_cast<open_operation&>(call);
    static_cast<void>(::lseek(self.directory_, 0, SEEK_DATA));
    operation_access::finish(self, error::none, 0);
  });
}

void files::close(file& f) noexcept {
  ::close(std::exchange(f.descriptor_, -1));
}

}  // namespace quire::io::posix
