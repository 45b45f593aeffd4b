// Coroutines over every back end, against the rules of the contract that they inherit.
#include <quire/io/awaitable.hpp>

#include "tests/io/allocation_counter.hpp"
#include "tests/io/contract_fixture.hpp"

#include <array>
#include <thread>
#include <vector>

namespace quire::test {
namespace {

using io::cancel_scope;
using io::frame_pool;
using io::task;

template <class BackEnd>
class awaitables : public contract<BackEnd> {
 public:
  using proactor = typename BackEnd::proactor;
  using stream = typename proactor::stream;

  frame_pool frames{this->pool};
  io::awaitable<proactor> io{this->loop};

  // Sends all that the buffer holds. Its result says how it went.
  task<error> send_bytes(frame_pool&, stream& s, buffer& bytes) {
    std::array<const_span, 8> spans;
    while (!bytes.empty()) {
      auto const sent = co_await io.send(s, std::span(spans).first(bytes.gather(spans)));
      if (!sent) co_return sent.result;
      bytes.commit_read(sent.bytes);
      while (page* const p = bytes.pop_consumed()) this->pool.release(p);
    }
    co_return error::none;
  }
  // Echoes until the end of the stream.
  task<> echo(frame_pool&, stream& s, bool& ended) {
    buffer bytes;
    while (co_await io.receive(s, bytes)) {
      if (co_await send_bytes(frames, s, bytes) != error::none) break;
    }
    this->release(bytes);
    ended = true;
  }
};
TYPED_TEST_SUITE(awaitables, back_ends, back_end_name);

TYPED_TEST(awaitables, accept_connect_receive_and_send_make_a_conversation) {
  using fixture = TestFixture;
  typename fixture::proactor::listener l;
  ASSERT_EQ(this->loop.listen(l, this->loopback(), {}), error::none);
  bool ended = false;
  std::string answer;
  auto const serve = [](frame_pool& memory, fixture& f, auto& listener, bool& done) -> task<> {
    auto const came = co_await f.io.accept(listener, f.server);
    EXPECT_EQ(came.result, error::none);
    EXPECT_EQ(came.peer.address, f.loopback().address);
    co_await f.echo(memory, f.server, done);
  };
  auto const ask = [](frame_pool&, fixture& f, io::endpoint to, std::string& out) -> task<> {
    error const connected = co_await f.io.connect(f.client, to);
    EXPECT_EQ(connected, error::none);
    const_span const question{"a question", 10};
    auto const sent = co_await f.io.send(f.client, {&question, 1});
    EXPECT_EQ(sent.bytes, 10U);
    buffer bytes;
    while (out.size() < 10) {
      if (!co_await f.io.receive(f.client, bytes)) break;
      out += f.take(bytes);
    }
    f.release(bytes);
    f.loop.shutdown(f.client);
  };
  serve(this->frames, *this, l, ended).detach();
  ask(this->frames, *this, this->loop.local_endpoint(l), answer).detach();
  this->run_until([&] { return ended; });
  EXPECT_EQ(answer, "a question");
  this->run_until([&] { return this->frames.in_use() == 0; });
  this->loop.close(l);
}

TYPED_TEST(awaitables, nothing_runs_inside_the_call_that_waits) {
  this->connect();
  int step = 0;
  auto const receive = [](frame_pool&, TestFixture& f, int& s) -> task<> {
    buffer bytes;
    s = 1;
    co_await f.io.receive(f.server, bytes);
    s = 2;
    f.release(bytes);
  };
  this->send_all(this->client, "ready before it is asked for");
  this->turn();
  receive(this->frames, *this, step).detach();
  EXPECT_EQ(step, 1);
  this->run_until([&] { return step == 2; });
}

TYPED_TEST(awaitables, files_are_opened_and_read) {
  this->files.make_file("file.txt", "what is in it");
  this->open_root();
  std::string text;
  error absent = error::none;
  auto const read = [](frame_pool&, TestFixture& f, std::string& out, error& none) -> task<> {
    typename TestFixture::proactor::file file;
    auto const missing = co_await f.io.open(f.root, "absent", file);
    auto const there = co_await f.io.open(f.root, "file.txt", file);
    EXPECT_EQ(there.result, error::none);
    EXPECT_EQ(there.status.size, 13U);
    std::array<char, 32> memory;
    mutable_span const span{memory.data(), memory.size()};
    auto const got = co_await f.io.read(file, 5, {&span, 1});
    EXPECT_EQ(got.result, error::none);
    f.loop.close(file);
    out.assign(memory.data(), got.bytes);
    none = missing.result;
  };
  read(this->frames, *this, text, absent).detach();
  this->run_until([&] { return absent != error::none; });
  EXPECT_EQ(absent, error::not_found);
  EXPECT_EQ(text, "is in it");
}

TYPED_TEST(awaitables, a_file_is_opened_in_a_mode_and_made_resident) {
  this->open_root();
  this->files.make_cold_file("f", std::string(10000, 'f'));
  std::string text;
  io::error behind = io::error::none;
  auto const look = [](io::frame_pool&, TestFixture& f, std::string& seen,
                       io::error& beyond) -> io::task<> {
    typename TestFixture::proactor::file file;
    auto const found = co_await f.io.open(f.root, "f", file, io::file_mode::uncached);
    if (found.result != io::error::none) co_return;
    typename TestFixture::proactor::mapping mapping;
    bool const mapped = f.loop.map(mapping, file) == io::error::none;
    f.loop.close(file);
    if (!mapped) co_return;
    if (co_await f.io.make_resident(mapping, 5000, 5000) == io::error::none) {
      seen.assign(mapping.bytes().data + 5000, 5000);
    }
    beyond = co_await f.io.make_resident(mapping, 5000, 5001);
    f.loop.close(mapping);
  };
  look(this->frames, *this, text, behind).detach();
  this->run_until([&] { return behind != io::error::none; });
  EXPECT_EQ(text, std::string(5000, 'f'));
  EXPECT_EQ(behind, io::error::invalid_argument);
}

TYPED_TEST(awaitables, a_timer_is_never_early) {
  io::instant fired{};
  io::instant const deadline = this->loop.now() + 3ms;
  auto const sleep = [](frame_pool&, TestFixture& f, io::instant until, io::instant& at) -> task<> {
    error const result = co_await f.io.wait_until(until);
    EXPECT_EQ(result, error::none);
    at = f.loop.now();
  };
  sleep(this->frames, *this, deadline, fired).detach();
  this->run_until([&] { return fired != io::instant{}; });
  EXPECT_GE(fired, deadline);
}

TYPED_TEST(awaitables, a_scope_cancels_whatever_waits_in_it) {
  this->connect();
  cancel_scope scope;
  std::vector<error> ends;
  auto const receive = [](frame_pool&, TestFixture& f, cancel_scope& c,
                          std::vector<error>& out) -> task<> {
    buffer bytes;
    auto const got = co_await f.io.receive(f.server, bytes, &c);
    out.push_back(got.result);
    // From now on nothing even begins.
    auto const more = co_await f.io.receive(f.server, bytes, &c);
    out.push_back(more.result);
    f.release(bytes);
  };
  auto const sleep = [](frame_pool&, TestFixture& f, cancel_scope& c,
                        std::vector<error>& out) -> task<> {
    error const result = co_await f.io.wait_for(1h, &c);
    out.push_back(result);
  };
  receive(this->frames, *this, scope, ends).detach();
  sleep(this->frames, *this, scope, ends).detach();
  this->turn();
  EXPECT_TRUE(ends.empty());
  scope.cancel();
  EXPECT_TRUE(ends.empty()) << "nobody goes on inside cancel()";
  this->run_until([&] { return ends.size() == 3; });
  EXPECT_EQ(ends, std::vector<error>(3, error::canceled));
  scope.reset();
  EXPECT_FALSE(scope.canceled());
}

TYPED_TEST(awaitables, a_scope_cancels_an_accept) {
  typename TestFixture::proactor::listener l;
  ASSERT_EQ(this->loop.listen(l, this->loopback(), {}), error::none);
  cancel_scope scope;
  error end = error::none;
  auto const accept = [](frame_pool&, TestFixture& f, auto& listener, cancel_scope& c,
                         error& out) -> task<> {
    typename TestFixture::stream s;
    auto const came = co_await f.io.accept(listener, s, &c);
    out = came.result;
    EXPECT_FALSE(s.is_open());
  };
  accept(this->frames, *this, l, scope, end).detach();
  this->turn();
  scope.cancel();
  this->run_until([&] { return end != error::none; });
  EXPECT_EQ(end, error::canceled);
  this->loop.close(l);
}

TYPED_TEST(awaitables, another_thread_comes_to_the_loop) {
  std::thread::id where;
  auto const come = [](frame_pool&, TestFixture& f, std::thread::id& at) -> task<> {
    co_await f.io.resume_on_loop();
    at = std::this_thread::get_id();
  };
  std::thread other([&] { come(this->frames, *this, where).detach(); });
  other.join();
  EXPECT_EQ(where, std::thread::id());
  this->run_until([&] { return where != std::thread::id(); });
  EXPECT_EQ(where, std::this_thread::get_id());
}

TYPED_TEST(awaitables, without_memory_for_its_frame_a_task_is_empty_and_has_not_run) {
  struct nothing {
    void* allocate(std::size_t) noexcept { return nullptr; }
    void deallocate(void*, std::size_t) noexcept { ADD_FAILURE(); }
  };
  bool ran = false;
  auto const run = [](nothing&, bool& r) -> task<> {
    r = true;
    co_return;
  };
  nothing allocator;
  EXPECT_FALSE(run(allocator, ran));
  EXPECT_FALSE(ran);
}

TYPED_TEST(awaitables, the_steady_state_takes_nothing_from_the_heap) {
  this->connect();
  bool ended = false;
  this->echo(this->frames, this->server, ended).detach();
  auto const ask = [](frame_pool& memory, TestFixture& f, int count, int& left) -> task<> {
    buffer bytes;
    for (left = count; left != 0; --left) {
      page* const p = f.pool.acquire();
      p->commit_write(100);
      bytes.push(p);
      error const sent = co_await f.send_bytes(memory, f.client, bytes);
      EXPECT_EQ(sent, error::none);
      f.release(bytes);
      for (std::size_t got = 0; got != 100;) {
        auto const part = co_await f.io.receive(f.client, bytes);
        EXPECT_TRUE(part);
        got += part.bytes;
      }
      f.release(bytes);
    }
  };
  int left = 1;
  ask(this->frames, *this, 10, left).detach();
  this->run_until([&] { return left == 0; });
  std::size_t const before = allocations();
  std::size_t const pages = this->pool.in_use();
  ask(this->frames, *this, 200, left).detach();
  while (left != 0) this->loop.run_once(wait::yes);
  EXPECT_EQ(allocations(), before);
  EXPECT_EQ(this->pool.in_use(), pages);
  this->loop.shutdown(this->client);
  this->run_until([&] { return ended; });
}

}  // namespace
}  // namespace quire::test
