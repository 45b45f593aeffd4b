#include <quire/buffer/page_pool.hpp>
#include <quire/io/windows/files.hpp>
#include <quire/io/windows/system_functions.hpp>
#include <quire/server/machine.hpp>
#include <quire/server/sample_file.hpp>
#include <quire/server/windows/locked_requests.hpp>

#include <fmt/format.h>

#include <windows.h>

#include <array>
#include <filesystem>

namespace quire::server {
namespace {

// A handle while it is looked at.
class opened {
 public:
  opened(std::filesystem::path const& path, DWORD flags) noexcept
      : handle_(::CreateFileW(path.c_str(), GENERIC_READ,
                              FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                              OPEN_EXISTING, flags, nullptr)) {}
  ~opened() {
    if (*this) ::CloseHandle(handle_);
  }
  opened(opened const&) = delete;
  opened& operator=(opened const&) = delete;

  explicit operator bool() const noexcept { return handle_ != INVALID_HANDLE_VALUE; }
  HANDLE get() const noexcept { return handle_; }

 private:
  HANDLE handle_;
};

// As the program reads: what a file system takes when a file is opened, it may still refuse.
bool reads_directly(std::filesystem::path const& path) noexcept {
  alignas(page_pool::page_size) std::array<char, page_pool::page_size> memory;
  opened const file(path, FILE_FLAG_NO_BUFFERING);
  DWORD size = 0;
  return file && ::ReadFile(file.get(), memory.data(), static_cast<DWORD>(memory.size()), &size,
                            nullptr) != 0;
}

finding examine_direct_reads(std::filesystem::path const& path) {
  opened const file(path, 0);
  std::size_t const alignment = file ? io::nt::direct_alignment(file.get()) : 0;
  if (alignment != 0 && reads_directly(path)) {
    return {"direct reads", fmt::format("yes, aligned to {}", alignment), verdict::good};
  }
  return {"direct reads",
          "no",
          verdict::costs,
          "--file-io direct reads through the system's cache, as --file-io buffered does",
          {}};
}

// Bandwidth that is kept for one file is taken from all others, so that it is told and not used.
finding examine_bandwidth(std::filesystem::path const& path) {
  finding f{"SetFileBandwidthReservation", "not a function of this system; quire does without"};
  io::nt::reserve_bandwidth_function const reserve =
      io::nt::find_system_functions().reserve_bandwidth;
  if (reserve == nullptr) return f;
  opened const file(path, FILE_FLAG_OVERLAPPED);
  io::nt::bandwidth found;
  f.value = file && reserve(file.get(), page_pool::page_size, found) == 0
                ? fmt::format("offered, by {} reads of {} octets in flight; quire does without",
                              found.requests, found.request_size)
                : "not offered by this volume; quire does without";
  return f;
}

}  // namespace

finding examine_locked_requests(io::nt::system_functions const& functions, bool may_lock_memory) {
  std::string const name = "SetFileIoOverlappedRange";
  std::string const cost = "the system locks the memory of a request for each read of a large file";
  if (functions.lock_requests == nullptr) {
    return {name, "not a function of this system", verdict::costs, cost, {}};
  }
  if (!may_lock_memory) {
    return {name, "not allowed to this user", verdict::costs, cost,
            "give the user the right to lock pages in memory (SeLockMemoryPrivilege)"};
  }
  return {name, "yes", verdict::good};
}

// Handles are limited by memory alone.
std::vector<finding> examine_limits() {
  return {examine_locked_requests(io::nt::find_system_functions(), io::nt::may_lock_memory())};
}

std::vector<finding> examine_network() {
  return {};
}

std::vector<finding> examine_files(std::string const& root) {
  std::vector<finding> found;
  std::error_code ignored;
  std::filesystem::path const path = std::filesystem::absolute(root, ignored);
  std::array<wchar_t, MAX_PATH + 1> volume{};
  std::array<wchar_t, MAX_PATH + 1> kind{};
  if (::GetVolumePathNameW(path.c_str(), volume.data(), static_cast<DWORD>(volume.size())) &&
      ::GetVolumeInformationW(volume.data(), nullptr, 0, nullptr, nullptr, nullptr, kind.data(),
                              static_cast<DWORD>(kind.size()))) {
    found.push_back({"file system", std::filesystem::path(kind.data()).string(), verdict::fact});
  }
  if (std::filesystem::path const sample = sample_file(root); !sample.empty()) {
    found.push_back(examine_direct_reads(sample));
    found.push_back(examine_bandwidth(sample));
  } else {
    found.push_back({"reads", "unknown: there is no file to try them on"});
  }
  return found;
}

std::vector<finding> examine_processors() {
  DWORD_PTR process = 0;
  DWORD_PTR system = 0;
  finding f{"processors", "unknown"};
  if (::GetProcessAffinityMask(::GetCurrentProcess(), &process, &system)) {
    f.value = fmt::format("{} of {}", __builtin_popcountll(process), __builtin_popcountll(system));
  }
  LARGE_INTEGER frequency{};
  ::QueryPerformanceFrequency(&frequency);
  return {std::move(f), {"clock", fmt::format("{} Hz", frequency.QuadPart), verdict::good}};
}

}  // namespace quire::server
