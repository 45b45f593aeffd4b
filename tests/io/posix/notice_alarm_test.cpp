// The alarm that says without a call whether notices may have come. Linux.
#include <quire/io/posix/descriptor.hpp>
#include <quire/io/posix/kernel_notices.hpp>
#include <quire/io/uring/ring.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <string>
#include <thread>

namespace quire::io::posix {
namespace {

class notice_alarm_test : public ::testing::Test {
 protected:
  void SetUp() override {
    uring::ring ring;
    can_be_off_ = ring.open(1) == 0;
    std::string name = std::filesystem::temp_directory_path() / "quire-alarm-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
    notices_.reset(open_notices());
    ASSERT_TRUE(notices_);
    ASSERT_GE(::inotify_add_watch(notices_.get(), name.c_str(), IN_MODIFY | IN_CREATE), 0);
    file_.reset(::open((directory_ / "f").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    ASSERT_TRUE(file_);
    take_all();
    alarm_.open();
  }
  void TearDown() override {
    if (!directory_.empty()) std::filesystem::remove_all(directory_);
  }

  void change() { EXPECT_EQ(::write(file_.get(), "x", 1), 1); }
  // Whether there were any.
  bool take_all() {
    bool any = false;
    std::array<char, 4096> events;
    while (::read(notices_.get(), events.data(), events.size()) > 0) any = true;
    return any;
  }
  void reset() { alarm_.reset(notices_.get()); }

  bool can_be_off_ = false;  // Where there is no io_uring, it never is.
  std::filesystem::path directory_;
  descriptor notices_;
  descriptor file_;
  notice_alarm alarm_;
};

TEST_F(notice_alarm_test, is_off_from_a_reset_to_the_next_change) {
  EXPECT_TRUE(alarm_.is_on());  // Nobody has read yet.
  EXPECT_TRUE(alarm_.is_on());
  for (int i = 0; i != 100; ++i) {
    reset();
    EXPECT_EQ(alarm_.is_on(), !can_be_off_);
    reset();  // Once is enough.
    EXPECT_EQ(alarm_.is_on(), !can_be_off_);
    change();
    EXPECT_TRUE(alarm_.is_on());
    EXPECT_TRUE(alarm_.is_on());  // Until there is a reset.
    EXPECT_TRUE(take_all());
  }
}

TEST_F(notice_alarm_test, is_always_on_without_a_ring) {
  notice_alarm alarm;
  EXPECT_TRUE(alarm.is_on());
  alarm.reset(notices_.get());
  EXPECT_TRUE(alarm.is_on());
}

TEST_F(notice_alarm_test, a_change_before_the_reset_is_not_lost) {
  change();
  reset();
  EXPECT_TRUE(alarm_.is_on());
}

// What makes an answer right: the change was made before the request was sent that asks for it.
TEST_F(notice_alarm_test, is_on_when_what_was_sent_after_a_change_has_been_received) {
  std::array<int, 2> pair{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()), 0);
  descriptor const here(pair[0]);
  descriptor const there(pair[1]);
  constexpr int count = 3000;
  std::jthread const other([&] {
    char byte = 0;
    for (int i = 0; i != count; ++i) {
      if (::recv(there.get(), &byte, 1, 0) != 1) return;
      change();
      if (::send(there.get(), "x", 1, MSG_NOSIGNAL) != 1) return;
    }
  });
  for (int i = 0; i != count; ++i) {
    reset();
    ASSERT_EQ(::send(here.get(), "x", 1, MSG_NOSIGNAL), 1);
    char byte = 0;
    // As a loop does, that waits in one call or comes at the right time.
    while (::recv(here.get(), &byte, 1, i % 2 == 0 ? MSG_DONTWAIT : 0) != 1) {
    }
    ASSERT_TRUE(alarm_.is_on()) << i;
    ASSERT_TRUE(take_all()) << i;
  }
}

}  // namespace
}  // namespace quire::io::posix
