// The site of a simulated world and what is right to answer about it.
//
// Each version of each file has content of its own, in which every stretch of a few bytes names
// file and version: so a response that mixes two versions is found out.
#pragma once

#include <quire/io/sim/proactor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace quire::simulation {

// A day in 2026, always the same.
inline constexpr std::chrono::nanoseconds time_of_day = std::chrono::seconds(1'795'000'000);

class site_model {
 public:
  // Where files lose their ends by a fault, a beginning of a version is a version, too.
  site_model(io::sim::proactor& p, io::sim::random_source& random, bool files_shrink);

  // Where it is served: a link to one of two sites.
  static constexpr char const* root = "current";

  // Changes a file of one of the sites at random: new content at once or by a slow write, another
  // size, or gone for a while. Or the root: it leads to the other site, or is gone for a while.
  void change();
  // Ends a slow write that change() has begun.
  void end_slow_write();

  // A path of the site at random; now and then one that does not exist.
  std::string path(io::sim::random_source& random) const;
  // True when `content` is that of some version of the file at `path`.
  bool is_version(std::string_view path, std::string_view content) const;
  // True when `content` is the beginning of some version with that length in all.
  bool is_beginning(std::string_view path, std::string_view content, std::uint64_t length) const;
  // True when some version has these bytes at `offset` and that length in all.
  bool is_part(std::string_view path, std::string_view content, std::uint64_t offset,
               std::uint64_t length) const;
  bool exists(std::string_view path) const { return find(path) != nullptr; }

 private:
  struct file {
    std::string name;                   // Below the root.
    std::vector<std::string> versions;  // In either site.
  };
  file const* find(std::string_view path) const;
  std::string next_version(file const& f, std::size_t size) const;
  void write(file& f, std::string const& site, std::size_t size);
  void move_root();
  std::string some_site();
  void set_clock();

  io::sim::proactor& proactor_;
  io::sim::random_source& random_;
  bool files_shrink_;
  std::int64_t just_now_ns_ = time_of_day.count();
  bool root_is_gone_ = false;
  file* slowly_written_ = nullptr;
  std::string slowly_written_path_;
  std::string slowly_written_version_;
  std::vector<file> files_;
};

}  // namespace quire::simulation
