#include <quire/io/windows/error.hpp>
#include <quire/io/windows/files.hpp>

#include <windows.h>

#include <winternl.h>

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

// Three calls that Windows answers from memory. That of the volume would be a fourth, and slow.
error read_status(handle opened, std::uint64_t device, file_status& out) noexcept {
  FILE_BASIC_INFO times;
  FILE_STANDARD_INFO standard;
  std::int64_t identity = 0;  // FILE_INTERNAL_INFORMATION, which not every winternl.h has.
  IO_STATUS_BLOCK ignored;
  if (::GetFileInformationByHandleEx(opened, FileBasicInfo, &times, sizeof times) == 0 ||
      ::GetFileInformationByHandleEx(opened, FileStandardInfo, &standard, sizeof standard) == 0) {
    return translate(::GetLastError());
  }
  constexpr auto internal_information = static_cast<FILE_INFORMATION_CLASS>(6);
  NTSTATUS const status =
      ::NtQueryInformationFile(opened, &ignored, &identity, sizeof identity, internal_information);
  if (status < 0) return translate(error_number(status));
  out.size = static_cast<std::uint64_t>(standard.EndOfFile.QuadPart);
  out.modified_ns = nanoseconds(times.LastWriteTime.QuadPart);
  out.changed_ns = nanoseconds(times.ChangeTime.QuadPart);
  out.inode = static_cast<std::uint64_t>(identity);
  out.device = device;
  out.links = standard.NumberOfLinks;
  out.type = standard.Directory != 0 ? file_type::directory : file_type::regular;
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

}  // namespace

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

error files::open(directory& d, std::string_view path) noexcept {
  assert(!d.is_open());
  wide_path name;
  if (error const e = name.assign(path); e != error::none) return e;
  HANDLE const opened =
      ::CreateFileW(name.c_str(), FILE_LIST_DIRECTORY | FILE_READ_ATTRIBUTES | FILE_TRAVERSE,
                    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING,
                    FILE_FLAG_BACKUP_SEMANTICS, nullptr);
  if (opened == INVALID_HANDLE_VALUE) return translate(::GetLastError());
  BY_HANDLE_FILE_INFORMATION info;
  error e =
      ::GetFileInformationByHandle(opened, &info) != 0 ? error::none : translate(::GetLastError());
  if (e == error::none && (info.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) == 0) {
    e = error::not_a_directory;
  }
  if (e == error::none) e = make_root(opened, d.top_, d.name_);
  if (e != error::none) {
    ::CloseHandle(opened);
    return e;
  }
  d.device_ = info.dwVolumeSerialNumber;
  d.inode_ = std::uint64_t{info.nFileIndexHigh} << 32 | info.nFileIndexLow;
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
  ::CloseHandle(std::exchange(d.top_.directory, nullptr));
}

void open_operation::open() noexcept {
  directory const& below = *directory_;
  error e = open_beneath(below.top_, path_, opened_);
  if (e == error::none) {
    e = read_status(opened_, below.device_, status_);
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
  op.directory_ = &d;
  op.path_ = path;
  pool_.submit(op, [](blocking_call& call) noexcept { static_cast<open_operation&>(call).open(); });
}

void files::adopt(file& f, open_operation& op) noexcept {
  assert(op.idle() && op.opened_ != nullptr && !f.is_open());
  f.handle_ = std::exchange(op.opened_, nullptr);
  f.device_ = op.status_.device;
  f.is_directory_ = op.status_.type == file_type::directory;
  f.alignment_ = op.alignment_;
  f.mode_ = op.mode_;
}

void files::discard(open_operation& op) noexcept {
  assert(op.idle() && op.opened_ != nullptr);
  ::CloseHandle(std::exchange(op.opened_, nullptr));
}

error files::status(file const& f, file_status& out) noexcept {
  return read_status(f.handle_, f.device_, out);
}

void files::await_writers(file const&, open_operation& op) noexcept {
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

}  // namespace quire::io::nt
