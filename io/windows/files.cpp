#include <quire/io/windows/error.hpp>
#include <quire/io/windows/files.hpp>
#include <quire/io/windows/open_beneath.hpp>

#include <windows.h>

#include <algorithm>
#include <bit>
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

// The same file by another handle, for overlapped reads.
error reopen(handle opened, DWORD flags, handle& out) noexcept {
  HANDLE const again = ::ReOpenFile(opened, FILE_READ_DATA | FILE_READ_ATTRIBUTES | SYNCHRONIZE,
                                    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                    FILE_FLAG_OVERLAPPED | flags);
  if (again == INVALID_HANDLE_VALUE) return translate(::GetLastError());
  out = again;
  return error::none;
}

// What direct reads must be multiples of: the sectors of the volume, and what the device wants of
// memory. 0 when that is more than a page.
std::size_t direct_alignment(handle opened) noexcept {
  constexpr std::size_t page_size = 4096;
  FILE_STORAGE_INFO storage;
  FILE_ALIGNMENT_INFO memory;
  // Where it is not said, a page is safe.
  std::size_t sector = page_size;
  if (::GetFileInformationByHandleEx(opened, FileStorageInfo, &storage, sizeof storage) != 0) {
    sector = std::max<std::size_t>(storage.LogicalBytesPerSector, 512);
  }
  if (::GetFileInformationByHandleEx(opened, FileAlignmentInfo, &memory, sizeof memory) != 0) {
    sector = std::max<std::size_t>(sector, std::size_t{memory.AlignmentRequirement} + 1);
  }
  return std::has_single_bit(sector) && sector <= page_size ? sector : 0;
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
  if (e == error::none) settle_mode();
  operation_access::finish(*this, e, 0);
}

// Direct where the file system agrees, else buffered.
void open_operation::settle_mode() noexcept {
  handle direct = nullptr;
  alignment_ = 1;
  bool const wanted = mode_ == file_mode::direct && status_.type == file_type::regular;
  mode_ = file_mode::buffered;
  std::size_t const alignment = wanted ? direct_alignment(opened_) : 0;
  if (alignment == 0 || reopen(opened_, FILE_FLAG_NO_BUFFERING, direct) != error::none) return;
  ::CloseHandle(std::exchange(opened_, direct));
  alignment_ = static_cast<std::uint16_t>(alignment);
  mode_ = file_mode::direct;
}

void files::open(directory const& d, open_operation& op, std::string_view path,
                 file_mode mode) noexcept {
  assert(op.opened_ == nullptr);
  operation_access::submit(op);
  op.mode_ = mode;
  op.directory_ = d.handle_;
  op.path_ = path;
  pool_.submit(op, [](blocking_call& call) noexcept { static_cast<open_operation&>(call).open(); });
}

void files::adopt(file& f, open_operation& op) noexcept {
  assert(op.idle() && op.opened_ != nullptr && !f.is_open());
  f.handle_ = std::exchange(op.opened_, nullptr);
  f.is_directory_ = op.status_.type == file_type::directory;
  f.alignment_ = op.alignment_;
  f.mode_ = op.mode_;
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

error files::fall_back(file& f) noexcept {
  assert(f.mode_ == file_mode::direct && f.retired_ == nullptr);
  handle buffered = nullptr;
  if (error const e = reopen(f.handle_, 0, buffered); e != error::none) return e;
  f.retired_ = std::exchange(f.handle_, buffered);
  f.alignment_ = 1;
  f.mode_ = file_mode::buffered;
  return error::none;
}

void files::close(file& f) noexcept {
  ::CloseHandle(std::exchange(f.handle_, nullptr));
  if (f.retired_ != nullptr) ::CloseHandle(std::exchange(f.retired_, nullptr));
}

void files::cancel(blocking_call& call) noexcept {
  if (!call.idle() && pool_.cancel(call)) ready_.finish(call, error::canceled);
}

}  // namespace quire::io::nt
