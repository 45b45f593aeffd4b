// The contract: files in memory. Clauses 9 to 11, 16, 18, 24 to 26.
#include "tests/io/allocation_counter.hpp"
#include "tests/io/contract_fixture.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace quire::test {
namespace {

template <class BackEnd>
class contract_memory_files : public contract<BackEnd> {
 protected:
  using proactor = typename contract<BackEnd>::proactor;
  using memory_file = typename proactor::memory_file;
  using file = typename proactor::file;
  using fill_op = recorded<typename proactor::fill_operation>;
  using send_op = typename contract<BackEnd>::send_op;
  using receive_op = typename contract<BackEnd>::receive_op;

  contract_memory_files() { this->open_root(); }

  error fill(memory_file& m, file& from, std::uint64_t offset, std::uint64_t length,
             std::size_t* count = nullptr) {
    fill_op filled;
    this->loop.fill(m, filled.op, from, offset, length);
    EXPECT_EQ(filled.completions, 0);  // Clause 2.
    this->run_until_done(filled);
    EXPECT_EQ(filled.completions, 1);
    EXPECT_TRUE(filled.idle_at_completion);
    if (count != nullptr) *count = filled.transferred();
    return filled.result();
  }
  void seal(memory_file& m) {
    fill_op sealed;
    this->loop.seal(m, sealed.op);
    this->run_until_done(sealed);
    ASSERT_EQ(sealed.result(), error::none);
  }
  // A memory file that holds this text.
  void make(memory_file& m, std::string const& text) {
    this->files.make_file("f", text);
    file f;
    this->open_file(f, "f");
    ASSERT_EQ(this->loop.make(m, text.size()), error::none);
    std::size_t count = 0;
    ASSERT_EQ(fill(m, f, 0, text.size(), &count), error::none);
    ASSERT_EQ(count, text.size());
    this->loop.close(f);
    seal(m);
  }

  // Sends from the server all of the head and of the part, however short the sends; returns what
  // the client gets of it.
  std::string transfer(std::vector<std::string_view> const& head, memory_file& m,
                       std::uint64_t offset, std::uint64_t length) {
    std::vector<const_span> spans;
    std::uint64_t total = length;
    for (std::string_view const text : head) {
      spans.push_back({text.data(), text.size()});
      total += text.size();
    }
    std::string got;
    buffer b;
    receive_op received;
    send_op sent;
    std::uint64_t head_left = total - length;
    auto const send_on = [&] {
      this->loop.send(this->server, sent.op, spans, m, offset, length);
      EXPECT_FALSE(sent.op.idle());  // Clause 2.
    };
    sent.then = [&] {
      ASSERT_EQ(sent.result(), error::none);
      std::size_t n = sent.transferred();
      ASSERT_TRUE(n != 0 || total == 0);
      ASSERT_LE(n, head_left + length);
      while (n != 0 && !spans.empty()) {
        std::size_t const here = std::min(n, spans.front().size);
        spans.front() = {spans.front().data + here, spans.front().size - here};
        if (spans.front().size == 0) spans.erase(spans.begin());
        n -= here;
        head_left -= here;
      }
      offset += n;
      length -= n;
      if (head_left + length != 0) send_on();
    };
    received.then = [&] {
      ASSERT_EQ(received.result(), error::none);
      got += this->take(b);
      if (got.size() < total) this->loop.receive(this->client, received.op, b);
    };
    if (total != 0) this->loop.receive(this->client, received.op, b);
    send_on();
    this->run_until([&] { return received.op.idle() && sent.op.idle(); });
    this->release(b);
    return got;
  }

