// Files of a simulated world: what its faults do to modes, reads and mappings.
#include <quire/buffer/page_pool.hpp>
#include <quire/io/sim/proactor.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

namespace quire::io::sim {
namespace {

// One who reads a file through a mapping and by reads in a mode, chunk after chunk, and is told of
// every failure.
class visitor {
 public:
  visitor(proactor& p, file_mode mode) : p_(p), mode_(mode) {
    open_.bind<&visitor::on_opened>(this);
    read_.bind<&visitor::on_read>(this);
    resident_.bind<&visitor::on_resident>(this);
  }
  void start(directory& d) { p_.open(d, open_, "f", mode_); }
  bool done() const { return open_.idle() && read_.idle() && resident_.idle() && !file_.is_open(); }

  std::string text;      // What was read.
  std::string seen;      // What the mapping showed.
  bool failed = false;   // Of reads, or to open or map.
  bool faulted = false;  // Of make_resident().
  error fault = error::none;
  bool fell_back = false;

 private:
  static constexpr std::size_t chunk = 8192;

  void on_opened() noexcept {
    failed = open_.result() != error::none;
    if (failed) return;
    p_.adopt(file_, open_);
    EXPECT_EQ(file_.mode(), mode_);
    if (p_.map(mapping_, file_) != error::none) {
      failed = true;
      return end();
    }
    read();
    touch();
  }
  void read() {
    span_ = {memory_.data(), memory_.size()};
    p_.read(file_, read_, text.size(), {&span_, 1});
  }
  void on_read() noexcept {
    failed = read_.result() != error::none;
    fell_back = file_.mode() != mode_;
    EXPECT_TRUE(!fell_back || file_.mode() == file_mode::buffered);
    text.append(memory_.data(), read_.transferred());
    failed || read_.transferred() != memory_.size() ? end() : read();
  }
  void touch() {
    std::size_t const left = mapping_.bytes().size - seen.size();
    wanted_ = std::min(left, chunk);
    p_.make_resident(mapping_, resident_, seen.size(), wanted_);
  }
  void on_resident() noexcept {
    fault = resident_.result();
    faulted = fault != error::none;
    if (!faulted) seen.append(mapping_.bytes().data + seen.size(), wanted_);
    faulted || wanted_ == 0 ? end() : touch();
  }
  void end() {
    if (!read_.idle() || !resident_.idle()) return;
    if (mapping_.is_open()) p_.close(mapping_);
    p_.close(file_);
  }

  proactor& p_;
  file_mode mode_;
  open_operation open_;
  read_operation read_;
  resident_operation resident_;
  file file_;
  mapping mapping_;
  mutable_span span_;
  std::size_t wanted_ = 0;
  alignas(4096) std::array<char, chunk> memory_;
};

struct visits {
  std::size_t whole = 0, failed = 0, faulted = 0, truncated = 0, fell_back = 0;
  std::uint64_t operations = 0;
};

// Three visitors, one for each mode. Whatever goes wrong: what they have is the beginning of the
// file, and nothing stays open.
void visit(settings const& s, visits& sum) {
  page_pool pool(1 << 20);
  options o;
  o.pool = &pool;
  error e = error::other;
  proactor p(o, s, e);
  std::string text(100001, '\0');
  random_source random(7);
  for (char& c : text) c = static_cast<char>(random.next());
  p.files().make_file("f", text);
  directory top;
  p.open(top, "", e);
  if (!top.is_open()) return;
  std::array<visitor, 3> visitors{visitor(p, file_mode::buffered), visitor(p, file_mode::uncached),
                                  visitor(p, file_mode::direct)};
  for (visitor& v : visitors) v.start(top);
  while (!p.stuck()) p.run_once(wait::yes);
  for (visitor& v : visitors) {
    EXPECT_TRUE(v.done());
    EXPECT_TRUE(text.starts_with(v.text));
    // The page in which the file ends by now is filled up with zeros.
    std::string const head = v.seen.substr(0, v.seen.find_last_not_of('\0') + 1);
    EXPECT_TRUE(text.starts_with(head));
    sum.whole += !v.failed && !v.faulted && v.text == text && v.seen == text;
    sum.failed += v.failed;
    sum.faulted += v.faulted;
    sum.truncated += v.fault == error::truncated;
    sum.fell_back += v.fell_back;
  }
  p.close(top);
  EXPECT_EQ(p.open_count(), 0u);
  sum.operations += p.operations();
}

TEST(sim_files, a_world_without_faults_reads_all_in_every_mode) {
  visits sum;
  visit({}, sum);
  EXPECT_EQ(sum.whole, 3u);
}

TEST(sim_files, a_refused_mode_falls_back_and_loses_nothing) {
  visits sum;
  for (std::uint64_t seed = 0; seed != 50; ++seed) {
    settings s;
    s.seed = seed;
    s.faults.mode_refused = 200;
    s.faults.late_disk = 300;
    visit(s, sum);
  }
  EXPECT_EQ(sum.whole, 150u);
  EXPECT_GT(sum.fell_back, 50u);
  EXPECT_LE(sum.fell_back, 100u);
}

TEST(sim_files, a_file_that_shrinks_ends_reads_early_and_faults_with_an_error) {
  visits sum;
  for (std::uint64_t seed = 0; seed != 100; ++seed) {
    settings s;
    s.seed = seed;
    s.faults.file_shrinks = 50;
    s.faults.late_disk = 300;
    visit(s, sum);
  }
  EXPECT_EQ(sum.failed, 0u);
  EXPECT_GT(sum.truncated, 50u);
  EXPECT_EQ(sum.truncated, sum.faulted);
}

TEST(sim_files, a_swarm_of_faults_leaves_nothing_open) {
  visits sum;
  for (std::uint64_t seed = 0; seed != 300; ++seed) {
    SCOPED_TRACE(seed);
    random_source random(seed);
    settings s;
    s.seed = seed;
    s.faults = faults::swarm(random);
    visit(s, sum);
  }
  EXPECT_GT(sum.whole, 100u);
  EXPECT_GT(sum.failed, 10u);
  EXPECT_GT(sum.faulted, 10u);
  EXPECT_GT(sum.fell_back, 10u);
}

TEST(sim_files, a_sweep_fails_each_operation_once) {
  visits sum;
  visit({}, sum);
  for (std::uint64_t k = 1; k <= sum.operations; ++k) {
    SCOPED_TRACE(k);
    settings s;
    s.failing_operation = k;
    visits one;
    visit(s, one);
    EXPECT_LT(one.whole, 3u) << "nothing failed";
  }
}

}  // namespace
}  // namespace quire::io::sim
