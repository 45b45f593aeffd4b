// The walk, component by component, must come to what the kernel's own confinement comes to.
#include <quire/io/posix/error.hpp>
#include <quire/io/posix/kernel.hpp>
#include <quire/io/posix/open_beneath.hpp>

#include "tests/io/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <random>
#include <string>
#include <vector>

namespace quire::io::posix {
namespace {

class open_beneath_fixture : public ::testing::Test {
 protected:
  open_beneath_fixture() {
    files_.make_directory("d/e");
    files_.make_file("f", "1");
    files_.make_file("d/f", "2");
    files_.make_link("in", "d/f");
    files_.make_link("dir", "d/");
    files_.make_link("d/e/in", "../f");
    files_.make_link("d/e/root", "../..");
    files_.make_link("out", "..");
    files_.make_link("d/out", "../../root/f");
    files_.make_link("absolute", "/etc/passwd");
    files_.make_link("circle", "d/circle");
    files_.make_link("d/circle", "../circle");
    files_.make_link("dangling", "nothing");
    root_ = ::open(files_.root().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  }
  ~open_beneath_fixture() override { ::close(root_); }

  // The inode that was opened, or why not.
  static std::string outcome(int r) {
    if (r < 0) return std::string(name(translate(-r)));
    struct stat s {};
    EXPECT_EQ(::fstat(r, &s), 0);
    ::close(r);
    return std::to_string(s.st_ino);
  }
  void expect_same(std::string const& path) {
    bool one_path = false;
    EXPECT_EQ(outcome(walk_beneath(root_, path)),
              outcome(open_confined(root_, path.c_str(), one_path)))
        << path;
  }

  test::temporary_directory files_;
  int root_ = -1;
};

TEST_F(open_beneath_fixture, the_walk_comes_to_what_the_kernel_comes_to) {
  bool one_path = false;
  if (int const r = open_confined(root_, "f", one_path); r < 0) {
    GTEST_SKIP() << "this kernel cannot confine a path";
  } else {
    ::close(r);
  }
  for (char const* const path :
       {"",           ".",          "/",          "..",          "f",
        "f/",         "f/.",        "f/..",       "d",           "d/",
        "d/.",        "d/..",       "d/../..",    "in",          "in/",
        "dir",        "dir/f",      "dir/e/in",   "d/e/root/in", "d/e/root/../f",
        "out",        "out/root/f", "d/out",      "absolute",    "circle",
        "d/circle/x", "dangling",   "dangling/x", "nothing",     "d//f",
        "//f"}) {
    expect_same(path);
  }
}

TEST_F(open_beneath_fixture, so_it_does_for_paths_at_random) {
  std::vector<std::string> const names = {".",        "..",  "d",   "e",       "f",
                                          "in",       "dir", "out", "root",    "circle",
                                          "dangling", "",    "x",   "absolute"};
  std::mt19937 random(7);
  for (int i = 0; i != 5000; ++i) {
    std::string path = names[random() % names.size()];
    for (auto n = random() % 6; n != 0; --n) path += "/" + names[random() % names.size()];
    expect_same(path);
  }
}

TEST_F(open_beneath_fixture, refuses_what_is_too_long_or_too_deep) {
  EXPECT_EQ(walk_beneath(root_, std::string(5000, '/')), -EXDEV);
  EXPECT_EQ(walk_beneath(root_, std::string(5000, 'x')), -ENAMETOOLONG);
  std::string deep;
  for (int i = 0; i != 200; ++i) deep += "d/../";
  EXPECT_EQ(outcome(walk_beneath(root_, deep + "f")), outcome(walk_beneath(root_, "f")));
  std::string links;
  for (int i = 0; i != 50; ++i) links += "d/e/root/";
  EXPECT_EQ(walk_beneath(root_, links + "f"), -ELOOP);
  EXPECT_EQ(walk_beneath(root_, std::string_view("f\0", 2)), -ENOENT);
}

}  // namespace
}  // namespace quire::io::posix
