// The contract: clauses about streams. 8 to 11, 13.
#include "tests/io/contract_fixture.hpp"

#include <array>
#include <vector>

namespace quire::test {
namespace {

template <class BackEnd>
using contract_streams = contract<BackEnd>;
TYPED_TEST_SUITE(contract_streams, back_ends, back_end_name);

// A stream that echoes all that it receives, until its end.
template <class Fixture>
class echo {
 public:
  echo(Fixture& f, typename Fixture::stream& s) : f_(f), s_(s) {
    received_.then = [this] { on_received(); };
    sent_.then = [this] { on_sent(); };
    f_.loop.receive(s_, received_.op, b_);
  }
  bool ended() const { return ended_; }

 private:
  void on_received() {
    ended_ = received_.result() != error::none || received_.transferred() == 0;
    if (ended_) return f_.release(b_);
    send();
  }
  void send() {
    std::array<const_span, 8> spans;
    std::size_t const count = b_.gather(spans);
    spans_ = spans;
    f_.loop.send(s_, sent_.op, std::span(spans_).first(count));
  }
  void on_sent() {
    b_.commit_read(sent_.transferred());
    while (page* const p = b_.pop_consumed()) f_.pool.release(p);
    if (b_.empty()) return f_.loop.receive(s_, received_.op, b_);
    send();
  }

