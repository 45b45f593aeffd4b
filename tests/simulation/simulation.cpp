#include "tests/simulation/simulation.hpp"

#include "tests/simulation/site_model.hpp"
#include "tests/simulation/visitor.hpp"

#include <quire/io/sim/proactor.hpp>
#include <quire/server/encoding/content_encoder.hpp>
#include <quire/server/worker.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <limits>
#include <memory>
#include <vector>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace quire::simulation {
namespace {

using namespace std::chrono_literals;

constexpr server::content_coding gzip = server::content_coding::gzip;

std::chrono::nanoseconds fixed_time() noexcept {
  return time_of_day;
}

// Worlds come and go by the thousand: what one gives back stays for the next, or half of the time
// goes into page faults.
void keep_memory() noexcept {
#if defined(__GLIBC__)
  constexpr int largest = 32 << 20;  // That mallopt() takes for the first.
  static bool const kept = mallopt(M_MMAP_THRESHOLD, largest) != 0 &&
                           mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max()) != 0;
  static_cast<void>(kept);
#endif
}

server::settings small_world(io::sim::random_source& random) {
  server::settings s;
  for (server::number_setting const& n : server::number_settings) s.*n.value = n.standard;
  s.root = site_model::root;
  s.cache_size = random.below(4) == 0 ? 0 : server::mebibyte;
  s.memory_max = 4 * server::mebibyte;
  s.connections_max = 2 + random.below(16);
  s.header_timeout = 1 + random.below(10);
  s.send_timeout = 1 + random.below(30);
  s.idle_timeout = 1 + random.below(30);
  s.drain_timeout = random.below(4);
  if (random.below(2) == 0) s.revalidate = random.below(3) == 0 ? 0 : random.below(1000);
  s.file_io = static_cast<io::file_mode>(random.below(3));
  // In gzip alone, which every build can make: so worlds are the same everywhere.
  bool const has_gzip = server::encodable_codings().has(gzip);
  if (random.below(4) != 0 && has_gzip) s.compress.add(gzip);
  if (random.below(4) == 0 || !has_gzip) s.precompressed = {};
  return s;
}

site_rules rules_of(server::settings const& s, bool files_shrink, bool hashes) {
  return {.files_shrink = files_shrink,
          .compresses = s.compress.has(gzip),
          .precompressed = s.precompressed.has(gzip),
          .hashes = hashes};
}

class world {
 public:
  explicit world(plan const& p)
      : plan_(p),
        random_(p.seed),
        simulated_{.seed = p.seed,
                   .faults = p.faults ? io::sim::faults::swarm(random_) : io::sim::faults{},
                   .failing_operation = p.failing_operation},
        proactor_({.pool = &pool_}, simulated_, error_),
        settings_(small_world(random_)),
        hashes_(random_.below(4) != 0),
        site_(proactor_, random_,
              rules_of(settings_, simulated_.faults.file_shrinks != 0, hashes_)) {
    proactor_.trace_to(p.trace);
    change_.bind<&world::on_change>(this);
    for (background& b : backgrounds_) b.attach(*this);
    changes_left_ = random_.below(12);
    std::size_t const visitors = 1 + random_.below(p.visitors_max);
    for (std::size_t i = 0; i != visitors; ++i) {
      visitors_.push_back(
          std::make_unique<visitor>(proactor_, pool_, site_, ledger_, random_.next()));
    }
  }

  outcome run() {
    outcome result;
    {
      std::vector<io::endpoint> listen(1);
      if (!io::parse_endpoint("127.0.0.1:80", listen[0])) result.complaint = "no address";
      server::start_failure failure;
      server::worker<io::sim::proactor> worker(
          proactor_, pool_,
          {.configuration = settings_,
           .time_of_day = &fixed_time,
           .threads = {.encoding = &backgrounds_[0].work,
                       .hashing = hashes_ ? &backgrounds_[1].work : nullptr,
                       .forms = &forms_}},
          listen, failure);
      // It may fail to start, when that is the operation that fails.
      if (failure.error == io::error::none) {
        worker.start();
        serve(worker, listen[0]);
      }
    }
    finish(result);
    return result;
  }

