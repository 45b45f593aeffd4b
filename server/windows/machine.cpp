#include <quire/server/machine.hpp>

#include <fmt/format.h>

#include <windows.h>

#include <array>
#include <filesystem>

namespace quire::server {

// Handles are limited by memory alone.
std::vector<finding> examine_limits() {
  return {};
}

std::vector<finding> examine_network() {
  return {};
}

std::vector<finding> examine_files(std::string const& root) {
  std::error_code ignored;
  std::filesystem::path const path = std::filesystem::absolute(root, ignored);
  std::array<wchar_t, MAX_PATH + 1> volume{};
  std::array<wchar_t, MAX_PATH + 1> kind{};
  if (!::GetVolumePathNameW(path.c_str(), volume.data(), static_cast<DWORD>(volume.size()))) {
    return {};
  }
  std::vector<finding> found;
  if (::GetVolumeInformationW(volume.data(), nullptr, 0, nullptr, nullptr, nullptr, kind.data(),
                              static_cast<DWORD>(kind.size()))) {
    found.push_back({"file system", std::filesystem::path(kind.data()).string(), verdict::fact});
  }
  DWORD sectors = 0;
  DWORD sector_size = 0;
  DWORD clusters_free = 0;
  DWORD clusters = 0;
  if (::GetDiskFreeSpaceW(volume.data(), &sectors, &sector_size, &clusters_free, &clusters)) {
    found.push_back({"unbuffered reads", fmt::format("aligned to {}", sector_size), verdict::good});
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
