#include <quire/io/windows/error.hpp>
#include <quire/io/windows/mapping.hpp>
#include <quire/io/windows/system_functions.hpp>

#include <windows.h>

#include <algorithm>
#include <array>
#include <utility>

namespace quire::io::nt {
namespace {

constexpr std::size_t page_size = 4096;

error size_of(handle file, std::size_t& out) noexcept {
  LARGE_INTEGER size;
  if (::GetFileSizeEx(file, &size) == 0) return translate(::GetLastError());
  if (size.QuadPart > PTRDIFF_MAX) return error::no_memory;
  out = static_cast<std::size_t>(size.QuadPart);
  return error::none;
}

// Until the mapping ends, the view alone keeps the section.
error view_of(handle file, char*& out) noexcept {
  HANDLE const section = ::CreateFileMappingW(file, nullptr, PAGE_READONLY, 0, 0, nullptr);
  if (section == nullptr) return translate(::GetLastError());
  out = static_cast<char*>(::MapViewOfFile(section, FILE_MAP_READ, 0, 0, 0));
  error const e = out != nullptr ? error::none : translate(::GetLastError());
  ::CloseHandle(section);
  return e;
}

// False when a page cannot be had. A plain read would raise an exception.
bool read_through(char const* data, std::size_t size) noexcept {
  std::array<char, 4 * page_size> ignored;
  for (std::size_t done = 0; done != size;) {
    std::size_t const here = std::min(size - done, ignored.size());
    if (::ReadProcessMemory(::GetCurrentProcess(), data + done, ignored.data(), here, nullptr) ==
        0) {
      return false;
    }
    done += here;
  }
  return true;
}

}  // namespace

error mappings::map(mapping& m, file const& f) noexcept {
  assert(!m.is_open());
  if (f.is_directory()) return error::is_a_directory;
  std::size_t size = 0;
  if (error const e = size_of(f.handle(), size); e != error::none) return e;
  HANDLE own = nullptr;
  if (::DuplicateHandle(::GetCurrentProcess(), f.handle(), ::GetCurrentProcess(), &own, 0, FALSE,
                        DUPLICATE_SAME_ACCESS) == 0) {
    return translate(::GetLastError());
  }
  char* data = nullptr;
  // There are no sections of nothing.
  error const e = size == 0 ? error::none : view_of(own, data);
  if (e != error::none) {
    ::CloseHandle(own);
    return e;
  }
  m.file_ = own;
  m.data_ = data;
  m.size_ = size;
  return error::none;
}

void mappings::make_resident(mapping const& m, resident_operation& op, std::uint64_t offset,
                             std::uint64_t length) noexcept {
  assert(m.is_open());
  operation_access::submit(op);
  if (offset > m.size_ || length > m.size_ - offset) {
    return ready_.finish(op, error::invalid_argument);
  }
  if (length == 0) return ready_.finish(op, error::none);
  op.file_ = m.file_;
  op.data_ = m.data_;
  op.offset_ = static_cast<std::size_t>(offset) / page_size * page_size;
  op.size_ = static_cast<std::size_t>(offset + length) - op.offset_;
  pool_.submit(op, [](blocking_call& call) noexcept {
    auto& self = static_cast<resident_operation&>(call);
    operation_access::finish(self, self.make_resident(), 0);
  });
}

error resident_operation::make_resident() const noexcept {
  // A page that the file has a part of is there; what is behind is zero.
  auto const is_whole = [this](std::size_t size_now) {
    return offset_ + size_ <= (size_now + page_size - 1) / page_size * page_size;
  };
  std::size_t size_now = 0;
  if (error const e = size_of(file_, size_now); e != error::none) return e;
  if (!is_whole(size_now)) return error::truncated;
  prefetch(data_ + offset_, size_);
  if (read_through(data_ + offset_, size_)) return error::none;
  if (error const e = size_of(file_, size_now); e != error::none) return e;
  return is_whole(size_now) ? error::device_failure : error::truncated;
}

void mappings::close(mapping& m) noexcept {
  assert(m.is_open());
  if (m.data_ != nullptr) ::UnmapViewOfFile(std::exchange(m.data_, nullptr));
  ::CloseHandle(std::exchange(m.file_, nullptr));
  m.size_ = 0;
}

}  // namespace quire::io::nt
