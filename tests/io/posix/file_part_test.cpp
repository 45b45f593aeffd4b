// How much of a memory file one send takes.
#include <quire/io/blocking_pool.hpp>
#include <quire/io/posix/memory_file.hpp>
#include <quire/io/ready_list.hpp>

#include <gtest/gtest.h>

#include <cstdint>

namespace quire::io::posix {
namespace {

constexpr std::uint64_t kibibyte = 1024;
constexpr std::uint64_t mebibyte = 1024 * kibibyte;

class file_part_of : public testing::Test {
 protected:
  ~file_part_of() override {
    files_.close(file_);
    pool_.stop();
  }
  void make(std::uint64_t size) { ASSERT_EQ(files_.make(file_, size), error::none); }
  file_part part(std::uint64_t from, std::uint64_t length) { return {file_, from, length}; }
  char const* begin() const { return file_.bytes().data; }

 private:
  static void hand_back(void* /*loop*/, operation& /*op*/) noexcept {}

  ready_list ready_;
  blocking_pool pool_{hand_back, nullptr};
  memory_files files_{ready_, pool_, pool_};
  memory_file file_;
};

TEST_F(file_part_of, less_than_8_mebibytes_takes_512_kibibytes) {
  make(8 * mebibyte - 1);
  file_part const whole = part(mebibyte, 512 * kibibyte);
  EXPECT_EQ(whole.data, begin() + mebibyte);
  EXPECT_EQ(whole.size, 512 * kibibyte);
  EXPECT_FALSE(whole.is_cut);
  file_part const cut = part(0, 512 * kibibyte + 1);
  EXPECT_EQ(cut.size, 512 * kibibyte);
  EXPECT_TRUE(cut.is_cut);
}

TEST_F(file_part_of, more_takes_256_kibibytes) {
  make(8 * mebibyte);
  file_part const whole = part(mebibyte, 256 * kibibyte);
  EXPECT_EQ(whole.data, begin() + mebibyte);
  EXPECT_EQ(whole.size, 256 * kibibyte);
  EXPECT_FALSE(whole.is_cut);
  file_part const cut = part(7 * mebibyte, mebibyte);
  EXPECT_EQ(cut.size, 256 * kibibyte);
  EXPECT_TRUE(cut.is_cut);
}

TEST_F(file_part_of, a_small_one_takes_what_there_is) {
  make(100);
  file_part const all = part(0, 100);
  EXPECT_EQ(all.size, 100u);
  EXPECT_FALSE(all.is_cut);
  EXPECT_EQ(part(100, 0).size, 0u);
}

}  // namespace
}  // namespace quire::io::posix
