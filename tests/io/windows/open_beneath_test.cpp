// Opening below a directory, on a file system of Windows: names that it would open by another
// spelling.
#include <quire/io/windows/open_beneath.hpp>

#include <gtest/gtest.h>

#include <windows.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>

namespace quire::io::nt {
namespace {

namespace fs = std::filesystem;

class windows_open_beneath : public ::testing::Test {
 protected:
  windows_open_beneath() {
    base_ = fs::temp_directory_path() / ("quire-" + std::to_string(std::random_device{}()));
    fs::create_directories(root());
    write(base_ / "secret.txt");
    write(root() / "page.html");
    write(root() / L"\u00fc.html");
    write(root() / "Mixed Case Of A Long Name.html");
    fs::create_directory(root() / "folder");
    write(root() / "folder" / "inner.html");
    root_ = ::CreateFileW(root().c_str(), FILE_LIST_DIRECTORY, share_all, nullptr, OPEN_EXISTING,
                          FILE_FLAG_BACKUP_SEMANTICS, nullptr);
    EXPECT_NE(root_, INVALID_HANDLE_VALUE);
    EXPECT_EQ(make_root(root_, top_, name_), error::none);
  }
  ~windows_open_beneath() override {
    ::CloseHandle(root_);
    std::error_code ignored;
    fs::remove_all(base_, ignored);
  }

  static constexpr DWORD share_all = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

  fs::path root() const { return base_ / "root"; }
  static void write(fs::path const& path) {
    std::ofstream out(path, std::ios::binary);
    out << path.filename().string();
    ASSERT_TRUE(out.good()) << path;
  }
  // Whether Windows itself opens the path below the root.
  bool windows_opens(std::wstring const& path) const {
    handle const h = ::CreateFileW((root().wstring() + L"\\" + path).c_str(), GENERIC_READ,
                                   share_all, nullptr, OPEN_EXISTING, 0, nullptr);
    if (h == INVALID_HANDLE_VALUE) return false;
    ::CloseHandle(h);
    return true;
  }
  error outcome(std::string_view path) const {
    handle h = nullptr;
    error const e = open_beneath(top_, path, h);
    EXPECT_EQ(e == error::none, h != nullptr);
    if (h != nullptr) ::CloseHandle(h);
    return e;
  }

  fs::path base_;
  handle root_ = INVALID_HANDLE_VALUE;
  nt::root top_;
  root_name name_;
};

TEST_F(windows_open_beneath, opens_files_and_directories_by_their_names) {
  for (char const* path : {"page.html", "folder", "folder/", "folder/inner.html",
                           "./folder/./inner.html", "folder//inner.html", "folder/../page.html",
                           ".", "folder/..", "\xc3\xbc.html", "Mixed Case Of A Long Name.html"}) {
    EXPECT_EQ(outcome(path), error::none) << path;
  }
}

TEST_F(windows_open_beneath, a_name_is_spelled_as_the_directory_has_it) {
  ASSERT_TRUE(windows_opens(L"PAGE.html"));
  for (char const* path :
       {"PAGE.html", "page.HTML", "Folder/inner.html", "FOLDER", "FOLDER/", "folder/Inner.html",
        "\xc3\x9c.html", "mixed case of a long name.html"}) {
    EXPECT_EQ(outcome(path), error::not_found) << path;
  }
}

TEST_F(windows_open_beneath, a_short_name_is_no_name) {
  for (char const* name : {"page.html", "Mixed Case Of A Long Name.html"}) {
    std::array<wchar_t, 1024> memory;
    DWORD const size = ::GetShortPathNameW((root() / name).c_str(), memory.data(),
                                           static_cast<DWORD>(memory.size()));
    ASSERT_NE(size, 0u);
    fs::path const short_name = fs::path(std::wstring(memory.data(), size)).filename();
    ASSERT_NE(short_name, name) << "this volume has no short names";
    ASSERT_TRUE(windows_opens(short_name));
    EXPECT_EQ(outcome(short_name.string()), error::not_found) << short_name;
  }
}

TEST_F(windows_open_beneath, names_that_windows_reads_otherwise_are_not_found) {
  ASSERT_TRUE(windows_opens(L"page.html."));
  ASSERT_TRUE(windows_opens(L"NUL"));
  for (char const* path : {"page.html.",
                           "page.html ",
                           "page.html. .",
                           "page.html::$DATA",
                           "page.html:stream",
                           "folder::$INDEX_ALLOCATION",
                           "folder::$INDEX_ALLOCATION/inner.html",
                           "folder\\inner.html",
                           "..\\secret.txt",
                           "folder\\..\\..\\secret.txt",
                           "\\secret.txt",
                           "\\\\.\\NUL",
                           "NUL",
                           "nul",
                           "nul.txt",
                           "con",
                           "COM1",
                           "com\xc2\xb9",
                           "aux.html",
                           "folder/nul",
                           "folder./inner.html",
                           "folder /inner.html",
                           "page.*",
                           "pag?.html",
                           "p<",
                           "C:",
                           "c:/windows/win.ini",
                           "c:\\windows\\win.ini",
                           "\\\\?\\c:\\windows\\win.ini",
                           "\\\\localhost\\c$\\windows",
                           "\xc0\xae\xc0\xae/secret.txt",
                           "\xff.html",
                           "\xed\xa0\x80",
                           "page.html\x01"}) {
    EXPECT_EQ(outcome(path), error::not_found) << path;
  }
}

TEST_F(windows_open_beneath, no_path_climbs_out) {
  for (char const* path : {"..", "../secret.txt", "folder/../../secret.txt", "../root/page.html",
                           "/", "/page.html", "//localhost/c$", "./../secret.txt"}) {
    EXPECT_EQ(outcome(path), error::outside_root) << path;
  }
}

TEST_F(windows_open_beneath, says_what_is_wrong) {
  EXPECT_EQ(outcome(""), error::not_found);
  EXPECT_EQ(outcome("absent"), error::not_found);
  EXPECT_EQ(outcome("absent/page.html"), error::not_found);
  EXPECT_EQ(outcome("page.html/"), error::not_a_directory);
  EXPECT_EQ(outcome("page.html/x"), error::not_a_directory);
  EXPECT_EQ(outcome(std::string(256, 'x')), error::name_too_long);
  EXPECT_EQ(outcome(std::string(5000, 'x')), error::name_too_long);
  EXPECT_EQ(outcome(std::string_view("page.html\0x", 11)), error::not_found);
}

TEST_F(windows_open_beneath, what_is_open_lets_others_rename_and_delete) {
  handle h = nullptr;
  ASSERT_EQ(open_beneath(top_, "page.html", h), error::none);
  EXPECT_TRUE(fs::remove(root() / "page.html"));
  ::CloseHandle(h);
  EXPECT_EQ(outcome("page.html"), error::not_found);
}

TEST_F(windows_open_beneath, deep_paths_come_to_the_same_file) {
  std::string deep;
  for (int i = 0; i != 200; ++i) deep += "folder/../";
  EXPECT_EQ(outcome(deep + "page.html"), error::none);
  EXPECT_EQ(outcome(deep + "../page.html"), error::outside_root);
}

}  // namespace
}  // namespace quire::io::nt
