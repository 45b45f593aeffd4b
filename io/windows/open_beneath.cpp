#include <quire/io/windows/error.hpp>
#include <quire/io/windows/link_target.hpp>
#include <quire/io/windows/name.hpp>
#include <quire/io/windows/open_beneath.hpp>
#include <quire/io/windows/utf16.hpp>

#include <windows.h>

#include <winioctl.h>
#include <winternl.h>

#include <algorithm>
#include <new>
#include <optional>
#include <utility>

namespace quire::io::nt {
namespace {

constexpr std::size_t depth_max = 128;
constexpr std::size_t name_size_max = 255;  // Units of UTF-16, on every file system of Windows.

static_assert(sizeof(wchar_t) == sizeof(char16_t));

// A handle while it is not yet anybody's.
class owned_handle {
 public:
  owned_handle() = default;
  explicit owned_handle(handle h) noexcept : handle_(h) {}
  ~owned_handle() {
    if (handle_ != nullptr) ::CloseHandle(handle_);
  }
  owned_handle(owned_handle const&) = delete;
  owned_handle& operator=(owned_handle const&) = delete;

  handle get() const noexcept { return handle_; }
  handle* out() noexcept { return &handle_; }
  handle release() noexcept { return std::exchange(handle_, nullptr); }

 private:
  handle handle_ = nullptr;
};

// For looking up names only, or for reading as well.
enum class purpose { lookup, reading };

// Opens a name in a directory, no link being followed; the empty name is what is open already.
error open_name(handle directory, std::u16string_view name, purpose p, handle& out) noexcept {
  UNICODE_STRING text;
  text.Buffer = reinterpret_cast<wchar_t*>(const_cast<char16_t*>(name.data()));
  text.Length = text.MaximumLength = static_cast<USHORT>(name.size() * sizeof(char16_t));
  OBJECT_ATTRIBUTES attributes;
  InitializeObjectAttributes(&attributes, &text, 0, directory, nullptr);
  IO_STATUS_BLOCK ignored;
  ACCESS_MASK const access = FILE_READ_ATTRIBUTES | SYNCHRONIZE;
  NTSTATUS const status =
      ::NtCreateFile(&out, p == purpose::reading ? access | FILE_READ_DATA : access, &attributes,
                     &ignored, nullptr, 0, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                     FILE_OPEN, FILE_OPEN_REPARSE_POINT | FILE_COMPLETE_IF_OPLOCKED, nullptr, 0);
  return translate(error_number(status));
}

enum class kind { file, directory, link };

error find_kind(handle opened, kind& out) noexcept {
  if (::GetFileType(opened) != FILE_TYPE_DISK) return error::not_regular;
  FILE_BASIC_INFO info;
  if (::GetFileInformationByHandleEx(opened, FileBasicInfo, &info, sizeof info) == 0) {
    return translate(::GetLastError());
  }
  out = (info.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0 ? kind::link
        : (info.FileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0   ? kind::directory
                                                                  : kind::file;
  return error::none;
}

// The name that the system has for what is open, with long names only. Without that of its volume,
// which no step of a walk leaves, and which not every volume has.
class system_name {
 public:
  error ask(handle opened) noexcept {
    auto const room = static_cast<DWORD>(text_.size());
    size_ = ::GetFinalPathNameByHandleW(opened, reinterpret_cast<wchar_t*>(text_.data()), room,
                                        FILE_NAME_NORMALIZED | VOLUME_NAME_NONE);
    if (size_ == 0) {
      DWORD const why = ::GetLastError();
      // The handle is good: so Wine says that what is open was removed, and has no name any more.
      return why == ERROR_INVALID_HANDLE ? error::not_found : translate(why);
    }
    return size_ < room ? error::none : error::name_too_long;
  }
  std::u16string_view get() const noexcept { return {text_.data(), size_}; }

 private:
  std::size_t size_ = 0;
  std::array<char16_t, 2 * path_size_max> text_;
};

class walk {
 public:
  explicit walk(root const& top) noexcept : root_(top) {}
  ~walk() {
    while (depth_ != 0) leave();
  }
  walk(walk const&) = delete;
  walk& operator=(walk const&) = delete;

  error open(std::string_view path, handle& out) noexcept {
    if (error const e = rest_.assign(path); e != error::none) return e;
    for (;;) {
      char const* const name = rest_.next();
      owned_handle opened;
      if (name == nullptr) {
        error const e = open_name(top(), {}, purpose::reading, *opened.out());
        return e == error::none ? finish(opened, out) : e;
      }
      if (std::string_view(name) == "..") {
        if (depth_ == 0) return error::outside_root;
        leave();
        continue;
      }
      kind what{};
      if (error const e = open_next(name, opened, what); e != error::none) return e;
      if (what == kind::link) {
        if (error const e = follow(opened); e != error::none) return e;
      } else if (rest_.is_last()) {
        return finish(opened, out);
      } else if (error const e = enter(opened, what); e != error::none) {
        return e;
      }
    }
  }

 private:
  handle top() const noexcept {
    return depth_ == 0 ? root_.directory : open_[depth_ - 1].directory;
  }
  std::size_t walked() const noexcept { return depth_ == 0 ? 0 : open_[depth_ - 1].walked; }

  // Opens a name in the directory that was reached; then it stands behind what was walked.
  error open_next(std::string_view name, owned_handle& opened, kind& what) noexcept {
    if (is_hostile_name(name)) return error::not_found;
    std::size_t const first = walked();
    if (first + name_size_max + 2 > path_.size()) return error::name_too_long;
    std::span<char16_t> const room = std::span(path_).subspan(first + 1);
    auto const size = to_utf16(name, room);
    if (!size) return error::not_found;
    if (*size > name_size_max) return error::name_too_long;
    path_[first] = u'\\';
    size_ = first + 1 + *size;
    purpose const p = rest_.is_last() ? purpose::reading : purpose::lookup;
    error const e = open_name(top(), {room.data(), *size}, p, *opened.out());
    return e == error::none ? find_kind(opened.get(), what) : e;
  }

  error enter(owned_handle& opened, kind what) noexcept {
    if (what != kind::directory) return error::not_a_directory;
    if (depth_ == depth_max) return error::name_too_long;
    open_[depth_++] = {opened.release(), size_};
    return error::none;
  }

  void leave() noexcept {
    ::CloseHandle(open_[--depth_].directory);
    size_ = walked();
  }

  error follow(owned_handle const& link) noexcept {
    if (error const e = check_name(link.get()); e != error::none) return e;
    std::array<std::byte, reparse_data_max> data;
    OVERLAPPED state{};
    DWORD size = 0;
    if (::DeviceIoControl(link.get(), FSCTL_GET_REPARSE_POINT, nullptr, 0, data.data(),
                          static_cast<DWORD>(data.size()), nullptr, &state) == 0 &&
        ::GetLastError() != ERROR_IO_PENDING) {
      return translate(::GetLastError());
    }
    if (::GetOverlappedResult(link.get(), &state, &size, TRUE) == 0) {
      return translate(::GetLastError());
    }
    std::array<char, path_size_max> target;
    std::size_t target_size = 0;
    error const e = read_link_target(std::span(data).first(size), target, target_size);
    return e == error::none ? rest_.follow({target.data(), target_size}) : e;
  }

  error finish(owned_handle& opened, handle& out) noexcept {
    error const e = check_name(opened.get());
    if (e == error::none) out = opened.release();
    return e;
  }

  // What is open must have the name of the root and the names that were walked.
  error check_name(handle opened) noexcept {
    system_name name;
    if (error const e = name.ask(opened); e != error::none) return e;
    std::u16string_view top_name = root_.name;
    if (top_name.ends_with(u'\\')) top_name.remove_suffix(1);  // The top of a volume.
    std::u16string_view below = name.get();
    if (!below.starts_with(top_name)) return error::outside_root;
    below.remove_prefix(top_name.size());
    if (below == std::u16string_view(path_.data(), size_)) return error::none;
    if (below == u"\\" && size_ == 0) return error::none;
    return below.empty() || below.front() == u'\\' ? error::not_found : error::outside_root;
  }

  struct level {
    handle directory;
    std::size_t walked;  // Where its name ends in path_.
  };

  root const& root_;
  remaining_path rest_;
  std::size_t depth_ = 0;
  std::array<level, depth_max> open_;
  std::size_t size_ = 0;
  std::array<char16_t, path_size_max + name_size_max + 2> path_;  // Each name after a '\'.
};

}  // namespace

error wide_path::assign(std::string_view path) noexcept {
  if (path.size() >= text_.size()) return error::name_too_long;
  if (path.find('\0') != std::string_view::npos) return error::not_found;
  std::span<char16_t> const room{reinterpret_cast<char16_t*>(text_.data()), text_.size() - 1};
  auto const size = to_utf16(path, room);
  if (!size) return error::not_found;
  text_[*size] = L'\0';
  return error::none;
}

error make_root(handle directory, root& out, root_name& memory) noexcept {
  system_name name;
  if (error const e = name.ask(directory); e != error::none) return e;
  std::u16string_view const text = name.get();
  if (memory.capacity < text.size()) {
    memory.text.reset(new (std::nothrow) char16_t[text.size()]);
    memory.capacity = memory.text != nullptr ? text.size() : 0;
    if (memory.text == nullptr) return error::no_memory;
  }
  std::copy(text.begin(), text.end(), memory.text.get());
  out = {directory, {memory.text.get(), text.size()}};
  return error::none;
}

error open_beneath(root const& top, std::string_view path, handle& out) noexcept {
  return walk(top).open(path, out);
}

}  // namespace quire::io::nt
