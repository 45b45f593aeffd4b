#include <quire/io/windows/error.hpp>
#include <quire/io/windows/files.hpp>
#include <quire/io/windows/open_beneath.hpp>

#include <windows.h>

#include <utility>

namespace quire::io::nt {
namespace {

// Between the years 1601 and 1970, in units of 100 ns.
constexpr std::int64_t epoch = 116'444'736'000'000'000;

std::int64_t nanoseconds(std::int64_t time) noexcept {
  return (time - epoch) * 100;
}

std::int64_t join(std::uint32_t high, std::uint32_t low) noexcept {
  return static_cast<std::int64_t>(std::uint64_t{high} << 32 | low);
}

error read_status(HANDLE opened, file_status& out) noexcept {
  BY_HANDLE_FILE_INFORMATION s;
  FILE_BASIC_INFO times;
  if (::GetFileInformationByHandle(opened, &s) == 0) return translate(::GetLastError());
  if (::GetFileInformationByHandleEx(opened, FileBasicInfo, &times, sizeof times) == 0) {
    return translate(::GetLastError());
  }
  bool const is_directory = (s.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
  out.size = static_cast<std::uint64_t>(join(s.nFileSizeHigh, s.nFileSizeLow));
  out.modified_ns =
      nanoseconds(join(s.ftLastWriteTime.dwHighDateTime, s.ftLastWriteTime.dwLowDateTime));
  out.changed_ns = nanoseconds(times.ChangeTime.QuadPart);
  out.inode = static_cast<std::uint64_t>(join(s.nFileIndexHigh, s.nFileIndexLow));
  out.device = s.dwVolumeSerialNumber;
  out.type = is_directory                              ? file_type::directory
             : ::GetFileType(opened) == FILE_TYPE_DISK ? file_type::regular
                                                       : file_type::other;
  return error::none;
}

}  // namespace

error files::open(directory& d, std::string_view path) noexcept {
  assert(!d.is_open());
  wide_path name;
  if (error const e = name.assign(path); e != error::none) return e;
  HANDLE const opened =
      ::CreateFileW(name.c_str(), FILE_LIST_DIRECTORY | FILE_READ_ATTRIBUTES | FILE_TRAVERSE,
                    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING,
                    FILE_FLAG_BACKUP_SEMANTICS, nullptr);
  if (opened == INVALID_HANDLE_VALUE) return translate(::GetLastError());
  file_status status;
  error e = read_status(opened, status);
  if (e == error::none && status.type != file_type::directory) e = error::not_a_directory;
  if (e == error::none) {
    d.handle_ = opened;
  } else {
    ::CloseHandle(opened);
  }
  return e;
}

void files::close(directory& d) noexcept {
  ::CloseHandle(std::exchange(d.handle_, nullptr));
}

void open_operation::open() noexcept {
  error e = open_beneath(directory_, path_, opened_);
  if (e == error::none) {
    e = read_status(opened_, status_);
    if (e == error::none && status_.type == file_type::other) e = error::not_regular;
    if (e != error::none) ::CloseHandle(std::exchange(opened_, nullptr));
  }
  operation_access::finish(*this, e, 0);
}

void files::open(directory const& d, open_operation& op, std::string_view path) noexcept {
  assert(op.opened_ == nullptr);
  operation_access::submit(op);
  op.directory_ = d.handle_;
  op.path_ = path;
  pool_.submit(op, [](blocking_call& call) noexcept { static_cast<open_operation&>(call).open(); });
}

void files::adopt(file& f, open_operation& op) noexcept {
  assert(op.idle() && op.opened_ != nullptr && !f.is_open());
  f.handle_ = std::exchange(op.opened_, nullptr);
  f.is_directory_ = op.status_.type == file_type::directory;
}

void files::discard(open_operation& op) noexcept {
  assert(op.idle() && op.opened_ != nullptr);
  ::CloseHandle(std::exchange(op.opened_, nullptr));
}

error files::status(file const& f, file_status& out) noexcept {
  return read_status(f.handle_, out);
}

void files::await_writers(open_operation& op) noexcept {
  assert(op.opened_ == nullptr);
  operation_access::submit(op);
  ready_.finish(op, error::none);
}

void files::close(file& f) noexcept {
  ::CloseHandle(std::exchange(f.handle_, nullptr));
}

void files::cancel(blocking_call& call) noexcept {
  if (!call.idle() && pool_.cancel(call)) ready_.finish(call, error::canceled);
}

}  // namespace quire::io::nt
