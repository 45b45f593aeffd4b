// A website for one test: a directory with files that the test fills, removed at the end.
//
// The root lies a level below the directory, so that there is something outside it that a path or a
// symbolic link could reach: `secret.txt`, which holds site::secret.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace quire::test {

class site {
 public:
  static constexpr std::string_view secret = "this lies outside the root\n";

  site() : site(std::filesystem::temp_directory_path()) {}
  // Below this directory.
  explicit site(std::filesystem::path const& where);
  ~site();
  site(site const&) = delete;
  site& operator=(site const&) = delete;

  std::filesystem::path root() const { return base_ / "root"; }
  // What lies beside the root, for logs and the like.
  std::filesystem::path beside(std::string_view name) const { return base_ / name; }

  // Names are relative to the root; folders on the way are made.
  // Writes the file in place: what has it open sees the change.
  void write(std::string_view name, std::string_view content) const;
  // Puts a new file in the place of the old one: what has that open keeps it.
  void replace(std::string_view name, std::string_view content) const;
  // Changes the content from `offset` on by one write(), the size and all else as they are.
  void overwrite(std::string_view name, std::uint64_t offset, std::string_view content) const;
  // Cuts the file, or grows it by zeros that take no room.
  void resize(std::string_view name, std::uint64_t size) const;
  void remove(std::string_view name) const;
  void make_directory(std::string_view name) const;
  void link(std::string_view name, std::filesystem::path const& target) const;
  void make_fifo(std::string_view name) const;
  // Sets the time of the last modification to now and so much.
  void set_age(std::string_view name, std::chrono::seconds age) const;
  // The time of the last modification, without the fraction of its second.
  std::time_t modified(std::string_view name) const;
  // Puts what the system's cache holds of the file on the disk, and out of the cache, where the file
  // system obeys.
  void drop_from_cache(std::string_view name) const;
  // How much of the file the system's cache holds, in whole pages.
  std::size_t cached(std::string_view name) const;

 private:
  std::filesystem::path place(std::string_view name) const;

  std::filesystem::path base_;
};

// The temporary directory, and a file system in memory where there is one.
std::vector<std::string> places_for_sites();

// Content that differs everywhere, so that a byte in the wrong place is seen.
std::string pattern(std::size_t size, unsigned seed = 1);

}  // namespace quire::test
