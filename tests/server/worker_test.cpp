// A worker in a simulated world, where time passes only when all wait.
#include <quire/io/sim/proactor.hpp>
#include <quire/server/worker.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quire::server {
namespace {

using namespace std::chrono_literals;
using proactor = io::sim::proactor;

std::chrono::nanoseconds fixed_time() noexcept {
  return std::chrono::seconds(1'795'000'000);
}

// Sends one request and reads to the end; closes only when it is told to.
class client {
 public:
  client(proactor& loop, page_pool& pool) : loop_(loop), pool_(pool) {
    connect_.bind<&client::on_connected>(this);
    send_.bind<&client::on_sent>(this);
    receive_.bind<&client::on_received>(this);
  }
  void ask(io::endpoint const& where, std::string text) {
    text_ = std::move(text);
    span_ = {text_.data(), text_.size()};
    loop_.connect(stream_, where, connect_);
  }
  void close() {
    while (page* const p = in_.pop()) pool_.release(p);
    if (stream_.is_open()) loop_.close(stream_);
  }
  std::string const& answer() const { return answer_; }
  bool at_end() const { return at_end_; }

 private:
  void on_connected() noexcept {
    ASSERT_EQ(connect_.result(), io::error::none);
    loop_.send(stream_, send_, {&span_, 1});
    loop_.receive(stream_, receive_, in_);
  }
  void on_sent() noexcept { EXPECT_EQ(send_.transferred(), span_.size); }
  void on_received() noexcept {
    at_end_ = receive_.result() != io::error::none || receive_.transferred() == 0;
    if (at_end_) return;
    for (auto run = in_.pages_begin(); run != in_.pages_end(); ++run) {
      answer_.append((*run).data, (*run).size);
    }
    in_.commit_read(in_.size());
    loop_.receive(stream_, receive_, in_);
  }

  proactor& loop_;
  page_pool& pool_;
  io::sim::stream stream_;
  io::sim::connect_operation connect_;
  io::sim::send_operation send_;
  io::sim::receive_operation receive_;
  buffer in_;
  const_span span_;
  std::string text_;
  std::string answer_;
  bool at_end_ = false;
};

class worker_test : public testing::Test {
 protected:
  explicit worker_test(io::sim::faults faults = {})
      : loop_({.pool = &pool_}, io::sim::settings{.seed = 1, .faults = faults}, error_) {
    for (number_setting const& n : number_settings) settings_.*n.value = n.standard;
    loop_.files().make_file("page.html", "page");
    EXPECT_TRUE(io::parse_endpoint("127.0.0.1:80", listen_[0]));
    start_failure failure;
    worker_.emplace(loop_, pool_,
                    worker_options{.configuration = settings_, .time_of_day = &fixed_time}, listen_,
                    failure);
    EXPECT_EQ(failure.error, io::error::none);
    worker_->start();
  }
  ~worker_test() override {
    for (auto& c : clients_) c->close();
    worker_->drain();
    while (worker_->busy()) loop_.run_once(io::wait::yes);
    worker_.reset();
    EXPECT_EQ(pool_.in_use(), 0U);
  }

  // Asks and waits until the server has shut down its side.
  client& ask(std::string_view fields) {
    client& c = *clients_.emplace_back(std::make_unique<client>(loop_, pool_));
    std::string text = "GET /page.html HTTP/1.1\r\nHost: a\r\n";
    c.ask(listen_[0], text.append(fields).append("\r\n"));
    while (!c.at_end()) loop_.run_once(io::wait::yes);
    return c;
  }

  settings settings_;
  page_pool pool_{4u << 20};
  io::error error_ = io::error::none;
  proactor loop_;
  std::vector<io::endpoint> listen_{1};
  std::optional<worker<proactor>> worker_;
  std::vector<std::unique_ptr<client>> clients_;
};

TEST_F(worker_test, a_drain_waits_for_nobody_who_has_the_last_response) {
  EXPECT_TRUE(ask("Connection: close\r\n").answer().starts_with("HTTP/1.1 200"));
  io::instant const begin = loop_.now();
  worker_->drain();
  while (worker_->busy()) loop_.run_once(io::wait::yes);
  EXPECT_LT(loop_.now() - begin, 100ms);
}

class worker_on_a_broken_disk : public worker_test {
 protected:
  worker_on_a_broken_disk() : worker_test({.read_fails = 1024}) {}
};

TEST_F(worker_on_a_broken_disk, a_file_that_cannot_be_read_is_500) {
  EXPECT_TRUE(ask("Connection: close\r\n").answer().starts_with("HTTP/1.1 500"));
}

}  // namespace
}  // namespace quire::server
