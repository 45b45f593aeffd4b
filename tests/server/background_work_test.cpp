#include <quire/server/background_work.hpp>

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace quire::server {
namespace {

// What the jobs of a test did, in order. Only one thread carries them out, and the test looks when
// all are finished.
struct record {
  std::string text;
};

class test_job final : public background_job {
 public:
  test_job(record& r, char name, char kind, void const* owner = nullptr)
      : background_job(owner), record_(r), name_(name), kind_(kind) {}

  void run() noexcept override {
    started_.set_value();
    if (waits_) go_.get_future().wait();
    while (waits_for_stop_ && !stop()) std::this_thread::yield();
    record_.text += name_;
  }
  void take_over(background_job const& done) noexcept override {
    record_.text += '(';
    record_.text += static_cast<test_job const&>(done).name_;
    record_.text += '=';
    record_.text += name_;
    record_.text += ')';
  }
  void finish() noexcept override {
    if (finish_waits_) go_.get_future().wait();
    finished_.set_value();
  }
  bool is_like(background_job const& other) const noexcept override {
    return kind_ == static_cast<test_job const&>(other).kind_;
  }

  void wait_in_run() { waits_ = true; }
  void wait_for_stop() { waits_for_stop_ = true; }
  void wait_in_finish() { finish_waits_ = true; }
  void go() { go_.set_value(); }
  void await_start() { started_.get_future().wait(); }
  void await_finish() { finished_.get_future().wait(); }
  bool is_finished() {
    return finished_.get_future().wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }

 private:
  record& record_;
  char name_;
  char kind_;
  bool waits_ = false;
  bool waits_for_stop_ = false;
  bool finish_waits_ = false;
  std::promise<void> started_;
  std::promise<void> go_;
  std::promise<void> finished_;
};

TEST(background_work, carries_out_one_after_the_other) {
  record r;
  test_job a(r, 'a', '1');
  test_job b(r, 'b', '2');
  test_job c(r, 'c', '3');
  a.wait_in_run();
  background_work work(1, io::thread_priority::low);
  for (test_job* const j : {&a, &b, &c}) work.submit(*j);
  a.go();
  for (test_job* const j : {&a, &b, &c}) j->await_finish();
  EXPECT_EQ(r.text, "abc");
}

TEST(background_work, does_once_what_is_alike) {
  record r;
  test_job a(r, 'a', '1');
  test_job b(r, 'b', '2');
  test_job c(r, 'c', '1');
  test_job d(r, 'd', '1');
  a.wait_in_run();
  background_work work(1, io::thread_priority::normal);
  for (test_job* const j : {&a, &b, &c, &d}) work.submit(*j);
  a.go();
  for (test_job* const j : {&a, &b, &c, &d}) j->await_finish();
  EXPECT_EQ(r.text, "a(a=c)(a=d)b");
}

TEST(background_work, never_begins_what_was_canceled_before) {
  record r;
  test_job a(r, 'a', '1');
  test_job b(r, 'b', '2');
  test_job c(r, 'c', '3');
  a.wait_in_run();
  background_work work(1, io::thread_priority::normal);
  for (test_job* const j : {&a, &b, &c}) work.submit(*j);
  EXPECT_TRUE(work.cancel(b));
  a.go();
  a.await_finish();
  c.await_finish();
  EXPECT_EQ(r.text, "ac");
}

TEST(background_work, tells_what_runs_to_stop) {
  record r;
  test_job a(r, 'a', '1');
  a.wait_for_stop();
  background_work work(1, io::thread_priority::normal);
  work.submit(a);
  a.await_start();
  EXPECT_FALSE(work.cancel(a));
  a.await_finish();
  EXPECT_EQ(r.text, "a");
}

TEST(background_work, leave_waits_for_the_end_of_finish_and_for_no_other_owner) {
  record r;
  int mine = 0;
  int other = 0;
  test_job a(r, 'a', '1', &mine);
  a.wait_in_finish();
  background_work work(1, io::thread_priority::normal);
  work.submit(a);
  a.await_start();
  work.leave(&other);
  std::thread later([&] { a.go(); });
  a.await_finish();
  work.leave(&mine);
  later.join();
}

TEST(background_work, no_thread_runs_what_is_like_that_which_another_runs) {
  record r;
  test_job a(r, 'a', '1');
  test_job b(r, 'b', '1');
  test_job c(r, 'c', '2');
  a.wait_in_run();
  background_work work(2, io::thread_priority::normal);
  work.submit(a);
  a.await_start();
  for (test_job* const j : {&b, &c}) work.submit(*j);
  c.await_finish();  // Though it came later.
  EXPECT_TRUE(work.has_waiting());
  EXPECT_EQ(r.text, "c");
  a.go();
  a.await_finish();
  b.await_finish();
  EXPECT_EQ(r.text, "ca(a=b)");
}

TEST(background_work, without_threads_is_done_when_it_is_told_to) {
  record r;
  test_job a(r, 'a', '1');
  test_job b(r, 'b', '2');
  test_job c(r, 'c', '1');
  test_job d(r, 'd', '3');
  background_work work(0, io::thread_priority::normal);
  EXPECT_FALSE(work.has_waiting());
  for (test_job* const j : {&a, &b, &c, &d}) work.submit(*j);
  EXPECT_EQ(r.text, "");
  EXPECT_TRUE(work.has_waiting());
  EXPECT_TRUE(work.carry_out_next());
  EXPECT_EQ(r.text, "a(a=c)");
  EXPECT_TRUE(work.cancel(b));
  EXPECT_TRUE(work.carry_out_next());
  EXPECT_EQ(r.text, "a(a=c)d");
  EXPECT_FALSE(work.has_waiting());
  EXPECT_FALSE(work.carry_out_next());
  for (test_job* const j : {&a, &c, &d}) EXPECT_TRUE(j->is_finished());
  EXPECT_FALSE(b.is_finished());
}

}  // namespace
}  // namespace quire::server