  Fixture& f_;
  typename Fixture::stream& s_;
  typename Fixture::receive_op received_;
  typename Fixture::send_op sent_;
  buffer b_;
  std::array<const_span, 8> spans_;
  bool ended_ = false;
};

TYPED_TEST(contract_streams, contract_08_both_ways_at_once_bytes_in_order) {
  this->connect();
  echo<TestFixture> peer(*this, this->server);
  std::string const text = this->pattern(2 << 20);
  std::string_view left = text;
  std::string got;
  buffer b;
  typename TestFixture::send_op sent;
  typename TestFixture::receive_op received;
  const_span span;
  auto const send = [&] {
    span = {left.data(), std::min<std::size_t>(left.size(), 100000)};
    this->loop.send(this->client, sent.op, {&span, 1});
  };
  sent.then = [&] {
    left.remove_prefix(sent.transferred());
    left.empty() ? this->loop.shutdown(this->client) : send();
  };
  received.then = [&] {
    got += this->take(b);
    if (received.transferred() != 0) this->loop.receive(this->client, received.op, b);
  };
  send();
  this->loop.receive(this->client, received.op, b);
  this->run_until([&] { return got.size() == text.size() && peer.ended(); });
  EXPECT_TRUE(got == text);
  this->loop.shutdown(this->server);
  this->run_until_done(received);
  EXPECT_EQ(received.transferred(), 0u);
  this->release(b);
}

TYPED_TEST(contract_streams, contract_09_a_send_may_be_short_and_all_arrives) {
  this->connect();
  std::string const text = this->pattern(16 << 20);
  typename TestFixture::send_op sent;
  typename TestFixture::receive_op received;
  buffer b;
  std::string got;
  std::string_view left = text;
  const_span span{left.data(), left.size()};
  int sends = 1;
  this->loop.send(this->client, sent.op, {&span, 1});
  this->run_until_done(sent);  // Nobody receives: the network can take only a part.
  EXPECT_LT(sent.transferred(), text.size());
  EXPECT_GT(sent.transferred(), 0u);
  sent.then = [&] {
    ASSERT_EQ(sent.result(), error::none);
    ASSERT_GT(sent.transferred(), 0u);
    left.remove_prefix(sent.transferred());
    if (left.empty()) return;
    ++sends;
    span = {left.data(), left.size()};
    this->loop.send(this->client, sent.op, {&span, 1});
  };
  sent.then();
  received.then = [&] {
    got += this->take(b);
    if (got.size() != text.size()) this->loop.receive(this->server, received.op, b);
  };
  this->loop.receive(this->server, received.op, b);
  this->run_until([&] { return got.size() == text.size(); });
  this->run_until_done(sent);
  EXPECT_TRUE(got == text);
  EXPECT_GT(sends, 1);
  this->release(b);
}

TYPED_TEST(contract_streams, contract_09_many_spans_are_gathered_in_order) {
  this->connect();
  std::string const text = this->pattern(5000);
  std::vector<const_span> spans;
  for (std::size_t i = 0; i != text.size(); i += 2) {
    spans.push_back({text.data() + i, 2});
    spans.push_back({text.data() + i, 0});  // An empty one in between.
  }
  typename TestFixture::send_op sent;
  std::string got;
  for (std::size_t done = 0; done != text.size();) {
    this->loop.send(this->client, sent.op, std::span(spans).subspan(done));
    this->run_until_done(sent);
    ASSERT_EQ(sent.result(), error::none);
    ASSERT_GT(sent.transferred(), 0u);
    ASSERT_EQ(sent.transferred() % 2, 0u) << "the kernel took a part of a tiny span";
    done += sent.transferred();
    got += this->receive_exactly(this->server, sent.transferred());
  }
  EXPECT_EQ(got, text);
}

TYPED_TEST(contract_streams, contract_09_an_empty_send_completes_with_nothing) {
  this->connect();
  typename TestFixture::send_op sent;
  const_span const empty{nullptr, 0};
  this->loop.send(this->client, sent.op, {});
  this->run_until_done(sent);
  EXPECT_EQ(sent.result(), error::none);
  EXPECT_EQ(sent.transferred(), 0u);
  this->loop.send(this->client, sent.op, {&empty, 1});
  this->run_until_done(sent);
  EXPECT_EQ(sent.result(), error::none);
  this->send_all(this->client, "after");
  EXPECT_EQ(this->receive_exactly(this->server, 5), "after");
}

TYPED_TEST(contract_streams, contract_09_the_end_of_the_stream_is_0_bytes_again_and_again) {
  this->connect();
  this->send_all(this->client, "last words");
  this->loop.shutdown(this->client);
  EXPECT_EQ(this->receive_exactly(this->server, 10), "last words");
  typename TestFixture::receive_op received;
  buffer b;
  for (int i = 0; i != 3; ++i) {
    this->loop.receive(this->server, received.op, b);
    this->run_until_done(received);
    EXPECT_EQ(received.result(), error::none);
    EXPECT_EQ(received.transferred(), 0u);
  }
  // The other direction is still open.
  this->send_all(this->server, "answer");
  EXPECT_EQ(this->receive_exactly(this->client, 6), "answer");
}

TYPED_TEST(contract_streams, contract_09_a_reset_is_an_error_not_an_end) {
  this->connect();
  typename TestFixture::receive_op received;
  buffer b;
  this->loop.receive(this->server, received.op, b);
  this->turn();
  this->loop.abort(this->client);
  this->run_until_done(received);
  EXPECT_EQ(received.result(), error::connection_reset);
  EXPECT_FALSE(b.has_pages());
  typename TestFixture::send_op sent;
  const_span const span{"x", 1};
  this->loop.send(this->server, sent.op, {&span, 1});
  this->run_until_done(sent);
  EXPECT_TRUE(sent.result() == error::broken_pipe || sent.result() == error::connection_reset);
}

TYPED_TEST(contract_streams, contract_09_a_send_that_waits_hears_of_a_reset) {
  this->connect();
  std::string const text(64 << 20, 'x');
  typename TestFixture::send_op sent;
  const_span const span{text.data(), text.size()};
  error last = error::none;
  sent.then = [&] {
    last = sent.result();
    if (last == error::none) this->loop.send(this->client, sent.op, {&span, 1});
  };
  this->loop.send(this->client, sent.op, {&span, 1});
  this->turn();
  this->loop.abort(this->server);
  this->run_until([&] { return last != error::none; });
  EXPECT_TRUE(last == error::connection_reset || last == error::broken_pipe) << io::name(last);
}

TYPED_TEST(contract_streams, contract_10_a_send_can_be_cancelled_as_soon_as_it_is_submitted) {
  this->connect();
  const_span const text{"text", 4};
  for (int i = 0; i != 3; ++i) {
    typename TestFixture::send_op sent;
    this->loop.send(this->server, sent.op, {&text, 1});
    this->loop.cancel(sent.op);
    this->run_until_done(sent);
    EXPECT_TRUE(sent.result() == error::canceled || sent.transferred() == 4);
    this->turn();
    EXPECT_EQ(sent.completions, 1);
  }
}

TYPED_TEST(contract_streams, contract_10_cancel_ends_what_waits) {
  this->connect();
  typename TestFixture::proactor::listener l;
  ASSERT_EQ(this->loop.listen(l, this->loopback(), {}), error::none);
  typename TestFixture::accept_op accepted;
  typename TestFixture::receive_op received;
  typename TestFixture::send_op sent;
  typename TestFixture::timer_op fired;
  std::string const text(64 << 20, 'x');
  const_span const span{text.data(), text.size()};
  buffer b;
  bool stop = false;
  sent.then = [&] {
    if (!stop) this->loop.send(this->client, sent.op, {&span, 1});
  };
  this->loop.accept(l, accepted.op);
  this->loop.receive(this->client, received.op, b);
  this->loop.send(this->client, sent.op, {&span, 1});
  this->loop.schedule(fired.op, this->loop.now() + 1h);
  this->turn(20);
  stop = true;
  this->loop.cancel(accepted.op);
  this->loop.cancel(received.op);
  this->loop.cancel(sent.op);
  this->loop.cancel(fired.op);
  this->run_until([&] {
    return accepted.op.idle() && received.op.idle() && sent.op.idle() && fired.op.idle();
  });
  EXPECT_EQ(accepted.result(), error::canceled);
  EXPECT_EQ(received.result(), error::canceled);
  EXPECT_TRUE(sent.result() == error::canceled || sent.transferred() != 0);
  EXPECT_EQ(fired.result(), error::canceled);
  EXPECT_EQ(accepted.completions, 1);
  this->loop.close(l);
}

TYPED_TEST(contract_streams, contract_10_cancel_of_an_idle_operation_does_nothing) {
  this->connect();
  typename TestFixture::receive_op received;
  typename TestFixture::send_op sent;
  typename TestFixture::timer_op fired;
  typename TestFixture::accept_op accepted;
  typename TestFixture::open_op opened;
  typename TestFixture::read_op read;
  auto const cancel_all = [&] {
    this->loop.cancel(received.op);
    this->loop.cancel(sent.op);
    this->loop.cancel(fired.op);
    this->loop.cancel(accepted.op);
    this->loop.cancel(opened.op);
    this->loop.cancel(read.op);
    this->turn();
  };
  cancel_all();
  EXPECT_FALSE(received.done() || sent.done() || fired.done() || accepted.done() || opened.done() ||
               read.done());
  // Also when it was used before.
  this->send_all(this->client, "x");
  buffer b;
  this->loop.receive(this->server, received.op, b);
  this->loop.schedule(fired.op, this->loop.now());
  this->run_until([&] { return received.done() && fired.done(); });
  cancel_all();
  EXPECT_EQ(received.completions, 1);
  EXPECT_EQ(fired.completions, 1);
  this->release(b);
}

// A cancel races with bytes that are on their way; in no order may one be lost.
TYPED_TEST(contract_streams, contract_10_cancel_loses_no_byte) {
  this->connect();
  std::string const text = this->pattern(1000);
  std::string got;
  buffer b;
  typename TestFixture::receive_op received;
  typename TestFixture::send_op sent;
  int canceled = 0;
  for (std::size_t i = 0; i != text.size(); ++i) {
    const_span const span{text.data() + i, 1};
    this->loop.receive(this->server, received.op, b);
    if (i % 5 == 0) this->loop.cancel(received.op);
    this->loop.send(this->client, sent.op, {&span, 1});
    if (i % 5 == 1) this->loop.cancel(received.op);
    if (i % 5 >= 2) this->loop.run_once(wait::no);
    if (i % 5 >= 3) this->loop.cancel(received.op);
    if (i % 5 == 4) this->loop.run_once(wait::no);
    this->run_until_done(sent);
    if (i % 5 == 2) this->loop.cancel(received.op);
    this->run_until_done(received);
    ASSERT_TRUE(received.result() == error::canceled || received.result() == error::none);
    if (received.result() == error::canceled) {
      ++canceled;
      EXPECT_EQ(received.transferred(), 0u);
    }
    got += this->take(b);
  }
  this->release(b);
  got += this->receive_exactly(this->server, text.size() - got.size());
  EXPECT_EQ(got, text);
  EXPECT_GT(canceled, 0);
}

TYPED_TEST(contract_streams, contract_10_cancel_of_a_connect) {
  typename TestFixture::proactor::listener l;
  ASSERT_EQ(this->loop.listen(l, this->loopback(), {}), error::none);
  typename TestFixture::connect_op connected;
  this->loop.connect(this->client, this->loop.local_endpoint(l), connected.op);
  this->loop.cancel(connected.op);
  this->run_until_done(connected);
  EXPECT_TRUE(connected.result() == error::none || connected.result() == error::canceled);
  EXPECT_EQ(this->client.is_open(), connected.result() == error::none);
  this->turn();
  EXPECT_EQ(connected.completions, 1);
  this->loop.close(l);
}

TYPED_TEST(contract_streams, contract_10_cancel_does_not_lose_an_accepted_connection) {
  typename TestFixture::proactor::listener l;
  ASSERT_EQ(this->loop.listen(l, this->loopback(), {}), error::none);
  typename TestFixture::accept_op accepted;
  typename TestFixture::connect_op connected;
  this->loop.connect(this->client, this->loop.local_endpoint(l), connected.op);
  this->run_until_done(connected);
  this->loop.accept(l, accepted.op);
  this->loop.cancel(accepted.op);
  this->run_until_done(accepted);
  if (accepted.result() == error::canceled) {
    this->loop.accept(l, accepted.op);
    this->run_until_done(accepted);
  }
  ASSERT_EQ(accepted.result(), error::none);
  ASSERT_EQ(this->loop.adopt(this->server, accepted.op), error::none);
  this->send_all(this->client, "hello");
  EXPECT_EQ(this->receive_exactly(this->server, 5), "hello");
  this->loop.close(l);
}

// What the kernel reported of a connection must not reach the one that has its descriptor now.
TYPED_TEST(contract_streams, contract_11_a_reused_descriptor_gets_nothing_of_the_closed_stream) {
  for (int i = 0; i != 200; ++i) {
    this->connect();
    // The kernel has events for b, which the loop has not seen when b is closed.
    typename TestFixture::send_op sent;
    if (i % 5 < 2) this->receive_and_cancel(this->server);
    const_span const span{"old", 3};
    this->loop.send(this->client, sent.op, {&span, 1});
    if (i % 2 == 0) this->loop.shutdown(this->client);
    if (i % 3 == 0) this->run_until_done(sent);
    this->loop.close(this->server);
    this->run_until_done(sent);
    this->loop.close(this->client);
    this->connect();
    typename TestFixture::receive_op received;
    buffer b;
    this->loop.receive(this->server, received.op, b);
    this->turn(3);
    ASSERT_FALSE(received.done());
    this->send_all(this->client, "new");
    this->run_until_done(received);
    ASSERT_EQ(this->take(b), "new");
    this->release(b);
    this->loop.close(this->client);
    this->loop.close(this->server);
  }
}

TYPED_TEST(contract_streams, contract_11_who_waited_for_bytes_closes_as_any_other) {
  for (bool const reset : {false, true}) {
    this->connect();
    this->receive_and_cancel(this->server);
    typename TestFixture::receive_op received;
    buffer b;
    this->loop.receive(this->client, received.op, b);
    this->turn();
    reset ? this->loop.abort(this->server) : this->loop.close(this->server);
    this->run_until_done(received);
    EXPECT_EQ(received.result(), reset ? error::connection_reset : error::none);
    EXPECT_EQ(received.transferred(), 0u);
    this->loop.close(this->client);
  }
}

TYPED_TEST(contract_streams, contract_11_shut_down_then_close_delivers_all) {
  this->connect();
  std::string const text = this->pattern(100000);
  typename TestFixture::send_op sent;
  const_span const span{text.data(), text.size()};
  this->loop.send(this->client, sent.op, {&span, 1});
  this->run_until_done(sent);
  this->loop.shutdown(this->client);
  this->loop.close(this->client);
  EXPECT_EQ(this->receive_exactly(this->server, sent.transferred()),
            text.substr(0, sent.transferred()));
}

TYPED_TEST(contract_streams, contract_13_accepted_connections_name_their_peer) {
  typename TestFixture::proactor::listener l;
  ASSERT_EQ(this->loop.listen(l, this->loopback(), {}), error::none);
  std::array<typename TestFixture::accept_op, 3> accepted;
  std::array<typename TestFixture::connect_op, 3> connected;
  std::array<typename TestFixture::stream, 3> streams;
  for (auto& op : accepted) this->loop.accept(l, op.op);
  for (std::size_t i = 0; i != 3; ++i) {
    this->loop.connect(streams[i], this->loop.local_endpoint(l), connected[i].op);
  }
  for (std::size_t i = 0; i != 3; ++i) {
    this->run_until_done(accepted[i]);
    this->run_until_done(connected[i]);
    io::endpoint const peer = accepted[i].op.peer();
    EXPECT_FALSE(peer.v6);
    EXPECT_EQ(peer.address, this->loopback().address);
    EXPECT_NE(peer.port, 0);
    this->loop.discard(accepted[i].op);
    this->loop.close(streams[i]);
  }
  this->loop.close(l);
}

}  // namespace
}  // namespace quire::test