  // Sends from the server until the system takes no more; the last send waits.
  void fill_the_connection(send_op& sent, memory_file& m) {
    for (;;) {
      sent.completions = 0;
      this->loop.send(this->server, sent.op, {}, m, 0, m.size());
      for (int i = 0; i != 50 && !sent.op.idle(); ++i) this->loop.run_once(wait::no);
      if (!sent.op.idle()) return;
      ASSERT_EQ(sent.result(), error::none);
    }
  }
};
TYPED_TEST_SUITE(contract_memory_files, back_ends_and_file_systems, back_end_name);

TYPED_TEST(contract_memory_files, contract_24_it_has_a_size_and_nothing_else) {
  typename TestFixture::memory_file m;
  EXPECT_FALSE(m.is_open());
  ASSERT_EQ(this->loop.make(m, 100001), error::none);
  EXPECT_TRUE(m.is_open());
  EXPECT_EQ(m.size(), 100001u);
  this->seal(m);
  this->connect();
  EXPECT_TRUE(this->transfer({}, m, 0, m.size()) == std::string(100001, '\0'));
  this->loop.close(m);
  EXPECT_FALSE(m.is_open());
  // Again, and many at the same time.
  ASSERT_EQ(this->loop.make(m, 1), error::none);
  std::array<typename TestFixture::memory_file, 20> more;
  for (auto& other : more) ASSERT_EQ(this->loop.make(other, 5000), error::none);
  for (auto& other : more) this->loop.close(other);
  this->loop.close(m);
  this->turn();
}

TYPED_TEST(contract_memory_files, contract_24_it_is_written_until_it_is_sealed) {
  this->connect();
  // Small ones are sealed on the loop's thread.
  for (std::size_t const size : {std::size_t{1}, std::size_t{100001}, std::size_t{3000001}}) {
    typename TestFixture::memory_file m;
    ASSERT_EQ(this->loop.make(m, size), error::none);
    mutable_span const space = m.space();
    EXPECT_EQ(space.size, (size + 4095) / 4096 * 4096);
    std::string const text = this->pattern(space.size);
    text.copy(space.data, text.size());
    this->seal(m);
    EXPECT_EQ(m.size(), size);
    EXPECT_EQ(m.bytes().size, size);
    EXPECT_TRUE(this->transfer({}, m, 0, size) == text.substr(0, size));
    this->loop.close(m);
  }
}

TYPED_TEST(contract_memory_files, contract_24_more_than_there_can_be_is_an_error) {
  if (std::string_view(TypeParam::proactor::name) == "sim") GTEST_SKIP() << "has no such limit";
  typename TestFixture::memory_file m;
  EXPECT_EQ(this->loop.make(m, std::numeric_limits<std::uint64_t>::max()), error::no_memory);
  EXPECT_FALSE(m.is_open());
}

TYPED_TEST(contract_memory_files, contract_24_what_is_sealed_stays_what_it_was) {
  std::string const text = this->pattern(200000);
  typename TestFixture::memory_file m;
  this->make(m, text);
  const_span const bytes = m.bytes();
  EXPECT_TRUE(std::string_view(bytes.data, bytes.size) == text);
  this->files.overwrite_file("f", std::string(200000, 'x'));
  this->files.make_file("f", "");
  this->connect();
  EXPECT_TRUE(this->transfer({}, m, 0, m.size()) == text);
  this->loop.close(m);
}

TYPED_TEST(contract_memory_files, contract_24_what_was_sent_arrives_after_the_close) {
  std::string const text = this->pattern(60000);
  typename TestFixture::memory_file m;
  this->make(m, text);
  this->connect();
  typename TestFixture::send_op sent;
  this->loop.send(this->server, sent.op, {}, m, 0, m.size());
  this->run_until_done(sent);
  ASSERT_EQ(sent.result(), error::none);
  this->loop.close(m);
  this->turn();
  // The memory that came free may be used again, but for what the peer has not got.
  std::vector<typename TestFixture::memory_file> others(20);
  for (auto& other : others) this->make(other, std::string(text.size(), 'x'));
  EXPECT_TRUE(this->receive_exactly(this->client, sent.transferred()) ==
              text.substr(0, sent.transferred()));
  for (auto& other : others) this->loop.close(other);
}

TYPED_TEST(contract_memory_files, contract_25_a_file_is_copied_in_every_mode_and_in_parts) {
  this->connect();
  for (io::file_mode const mode :
       {io::file_mode::buffered, io::file_mode::uncached, io::file_mode::direct}) {
    for (std::size_t const size : {1u, 4095u, 4096u, 32768u, 300001u}) {
      std::string const text = this->pattern(size);
      this->files.make_cold_file("f", text);
      typename TestFixture::file f;
      this->open_file(f, "f", mode);
      typename TestFixture::memory_file m;
      ASSERT_EQ(this->loop.make(m, size), error::none);
      // The first pages last, so that what lies behind them is written before.
      std::size_t const first = std::min<std::size_t>(size, 65536);
      std::size_t count = 0;
      if (first != size) {
        ASSERT_EQ(this->fill(m, f, first, size - first, &count), error::none);
        EXPECT_EQ(count, size - first);
      }
      ASSERT_EQ(this->fill(m, f, 0, first, &count), error::none);
      EXPECT_EQ(count, first);
      this->loop.close(f);
      this->seal(m);
      EXPECT_TRUE(this->transfer({}, m, 0, size) == text);
      this->loop.close(m);
    }
  }
}

TYPED_TEST(contract_memory_files, contract_25_the_end_of_the_file_is_a_short_fill) {
  std::string const text = this->pattern(70000);
  this->files.make_file("f", text);
  typename TestFixture::file f;
  this->open_file(f, "f");
  typename TestFixture::memory_file m;
  ASSERT_EQ(this->loop.make(m, 200000), error::none);
  std::size_t count = 0;
  EXPECT_EQ(this->fill(m, f, 0, 200000, &count), error::none);
  EXPECT_EQ(count, 70000u);
  EXPECT_EQ(this->fill(m, f, 131072, 10, &count), error::none);
  EXPECT_EQ(count, 0u);
  EXPECT_EQ(this->fill(m, f, 4096, 0, &count), error::none);
  EXPECT_EQ(count, 0u);
  this->loop.close(f);
  this->seal(m);
  this->connect();
  EXPECT_TRUE(this->transfer({}, m, 0, m.size()) == text + std::string(130000, '\0'));
  this->loop.close(m);
}

TYPED_TEST(contract_memory_files, contract_25_a_range_lies_within_the_memory_file) {
  this->files.make_file("f", this->pattern(10000));
  typename TestFixture::file f;
  this->open_file(f, "f");
  typename TestFixture::memory_file m;
  ASSERT_EQ(this->loop.make(m, 10000), error::none);
  EXPECT_EQ(this->fill(m, f, 0, 10001), error::invalid_argument);
  EXPECT_EQ(this->fill(m, f, 10000, 1), error::invalid_argument);
  EXPECT_EQ(this->fill(m, f, 10001, 0), error::invalid_argument);
  EXPECT_EQ(this->fill(m, f, 4096, std::numeric_limits<std::uint64_t>::max()),
            error::invalid_argument);
  EXPECT_EQ(this->fill(m, f, 10000, 0), error::none);
  this->loop.close(f);
  this->loop.close(m);
}

TYPED_TEST(contract_memory_files, contract_25_a_directory_has_no_bytes) {
  this->files.make_directory("d");
  typename TestFixture::file f;
  this->open_file(f, "d");
  typename TestFixture::memory_file m;
  ASSERT_EQ(this->loop.make(m, 100), error::none);
  EXPECT_EQ(this->fill(m, f, 0, 100), error::is_a_directory);
  this->loop.close(f);
  this->loop.close(m);
}

TYPED_TEST(contract_memory_files, contract_26_the_spans_go_before_the_part) {
  std::string const text = this->pattern(3'000'000);
  typename TestFixture::memory_file m;
  this->make(m, text);
  this->connect();
  std::string const head = this->pattern(100000);
  EXPECT_TRUE(this->transfer({}, m, 0, text.size()) == text);
  EXPECT_TRUE(this->transfer({"one", "", "two"}, m, 0, text.size()) == "onetwo" + text);
  EXPECT_TRUE(this->transfer({head, "three"}, m, 1234567, 1000001) ==
              head + "three" + text.substr(1234567, 1000001));
  EXPECT_TRUE(this->transfer({"", ""}, m, 2999999, 1) == text.substr(2999999));
  EXPECT_TRUE(this->transfer({"four"}, m, 3000000, 0) == "four");
  EXPECT_TRUE(this->transfer({}, m, 5, 0) == "");
  std::vector<std::string_view> const many(200, "abc");
  std::string all;
  for (std::string_view const s : many) all += s;
  EXPECT_TRUE(this->transfer(many, m, 7, 9) == all + text.substr(7, 9));
  this->loop.close(m);
}

TYPED_TEST(contract_memory_files, contract_26_two_streams_send_from_one) {
  std::string const text = this->pattern(500000);
  typename TestFixture::memory_file m;
  this->make(m, text);
  this->connect();
  typename TestFixture::stream a, b;
  this->connect_pair(a, b);
  typename TestFixture::send_op first, second;
  this->loop.send(this->server, first.op, {}, m, 0, 30000);
  this->loop.send(b, second.op, {}, m, 100000, 30000);
  this->run_until([&] { return first.op.idle() && second.op.idle(); });
  EXPECT_TRUE(this->receive_exactly(a, second.transferred()) ==
              text.substr(100000, second.transferred()));
  EXPECT_TRUE(this->receive_exactly(this->client, first.transferred()) ==
              text.substr(0, first.transferred()));
  this->loop.close(a);
  this->loop.close(b);
  this->loop.close(m);
}

TYPED_TEST(contract_memory_files, contract_10_a_send_that_waits_for_room_can_be_cancelled) {
  std::string const text = this->pattern(300000);
  typename TestFixture::memory_file m;
  this->make(m, text);
  this->connect();
  typename TestFixture::send_op sent;
  // A busy system may only be slow with a send, and end it yet; but nobody takes from this end.
  do {
    this->fill_the_connection(sent, m);
    this->loop.cancel(sent.op);
    this->run_until_done(sent);
    ASSERT_EQ(sent.completions, 1);
  } while (sent.result() == error::none);
  EXPECT_EQ(sent.result(), error::canceled);
  this->loop.cancel(sent.op);  // Idle.
  this->turn();
  EXPECT_EQ(sent.completions, 1);
  this->loop.close(m);
}

TYPED_TEST(contract_memory_files, contract_26_what_one_stream_does_not_take_reaches_no_other) {
  typename TestFixture::memory_file m, n;
  this->make(m, std::string(100'000, 'x'));
  std::string const text = this->pattern(100'000);
  this->make(n, text);
  this->connect();
  typename TestFixture::stream a, b;
  this->connect_pair(a, b);
  typename TestFixture::send_op waits;
  this->fill_the_connection(waits, m);
  typename TestFixture::send_op sent;
  this->loop.send(b, sent.op, {}, n, 0, text.size());
  this->run_until_done(sent);
  ASSERT_EQ(sent.result(), error::none);
  EXPECT_TRUE(this->receive_exactly(a, sent.transferred()) == text.substr(0, sent.transferred()));
  this->loop.cancel(waits.op);
  this->run_until_done(waits);
  for (auto* s : {&a, &b}) this->loop.close(*s);
  for (auto* of : {&m, &n}) this->loop.close(*of);
}

// Windows takes a send whole, and completes it when it has.
TYPED_TEST(contract_memory_files, contract_26_a_send_goes_on_when_there_is_room) {
  std::string const text = this->pattern(300000);
  typename TestFixture::memory_file m;
  this->make(m, text);
  this->connect();
  typename TestFixture::send_op sent;
  this->fill_the_connection(sent, m);
  buffer b;
  typename TestFixture::receive_op received;
  received.then = [&] {
    this->take(b);
    if (!sent.op.idle()) this->loop.receive(this->client, received.op, b);
  };
  this->loop.receive(this->client, received.op, b);
  this->run_until_done(sent);
  EXPECT_EQ(sent.result(), error::none);
  EXPECT_NE(sent.transferred(), 0u);
  this->loop.cancel(received.op);
  this->run_until_done(received);
  this->release(b);
  this->loop.close(m);
}

// A signal would end the program.
TYPED_TEST(contract_memory_files, contract_26_a_peer_that_is_gone_is_an_error) {
  typename TestFixture::memory_file m;
  this->make(m, this->pattern(300000));
  this->connect();
  this->loop.abort(this->client);
  typename TestFixture::send_op sent;
  do {
    this->loop.send(this->server, sent.op, {}, m, 0, m.size());
    this->run_until_done(sent);
  } while (sent.result() == error::none);
  EXPECT_TRUE(sent.result() == error::connection_reset || sent.result() == error::broken_pipe);
  this->loop.send(this->server, sent.op, {}, m, 0, m.size());
  this->run_until_done(sent);
  EXPECT_TRUE(sent.result() == error::connection_reset || sent.result() == error::broken_pipe);
  this->loop.close(m);
}

TYPED_TEST(contract_memory_files, contract_18_fills_queue_and_can_be_cancelled) {
  std::string const text = this->pattern(100 * 4096);
  this->files.make_cold_file("f", text);
  typename TestFixture::file f;
  this->open_file(f, "f");
  std::vector<typename TestFixture::memory_file> m(100);
  std::vector<typename TestFixture::fill_op> ops(100);
  for (std::size_t i = 0; i != ops.size(); ++i) {
    ASSERT_EQ(this->loop.make(m[i], text.size()), error::none);
    this->loop.fill(m[i], ops[i].op, f, i * 4096, 4096);
  }
  for (std::size_t i = 0; i < ops.size(); i += 3) this->loop.cancel(ops[i].op);
  for (std::size_t i = 0; i != ops.size(); ++i) {
    this->run_until_done(ops[i]);
    EXPECT_EQ(ops[i].completions, 1);
    bool const canceled = i % 3 == 0 && ops[i].result() == error::canceled;
    if (!canceled) {
      EXPECT_EQ(ops[i].result(), error::none);
    }
    this->loop.close(m[i]);
  }
  this->loop.close(f);
}

TYPED_TEST(contract_memory_files, contract_16_fills_and_sends_allocate_nothing) {
  std::string const text = this->pattern(50000);
  this->files.make_file("f", text);
  typename TestFixture::file f;
  this->open_file(f, "f");
  typename TestFixture::memory_file filled, m;
  ASSERT_EQ(this->loop.make(filled, text.size()), error::none);
  this->make(m, text);
  this->connect();
  typename TestFixture::fill_op filling;
  typename TestFixture::send_op sent;
  typename TestFixture::receive_op received;
  buffer b;
  const_span const head{text.data(), 100};
  auto const round = [&] {
    this->loop.fill(filled, filling.op, f, 0, text.size());
    this->loop.send(this->server, sent.op, {&head, 1}, m, 0, 10000);
    this->run_until([&] { return filling.op.idle() && sent.op.idle(); });
    for (std::size_t got = 0; got < sent.transferred(); got += received.transferred()) {
      this->loop.receive(this->client, received.op, b);
      this->run_until_done(received);
      this->release(b);
    }
  };
  for (int i = 0; i != 10; ++i) round();
  std::size_t const before = allocations();
  for (int i = 0; i != 100; ++i) round();
  EXPECT_EQ(allocations(), before);
  EXPECT_EQ(filling.result(), error::none);
  EXPECT_EQ(sent.result(), error::none);
  this->loop.close(f);
  this->loop.close(m);
  this->loop.close(filled);
}

}  // namespace
}  // namespace quire::test