 private:
  void serve(server::worker<io::sim::proactor>& worker, io::endpoint const& where) {
    for (auto& v : visitors_) v->connect(where);
    schedule_change();
    auto const waiting = [](auto const& v) { return !v->done(); };
    // Sometimes the server is told to stop while visitors are busy.
    std::uint64_t const patience = random_.below(3) == 0 ? random_.below(300) : turns_max;
    while (turns_ < patience && std::any_of(visitors_.begin(), visitors_.end(), waiting)) turn();
    worker.drain();
    while (worker.busy()) turn();
    for (auto& v : visitors_) v->give_up();
    proactor_.cancel(change_);
    auto const busy = [](background const& b) { return !b.due.idle(); };
    while (std::any_of(visitors_.begin(), visitors_.end(), waiting) || !change_.idle() ||
           std::any_of(backgrounds_.begin(), backgrounds_.end(), busy)) {
      turn();
    }
  }

  // Work that a server does beside its loop: here on the loop, after a while, one job at a time.
  struct background {
    void attach(world& w) {
      in = &w;
      due.bind<&background::on_due>(this);
    }
    void schedule() noexcept {
      if (!due.idle() || !work.has_waiting()) return;
      std::uint64_t const most = in->random_.below(2) == 0 ? 10 : 3000;
      in->proactor_.schedule(
          due, in->proactor_.now() + std::chrono::microseconds(in->random_.below(most)));
    }
    void on_due() noexcept { work.carry_out_next(); }

    world* in = nullptr;
    server::background_work work{0, io::thread_priority::normal};
    io::sim::proactor::timer due;
  };

  // A world that stands still, or never ends, cannot be taken down in order.
  void turn() {
    for (background& b : backgrounds_) b.schedule();
    // What was posted is seen by running.
    bool const stuck = proactor_.stuck() && proactor_.run_once(io::wait::no) == 0;
    if (stuck || ++turns_ == turns_max) {
      fmt::print(stderr, "simulation: seed {}, failing operation {}: {}\n", plan_.seed,
                 plan_.failing_operation,
                 stuck ? "all wait for each other" : "it goes on for ever");
      std::fflush(nullptr);
      std::abort();
    }
    if (proactor_.stuck()) return;
    proactor_.run_once(io::wait::yes);
  }

  void finish(outcome& result) {
    for (auto const& v : visitors_) {
      result.answers += v->answers();
      result.encoded_answers += v->encoded_answers();
      result.digests += v->digests();
      if (!v->complaint().empty()) result.complaint = v->complaint();
    }
    if (proactor_.open_count() != 0) result.complaint += "\nsomething is left open";
    if (pool_.in_use() != 0) result.complaint += "\na page is not back";
    if (pool_.bytes_set_aside() != 0) result.complaint += "\nmemory that is set aside is not back";
    if (forms_.count() != 0) result.complaint += "\nsomebody holds an encoded form";
    if (!proactor_.stuck()) result.complaint += "\nsomething is left in flight";
    result.trace_hash = proactor_.trace_hash();
    result.operations = proactor_.operations();
  }

  void schedule_change() noexcept {
    if (changes_left_ == 0) return site_.end_slow_write();
    --changes_left_;
    proactor_.schedule(change_, proactor_.now() + std::chrono::microseconds(random_.below(3000)));
  }
  void on_change() noexcept {
    if (change_.result() != io::error::none) return;
    site_.change();
    schedule_change();
  }

  static constexpr std::uint64_t turns_max = 3'000'000;

  plan plan_;
  io::sim::random_source random_;
  page_pool pool_{4 * server::mebibyte};
  io::error error_ = io::error::none;
  io::sim::settings simulated_;
  io::sim::proactor proactor_;
  server::settings settings_;
  bool hashes_;
  site_model site_;
  tag_ledger ledger_;
  server::encoded_forms forms_;
  std::array<background, 2> backgrounds_;
  std::vector<std::unique_ptr<visitor>> visitors_;
  io::sim::proactor::timer change_;
  std::uint64_t changes_left_ = 0;
  std::uint64_t turns_ = 0;
};

}  // namespace

outcome run(plan const& p) {
  keep_memory();
  return world(p).run();
}

}  // namespace quire::simulation
