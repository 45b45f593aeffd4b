// The contract: clauses about the pages of a stream. 5, 13.
#include "tests/io/contract_fixture.hpp"

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace quire::test {
namespace {

template <class BackEnd>
using contract_pages = contract<BackEnd>;
TYPED_TEST_SUITE(contract_pages, back_ends, back_end_name);

TYPED_TEST(contract_pages, contract_05_an_idle_stream_holds_no_page) {
  this->connect();
  typename TestFixture::receive_op received;
  buffer b;
  std::size_t const before = this->pool.in_use();
  this->loop.receive(this->server, received.op, b);
  this->turn();
  EXPECT_FALSE(b.has_pages());
  EXPECT_EQ(this->pool.in_use(), before);
  this->send_all(this->client, "hello");
  this->run_until_done(received);
  EXPECT_TRUE(b.has_pages());
  EXPECT_EQ(this->take(b), "hello");
  this->release(b);
  // Nor does one whose receive was cancelled, or ended with the stream.
  this->loop.receive(this->server, received.op, b);
  this->loop.cancel(received.op);
  this->run_until_done(received);
  this->loop.shutdown(this->client);
  this->loop.receive(this->server, received.op, b);
  this->run_until_done(received);
  EXPECT_EQ(received.result(), error::none);
  EXPECT_EQ(received.transferred(), 0u);
  EXPECT_FALSE(b.has_pages());
  EXPECT_EQ(this->pool.in_use(), before);
}

TYPED_TEST(contract_pages, contract_05_pinned_takes_the_page_beforehand) {
  this->connect();
  typename TestFixture::receive_op received;
  received.op.policy(io::receive_policy::pinned);
  buffer b;
  this->loop.receive(this->server, received.op, b);
  EXPECT_TRUE(b.has_pages());
  EXPECT_EQ(b.size(), 0u);
  this->send_all(this->client, "hello");
  this->run_until_done(received);
  EXPECT_EQ(this->take(b), "hello");
  this->release(b);
}

TYPED_TEST(contract_pages, contract_05_single_bytes_share_a_page) {
  this->connect();
  buffer b;
  typename TestFixture::receive_op received;
  std::size_t const before = this->pool.in_use();
  for (int i = 0; i != 300; ++i) {
    this->loop.receive(this->server, received.op, b);
    this->send_all(this->client, "x");
    this->run_until_done(received);
    ASSERT_EQ(received.transferred(), 1u);
  }
  EXPECT_EQ(b.size(), 300u);
  EXPECT_EQ(this->pool.in_use(), before + 1);
  this->release(b);
}

TYPED_TEST(contract_pages, contract_05_bytes_fill_the_free_space_before_a_new_page) {
  this->connect();
  buffer b;
  typename TestFixture::receive_op received;
  std::string const text = this->pattern(3 * page_pool::page_size);
  std::string_view rest = text;
  while (b.size() != text.size()) {
    this->loop.receive(this->server, received.op, b);
    std::string_view const part = rest.substr(0, 1000);
    this->send_all(this->client, part);
    rest.remove_prefix(part.size());
    this->run_until_done(received);
    ASSERT_NE(received.transferred(), 0u);
  }
  EXPECT_LE(std::distance(b.pages_begin(), b.pages_end()), 4);
  std::string got;
  for (auto run = b.pages_begin(); run != b.pages_end(); ++run)
    got.append((*run).data, (*run).size);
  EXPECT_EQ(got, text);
  this->release(b);
}

// A back end may first use up a reserve of its own.
TYPED_TEST(contract_pages, contract_13_an_empty_pool_is_no_memory_and_loses_nothing) {
  this->connect();
  std::vector<page*> all;
  while (page* const p = this->pool.acquire()) all.push_back(p);
  std::string const chunk = this->pattern(page_pool::page_size);
  std::string expected, got;
  typename TestFixture::receive_op received;
  buffer b;
  int receives = 0;
  do {
    ASSERT_LT(++receives, 1000);
    this->loop.receive(this->server, received.op, b);
    this->send_all(this->client, chunk);
    expected += chunk;
    this->run_until_done(received);
  } while (received.result() == error::none);
  EXPECT_EQ(received.result(), error::no_memory);
  EXPECT_EQ(received.transferred(), 0u);
  // The owner's own free space is enough to go on.
  for (int i = 0; i != 2; ++i) {
    b.push(all.back());
    all.pop_back();
  }
  this->loop.receive(this->server, received.op, b);
  this->run_until_done(received);
  EXPECT_EQ(received.result(), error::none);
  EXPECT_GT(received.transferred(), 0u);
  for (page* const p : all) this->pool.release(p);
  got = this->take(b);
  this->release(b);
  got += this->receive_exactly(this->server, expected.size() - got.size());
  EXPECT_TRUE(got == expected);
}

TYPED_TEST(contract_pages, contract_13_a_cancel_when_the_pool_is_empty) {
  this->connect();
  typename TestFixture::stream other, its_server;
  this->connect_pair(other, its_server);
  std::vector<page*> all;
  while (page* const p = this->pool.acquire()) all.push_back(p);
  std::string const chunk = this->pattern(page_pool::page_size);
  typename TestFixture::receive_op received;
  buffer b;
  do {  // What the back end has in reserve.
    this->loop.receive(this->server, received.op, b);
    this->send_all(this->client, chunk);
    this->run_until_done(received);
  } while (received.result() == error::none);
  for (int turns = 0; turns != 5; ++turns) {
    typename TestFixture::receive_op canceled;
    buffer none;
    this->loop.receive(its_server, canceled.op, none);
    this->send_all(other, "hello");
    this->turn(turns);
    this->loop.cancel(canceled.op);
    this->run_until_done(canceled);
    this->turn();
    EXPECT_EQ(canceled.completions, 1);
    EXPECT_TRUE(canceled.result() == error::canceled || canceled.result() == error::no_memory);
    EXPECT_FALSE(none.has_pages());
  }
  for (page* const p : all) this->pool.release(p);
  this->release(b);
  EXPECT_EQ(this->receive_exactly(its_server, 25), "hellohellohellohellohello");
  this->loop.close(other);
  this->loop.close(its_server);
}

// A connected pair of streams: one sends a text as fast as it can, the other receives it when it is
// told to.
template <class Fixture>
class flood {
 public:
  flood(Fixture& f, std::string_view text) : f_(f), text_(text), left_(text) {
    sent_.then = [this] {
      left_.remove_prefix(sent_.transferred());
      if (!left_.empty()) send();
    };
    received_.then = [this] {
      ASSERT_EQ(received_.result(), error::none);
      got_ += f_.take(b_);
      if (!all_came()) receive();
    };
    f_.connect_pair(client_, server_);
    f_.receive_and_cancel(server_);
  }
  ~flood() {
    f_.release(b_);
    f_.loop.close(client_);
    f_.loop.close(server_);
  }
  void send() {
    span_ = {left_.data(), left_.size()};
    f_.loop.send(client_, sent_.op, {&span_, 1});
  }
  // Sends the text another time: so many bytes, and the rest when send() is called.
  void again(std::size_t size) {
    got_.clear();
    left_ = text_.substr(size);
    f_.send_all(client_, text_.substr(0, size));
  }
  void receive() { f_.loop.receive(server_, received_.op, b_); }
  bool ended() const { return all_came() && sent_.op.idle(); }
  std::string const& got() const { return got_; }

 private:
  bool all_came() const { return got_.size() == text_.size(); }

  Fixture& f_;
  std::string_view text_;
  std::string_view left_;
  typename Fixture::stream client_;
  typename Fixture::stream server_;
  typename Fixture::receive_op received_;
  typename Fixture::send_op sent_;
  const_span span_;
  std::string got_;
  buffer b_;
};

TYPED_TEST(contract_pages, contract_13_bytes_that_come_before_they_are_asked_for_are_the_first) {
  std::vector<std::unique_ptr<flood<TestFixture>>> floods(100);
  for (auto& f : floods) f = std::make_unique<flood<TestFixture>>(*this, "ab");
  for (int turns = 0; turns != 4; ++turns) {
    for (auto const& f : floods) f->again(1);
    this->turn(turns);
    for (auto const& f : floods) f->receive();
    this->turn(turns);
    for (auto const& f : floods) f->send();
    for (auto const& f : floods) {
      this->run_until([&] { return f->ended(); });
      EXPECT_EQ(f->got(), "ab");
    }
  }
}

// Peers that send while nobody wants to receive: the most of it waits in the system.
TYPED_TEST(contract_pages, contract_13_what_nobody_asks_for_takes_few_pages) {
  for (auto const [streams, size, pages_max] :
       {std::array<std::size_t, 3>{1, 5'000'000, 256}, {60, 200'000, 1024}}) {
    std::string const text = this->pattern(size);
    std::vector<std::unique_ptr<flood<TestFixture>>> floods(streams);
    for (auto& f : floods) f = std::make_unique<flood<TestFixture>>(*this, text);
    std::size_t const before = this->pool.in_use();
    for (auto const& f : floods) {
      f->send();
      this->turn();
    }
    this->turn(200);
    EXPECT_LT(this->pool.in_use(), before + pages_max);
    for (auto const& f : floods) f->receive();
    for (auto const& f : floods) {
      this->run_until([&] { return f->ended(); });
      EXPECT_TRUE(f->got() == text);
    }
    floods.clear();
    this->turn();
    EXPECT_EQ(this->pool.in_use(), before);
  }
}

}  // namespace
}  // namespace quire::test
