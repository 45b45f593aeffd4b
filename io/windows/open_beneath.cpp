#include <quire/io/windows/error.hpp>
#include <quire/io/windows/open_beneath.hpp>

#include <windows.h>

#include <winternl.h>

#include <algorithm>

namespace quire::io::nt {
namespace {

constexpr std::size_t name_size_max = 255;

// Whether Windows takes a name for what it says: it has no meaning besides that of a file's name.
bool is_plain(std::wstring_view name) noexcept {
  return name.find_first_of(L"\\:*?\"<>|") == name.npos && name.back() != L'.' &&
         name.back() != L' ';
}

// Resolves "." and ".." in place, by the text alone.
error normalise(wide_path& path, std::size_t& size) noexcept {
  wchar_t* const text = path.data();
  std::wstring_view rest(text, path.size());
  if (rest.empty()) return error::not_found;
  if (rest.front() == L'/') return error::outside_root;
  size = 0;
  while (!rest.empty()) {
    std::wstring_view const name = rest.substr(0, std::min(rest.find(L'/'), rest.size()));
    rest.remove_prefix(std::min(name.size() + 1, rest.size()));
    if (name.empty() || name == L".") continue;
    if (name == L"..") {
      if (size == 0) return error::outside_root;
      while (size != 0 && text[--size] != L'\\') continue;
      continue;
    }
    if (name.size() > name_size_max) return error::name_too_long;
    if (!is_plain(name)) return error::not_found;
    if (size != 0) text[size++] = L'\\';
    std::copy(name.begin(), name.end(), text + size);
    size += name.size();
  }
  return error::none;
}

}  // namespace

error wide_path::assign(std::string_view path) noexcept {
  if (path.size() >= text_.size()) return error::name_too_long;
  if (path.find('\0') != path.npos) return error::not_found;
  int const size = path.empty() ? 0
                                : ::MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path.data(),
                                                        static_cast<int>(path.size()), text_.data(),
                                                        static_cast<int>(text_.size() - 1));
  if (size == 0 && !path.empty()) return error::not_found;
  size_ = static_cast<std::size_t>(size);
  text_[size_] = L'\0';
  return error::none;
}

error open_beneath(handle directory, std::string_view path, handle& out) noexcept {
  wide_path name;
  std::size_t size = 0;
  if (error const e = name.assign(path); e != error::none) return e;
  if (error const e = normalise(name, size); e != error::none) return e;
  UNICODE_STRING text;
  text.Buffer = name.data();
  text.Length = text.MaximumLength = static_cast<USHORT>(size * sizeof(wchar_t));
  OBJECT_ATTRIBUTES attributes;
  InitializeObjectAttributes(&attributes, &text, OBJ_CASE_INSENSITIVE, directory, nullptr);
  IO_STATUS_BLOCK ignored;
  HANDLE opened = nullptr;
  NTSTATUS const status =
      ::NtCreateFile(&opened, FILE_READ_DATA | FILE_READ_ATTRIBUTES | SYNCHRONIZE, &attributes,
                     &ignored, nullptr, 0, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                     FILE_OPEN, FILE_OPEN_FOR_BACKUP_INTENT, nullptr, 0);
  if (status >= 0) out = opened;
  return translate(error_number(status));
}

}  // namespace quire::io::nt
