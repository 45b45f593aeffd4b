// The site of a simulated world and what is right to answer about it.
//
// Each version of each file has content of its own, in which every stretch of a few bytes names
// file and version: so a response that mixes two versions is found out. One file is such that no
// coding makes it smaller, and one lies encoded beside itself.
#pragma once

#include <quire/io/sim/proactor.hpp>
#include <quire/server/settings.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace quire::simulation {

// A day in 2026, always the same.
inline constexpr std::chrono::nanoseconds time_of_day = std::chrono::seconds(1'795'000'000);

// What of a world decides about its answers.
struct site_rules {
  bool files_shrink = false;   // A beginning of a version is a version, too.
  bool compresses = false;     // The server encodes files in gzip.
  bool precompressed = false;  // It looks for files that lie encoded beside themselves.
  bool hashes = false;         // It makes digests.
};

// Larger files are not kept in memory, in the caches of these worlds.
inline constexpr std::uint64_t in_memory_max = 64 * server::kibibyte;

class site_model {
 public:
  site_model(io::sim::proactor& p, io::sim::random_source& random, site_rules const& rules);

  // Where it is served: a link to one of two sites.
  static constexpr char const* root = "current";

  // Changes a file of one of the sites at random: new content at once or by a slow write, another
  // size, or gone for a while. Or the root: it leads to the other site, or is gone for a while.
  void change();
  // Ends a slow write that change() has begun.
  void end_slow_write();

  site_rules const& rules() const noexcept { return rules_; }

  // A path of the site at random; now and then one that does not exist.
  std::string path(io::sim::random_source& random) const;
  // The file that is meant by a path, by its name below the root; empty: none.
  std::string_view name(std::string_view path) const;
  // True when some version has these bytes at `offset` and that length in all; encoded in gzip, or
  // as it is.
  bool is_part(std::string_view path, bool encoded, std::string_view content, std::uint64_t offset,
               std::uint64_t length) const;
  // Whether the file, with that length as it is, may be there in gzip as well.
  bool may_vary(std::string_view path, std::uint64_t length) const;

 private:
  struct file {
    std::string name;                   // Below the root.
    std::vector<std::string> versions;  // In either site.
    // In gzip, as far as it was asked for: of each version what the server makes, then what lay
    // beside.
    mutable std::vector<std::string> made;
    std::vector<std::string> beside;
  };
  file const* find(std::string_view path) const;
  std::string next_version(file const& f, std::size_t size) const;
  void write_beside(file& f, std::string const& site);
  void write(file& f, std::string const& site, std::size_t size);
  void move_root();
  std::string some_site();
  void set_clock();

  io::sim::proactor& proactor_;
  io::sim::random_source& random_;
  site_rules rules_;
  std::int64_t just_now_ns_ = time_of_day.count();
  bool root_is_gone_ = false;
  file* slowly_written_ = nullptr;
  std::string slowly_written_path_;
  std::string slowly_written_version_;
  std::vector<file> files_;
};

}  // namespace quire::simulation
