// Programs in simulated worlds: a swarm of seeds with their faults, and a sweep in which each
// operation fails once. Whatever happens, nothing may stay open, in flight or lost.
#include <quire/buffer/page_pool.hpp>
#include <quire/io/sim/proactor.hpp>

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace quire::io::sim {
namespace {

using namespace std::chrono_literals;

// One end of an echo: sends what it is given and collects what comes, until its end, an error, or
// its deadline.
class session {
 public:
  session(proactor& p, page_pool& pool, bool echoes) : p_(p), pool_(pool), echoes_(echoes) {
    receive_.bind<&session::on_received>(this);
    send_.bind<&session::on_sent>(this);
    connect_.bind<&session::on_connected>(this);
    deadline_.bind<&session::on_deadline>(this);
    to_send_.reserve(text_size_max);  // What is being sent stays where it is.
  }

  static constexpr std::size_t text_size_max = 100000;

  void connect(endpoint const& where, std::string_view text) {
    to_send_ += text;
    p_.connect(stream_, where, connect_);
  }
  void serve(accept_operation& accepted) {
    if (p_.adopt(stream_, accepted) == error::none) start();
  }

  bool done() const {
    return !stream_.is_open() && receive_.idle() && send_.idle() && connect_.idle() &&
           deadline_.idle();
  }
  std::string const& received() const { return received_; }
  std::string const& sent() const { return to_send_; }

 private:
  void start() {
    p_.schedule(deadline_, p_.now() + 2s);
    p_.receive(stream_, receive_, buffer_);
    send();
  }
  void on_connected() noexcept {
    if (connect_.result() == error::none) start();
  }
  void send() {
    if (!send_.idle() || ending_) return;
    if (sent_ == to_send_.size()) {
      if (!shut_ && (!echoes_ || peer_ended_)) {
        shut_ = true;
        p_.shutdown(stream_);
      }
      return;
    }
    span_ = {to_send_.data() + sent_, to_send_.size() - sent_};
    p_.send(stream_, send_, {&span_, 1});
  }
  void on_sent() noexcept {
    if (send_.result() != error::none) return end();
    EXPECT_GT(send_.transferred(), 0u);
    sent_ += send_.transferred();
    if (ending_) return end();
    send();
    end_if_complete();
  }
  void on_received() noexcept {
    if (receive_.result() != error::none && receive_.result() != error::no_memory) return end();
    peer_ended_ = receive_.result() == error::none && receive_.transferred() == 0;
    std::string text;
    for (auto run = buffer_.pages_begin(); run != buffer_.pages_end(); ++run) {
      text.append((*run).data, (*run).size);
    }
    buffer_.commit_read(buffer_.size());
    while (page* const page = buffer_.pop()) pool_.release(page);
    received_ += text;
    if (ending_) return end();
    if (echoes_) to_send_ += text;
    if (!peer_ended_) p_.receive(stream_, receive_, buffer_);
    send();
    end_if_complete();
  }
  void on_deadline() noexcept { end(); }
  void end_if_complete() {
    if (peer_ended_ && shut_ && send_.idle()) end();
  }
  void end() {
    ending_ = true;
    p_.cancel(deadline_);
    p_.cancel(receive_);
    p_.cancel(send_);
    if (!stream_.is_open() || !receive_.idle() || !send_.idle()) return;
    while (page* const page = buffer_.pop()) pool_.release(page);
    peer_ended_ ? p_.close(stream_) : p_.abort(stream_);
  }

  proactor& p_;
  page_pool& pool_;
  bool echoes_;
  stream stream_;
  receive_operation receive_;
  send_operation send_;
  connect_operation connect_;
  timer deadline_;
  buffer buffer_;
  const_span span_;
  std::string to_send_;
  std::string received_;
  std::size_t sent_ = 0;
  bool peer_ended_ = false;
  bool shut_ = false;
  bool ending_ = false;
};

// Accepts and echoes for as long as it is told to.
class echo_server {
 public:
  echo_server(proactor& p, page_pool& pool) : p_(p), pool_(pool) {
    accept_.bind<&echo_server::on_accepted>(this);
    pause_.bind<&echo_server::on_pause>(this);
  }
  bool listen(endpoint const& where) {
    if (p_.listen(listener_, where, {}) != error::none) return false;
    p_.accept(listener_, accept_);
    return true;
  }
  void stop() {
    stopping_ = true;
    p_.cancel(accept_);
    p_.cancel(pause_);
  }
  bool done() const {
    for (auto const& s : sessions_) {
      if (!s->done()) return false;
    }
    return accept_.idle() && pause_.idle();
  }
  void close() {
    if (listener_.is_open()) p_.close(listener_);
  }

 private:
  void on_accepted() noexcept {
    if (accept_.result() == error::none) {
      sessions_.push_back(std::make_unique<session>(p_, pool_, true));
      sessions_.back()->serve(accept_);
    } else if (!stopping_) {
      return p_.schedule(pause_, p_.now() + 1ms);
    }
    if (!stopping_) p_.accept(listener_, accept_);
  }
  void on_pause() noexcept {
    if (!stopping_) p_.accept(listener_, accept_);
  }

  proactor& p_;
  page_pool& pool_;
  listener listener_;
  accept_operation accept_;
  timer pause_;
  std::vector<std::unique_ptr<session>> sessions_;
  bool stopping_ = false;
};

// Opens a file and reads it to its end.
class reader {
 public:
  explicit reader(proactor& p) : p_(p) {
    open_.bind<&reader::on_opened>(this);
    read_.bind<&reader::on_read>(this);
  }
  void start(directory& d, std::string_view path) { p_.open(d, open_, path); }
  bool done() const { return open_.idle() && read_.idle() && !file_.is_open(); }
  std::string const& text() const { return text_; }
  error result() const { return result_; }

 private:
  void on_opened() noexcept {
    result_ = open_.result();
    if (result_ != error::none) return;
    p_.adopt(file_, open_);
    read();
  }
  void read() {
    span_ = {memory_.data(), memory_.size()};
    p_.read(file_, read_, text_.size(), {&span_, 1});
  }
  void on_read() noexcept {
    result_ = read_.result();
    text_.append(memory_.data(), read_.transferred());
    if (result_ == error::none && read_.transferred() == memory_.size()) return read();
    p_.close(file_);
  }

  proactor& p_;
  open_operation open_;
  read_operation read_;
  file file_;
  std::array<char, 1000> memory_;
  mutable_span span_;
  std::string text_;
  error result_ = error::other;
};

struct outcome {
  std::uint64_t trace_hash = 0;
  std::uint64_t operations = 0;
  std::size_t complete = 0;  // Clients that got back all that they sent.
};

constexpr std::size_t clients_count = 6;

outcome run_world(settings const& s) {
  page_pool pool(4 << 20);
  options o;
  o.pool = &pool;
  error e = error::other;
  proactor p(o, s, e);
  random_source random(s.seed + 1);
  std::string file_text(5000, 'f');
  p.files().make_file("d/f", file_text);

  endpoint where;
  where.address = {127, 0, 0, 1};
  where.port = 80;
  echo_server server(p, pool);
  bool const listens = server.listen(where);
  std::vector<std::unique_ptr<session>> clients;
  for (std::size_t i = 0; i != clients_count; ++i) {
    std::string text(random.below(session::text_size_max), '\0');
    for (char& c : text) c = static_cast<char>(random.next());
    clients.push_back(std::make_unique<session>(p, pool, false));
    clients.back()->connect(where, text);
  }
  directory top;
  p.open(top, "", e);
  std::array<reader, 2> readers{reader(p), reader(p)};
  if (top.is_open()) {
    for (reader& r : readers) r.start(top, "d/f");
  }

  auto const all_done = [&] {
    for (auto const& c : clients) {
      if (!c->done()) return false;
    }
    return readers[0].done() && readers[1].done();
  };
  auto const run_until = [&](auto done) {
    while (!done() && !p.stuck()) p.run_once(wait::yes);
    EXPECT_TRUE(done()) << "something waits for ever";
  };
  run_until(all_done);
  if (listens) server.stop();
  run_until([&] { return server.done(); });
  server.close();
  if (top.is_open()) p.close(top);
  while (!p.stuck()) p.run_once(wait::yes);

  EXPECT_EQ(p.open_count(), 0u);
  EXPECT_EQ(pool.in_use(), 0u);
  outcome result{p.trace_hash(), p.operations(), 0};
  for (auto const& c : clients) {
    EXPECT_TRUE(c->sent().starts_with(c->received())) << "bytes that nobody sent";
    result.complete += c->received().size() == c->sent().size();
  }
  for (reader const& r : readers) EXPECT_TRUE(file_text.starts_with(r.text()));
  return result;
}

settings swarm(std::uint64_t seed) {
  random_source random(seed);
  settings s;
  s.seed = seed;
  s.faults = faults::swarm(random);
  s.pipe_size = 1 + random.below(1 + random.below(100000));
  return s;
}

TEST(sim, a_world_without_faults_loses_nothing) {
  for (std::uint64_t seed = 0; seed != 20; ++seed) {
    settings s;
    s.seed = seed;
    EXPECT_EQ(run_world(s).complete, clients_count);
  }
}

TEST(sim, late_and_short_loses_nothing) {
  for (std::uint64_t seed = 0; seed != 100; ++seed) {
    SCOPED_TRACE(seed);
    settings s;
    s.seed = seed;
    s.faults.short_send = s.faults.short_receive = s.faults.late_network = 100;
    s.faults.late_disk = s.faults.pool_dry = s.faults.cancel_loses = 300;
    s.faults.delay_max = 1ms;
    ASSERT_EQ(run_world(s).complete, clients_count);
  }
}

TEST(sim, a_swarm_of_faults_leaves_nothing_behind) {
  std::size_t complete = 0, all = 0;
  for (std::uint64_t seed = 0; seed != 300; ++seed) {
    SCOPED_TRACE(seed);
    complete += run_world(swarm(seed)).complete;
    all += clients_count;
    if (::testing::Test::HasFailure()) break;
  }
  // The faults do happen, and not always.
  EXPECT_LT(complete, all);
  EXPECT_GT(complete, all / 10);
}

TEST(sim, a_sweep_fails_each_operation_once) {
  settings s;
  std::uint64_t const operations = run_world(s).operations;
  ASSERT_GT(operations, 100u);
  for (std::uint64_t k = 1; k <= operations; ++k) {
    SCOPED_TRACE(k);
    s.failing_operation = k;
    run_world(s);
    if (::testing::Test::HasFailure()) break;
  }
}

TEST(sim, the_same_seed_gives_the_same_run) {
  for (std::uint64_t seed = 0; seed != 50; ++seed) {
    outcome const first = run_world(swarm(seed));
    outcome const second = run_world(swarm(seed));
    EXPECT_EQ(first.trace_hash, second.trace_hash);
    EXPECT_NE(first.trace_hash, run_world(swarm(seed + 1)).trace_hash);
  }
}

// Recorded on Linux; any other platform must come to the same. It changes with the simulator and
// with the program above.
TEST(sim, the_same_seed_gives_the_same_run_on_every_platform) {
  EXPECT_EQ(run_world(swarm(12345)).trace_hash, 13347433442954843511u);
}

}  // namespace
}  // namespace quire::io::sim
