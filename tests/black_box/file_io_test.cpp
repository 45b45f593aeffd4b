// Each way to read files (--file-io), on a disk and in memory: what arrives is the file.
#include "tests/black_box/client.hpp"
#include "tests/black_box/site.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <tuple>
#include <vector>

namespace quire::test {
namespace {

bool reads_directly(std::filesystem::path const& file) {
  int const opened = ::open(file.c_str(), O_RDONLY | O_DIRECT | O_CLOEXEC);
  if (opened >= 0) ::close(opened);
  return opened >= 0 && !is_for_windows();  // Wine reads through the cache.
}

class file_io : public ::testing::TestWithParam<std::tuple<std::string, std::string>> {
 protected:
  std::string const& mode() const { return std::get<0>(GetParam()); }
  site pages{std::get<1>(GetParam())};
};
INSTANTIATE_TEST_SUITE_P(every, file_io,
                         ::testing::Combine(::testing::Values("auto", "direct", "uncached",
                                                              "buffered"),
                                            ::testing::ValuesIn(places_for_sites())),
                         [](auto const& tested) {
                           std::string const& where = std::get<1>(tested.param);
                           return std::get<0>(tested.param) +
                                  (where == "/dev/shm" ? "_in_memory" : "_on_disk");
                         });

// A file as large as is still read into memory when a worker caches little, and the sizes around
// blocks and pages behind that.
constexpr std::size_t in_memory_max = 64 * 1024;

TEST_P(file_io, whole_files_arrive_at_every_size) {
  server s(pages.root(), {"--file-io", mode(), "--cache-size", "0"});
  client c(s);
  for (std::size_t const base : {std::size_t{0}, in_memory_max, std::size_t{1} << 20}) {
    for (std::size_t const more : {0U, 1U, 511U, 512U, 4095U, 4096U, 4097U}) {
      std::size_t const size = base + more;
      pages.write("f", pattern(size, static_cast<unsigned>(size)));
      c.send(get("/f"));
      response const r = c.read();
      EXPECT_EQ(r.verdict(), "200") << size;
      EXPECT_TRUE(r.content == pattern(size, static_cast<unsigned>(size))) << size;
    }
  }
}

TEST_P(file_io, ranges_arrive_at_every_offset) {
  server s(pages.root(), {"--file-io", mode(), "--cache-size", "0"});
  client c(s);
  for (std::size_t const size : {(std::size_t{1} << 20) + 1, std::size_t{100 * 1024 + 511}}) {
    std::string const text = pattern(size);
    pages.write("f", text);
    for (std::size_t const first :
         {std::size_t{0}, std::size_t{1}, std::size_t{511}, std::size_t{512}, std::size_t{513},
          std::size_t{4095}, std::size_t{4096}, std::size_t{4097}, std::size_t{99999}, size - 513,
          size - 2, size - 1}) {
      for (std::size_t const length : {std::size_t{1}, std::size_t{511}, std::size_t{512},
                                       std::size_t{4097}, std::size_t{131073}, size}) {
        std::size_t const last = std::min(first + length, size) - 1;
        c.send(get("/f",
                   "Range: bytes=" + std::to_string(first) + "-" + std::to_string(last) + "\r\n"));
        response const r = c.read();
        EXPECT_EQ(r.verdict(), "206");
        EXPECT_TRUE(r.content == text.substr(first, last - first + 1)) << first << '-' << last;
      }
    }
  }
}

TEST_P(file_io, a_file_that_grows_or_shrinks_between_requests_is_read_anew) {
  server s(pages.root(), {"--file-io", mode()});
  client c(s);
  for (std::size_t const size : {3000001U, 100U, 2000000U, 5000U, 4000000U}) {
    pages.replace("f", pattern(size, static_cast<unsigned>(size)));
    c.send(get("/f"));
    EXPECT_TRUE(c.read().content == pattern(size, static_cast<unsigned>(size))) << size;
  }
}

// One that is kept in memory, and one that is sent from the disk.
TEST_P(file_io, only_buffered_reads_leave_a_file_in_the_systems_cache) {
  bool const leaves = mode() == "auto" || mode() == "buffered";
  if (!leaves && mode() != "direct") return;  // Not every kernel reads uncached.
  server s(pages.root(), {"--file-io", mode()});
  client c(s);
  for (std::size_t const size : {20'000U, 3'000'000U}) {
    std::string const name = std::to_string(size);
    pages.write(name, pattern(size));
    pages.set_age(name, std::chrono::hours(1));
    pages.drop_from_cache(name);
    if (pages.cached(name) != 0 || !reads_directly(pages.root() / name)) {
      GTEST_SKIP() << "This file system is its own cache.";
    }
    c.send(get("/" + name));
    EXPECT_TRUE(c.read().content == pattern(size));
    EXPECT_EQ(pages.cached(name) != 0, leaves) << size;
  }
}

}  // namespace
}  // namespace quire::test
