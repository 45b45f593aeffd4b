// Each way to read large files (--file-io), on a disk and in memory: what arrives is the file.
#include "tests/black_box/client.hpp"
#include "tests/black_box/site.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <tuple>
#include <vector>

namespace quire::test {
namespace {

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

}  // namespace
}  // namespace quire::test
