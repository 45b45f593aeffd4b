// Reads of a large file by mode and back end, cold and hot, beside make_resident() and pread().
//
//   quire_bench_file_reads [FILE [MIB [ROUNDS]]]
//
// The file is made, of MIB MiB, and removed. It is read from its beginning in chunks of 128 KiB
// into pages of a pool, by one reader and by eight that share it. Every byte is looked at once, as
// the network does that it is sent to. Cold: the system has dropped the file from its cache before.
// Each round takes every subject in turn; what is written is the median of the rounds, per MiB: the
// time, the processor time of all threads, and both as ratios to pread() into the same pages.
#include "bench/io/linux/large_file.hpp"

#include <quire/buffer/page_pool.hpp>
#include <quire/io/epoll/proactor.hpp>
#include <quire/io/uring/proactor.hpp>
#include <quire/io/uring/support.hpp>

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace quire;
using namespace quire::bench;
using io::file_mode;

constexpr std::size_t chunk_pages = 32;
constexpr std::size_t chunk_size = chunk_pages * page_pool::page_size;

// Takes eight bytes of each line of the cache.
std::uint64_t look_at(char const* data, std::size_t size) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i + 8 <= size; i += 64) {
    std::uint64_t word;
    std::memcpy(&word, data + i, sizeof word);
    sum += word;
  }
  return sum;
}

struct work {
  std::string folder, name;
  std::uint64_t size;
  std::size_t readers;
  std::uint64_t next = 0;  // What the next reader takes.
  std::uint64_t seen = 0;  // Bytes.
  std::uint64_t sum = 0;
};

struct memory {
  explicit memory(page_pool& p) : pool(p) {
    for (std::size_t i = 0; i != chunk_pages; ++i) {
      pages[i] = pool.acquire();
      if (pages[i] == nullptr) give_up("no memory");
      spans[i] = {pages[i]->write_position(), page_pool::page_size};
    }
  }
  ~memory() {
    for (page* const p : pages) pool.release(p);
  }
  page_pool& pool;
  std::array<page*, chunk_pages> pages;
  std::array<mutable_span, chunk_pages> spans;
};

void take(work& w, memory const& m, std::size_t size) {
  w.seen += size;
  for (mutable_span const& s : m.spans) {
    std::size_t const here = std::min(s.size, size);
    w.sum += look_at(s.data, here);
    size -= here;
  }
}

// What every program can do: one thread that waits.
void read_plainly(work& w) {
  page_pool pool(4 << 20);
  memory m(pool);
  int const file = ::open((w.folder + "/" + w.name).c_str(), O_RDONLY);
  std::array<iovec, chunk_pages> parts;
  for (std::size_t i = 0; i != chunk_pages; ++i) parts[i] = {m.spans[i].data, m.spans[i].size};
  for (; w.next < w.size; w.next += chunk_size) {
    ssize_t const n = ::preadv(file, parts.data(), chunk_pages, static_cast<off_t>(w.next));
    if (n <= 0) give_up("pread fails");
    take(w, m, static_cast<std::size_t>(n));
  }
  ::close(file);
}

template <class Proactor>
class loop {
 public:
  explicit loop(work& w) : work_(w), pool_(16 << 20), proactor_(options(), error_) {
    if (error_ != io::error::none) give_up("the back end cannot be used here");
    proactor_.open(directory_, w.folder, error_);
    if (error_ != io::error::none) give_up("the folder does not open");
  }
  ~loop() {
    proactor_.close(file_);
    proactor_.close(directory_);
  }

  void read(file_mode mode) {
    open(mode);
    std::vector<std::unique_ptr<reader>> readers;
    for (std::size_t i = 0; i != work_.readers; ++i) {
      readers.push_back(std::make_unique<reader>(*this));
      readers.back()->next();
    }
    run(readers);
    if (file_.mode() != mode)
      std::printf("  (the file system does not do %s)\n", name(mode).data());
  }

  void fault() {
    open(file_mode::buffered);
    if (proactor_.map(mapping_, file_) != io::error::none) give_up("the file cannot be mapped");
    std::vector<std::unique_ptr<toucher>> touchers;
    for (std::size_t i = 0; i != work_.readers; ++i) {
      touchers.push_back(std::make_unique<toucher>(*this));
      touchers.back()->next();
    }
    run(touchers);
    proactor_.close(mapping_);
  }

 private:
  struct reader {
    explicit reader(loop& l) : owner(l), bytes(l.pool_) {
      op.template bind<&reader::on_read>(this);
    }
    void next() {
      if (owner.work_.next >= owner.work_.size) return;
      owner.proactor_.read(owner.file_, op, owner.work_.next, bytes.spans);
      owner.work_.next += chunk_size;
    }
    void on_read() noexcept {
      if (op.result() != io::error::none) give_up("a read fails");
      take(owner.work_, bytes, op.transferred());
      next();
    }
    loop& owner;
    memory bytes;
    typename Proactor::read_operation op;
  };

  struct toucher {
    explicit toucher(loop& l) : owner(l) { op.template bind<&toucher::on_resident>(this); }
    void next() {
      if (owner.work_.next >= owner.work_.size) return;
      at = owner.work_.next;
      owner.work_.next += chunk_size;
      owner.proactor_.make_resident(owner.mapping_, op, at, chunk_size);
    }
    void on_resident() noexcept {
      if (op.result() != io::error::none) give_up("make_resident fails");
      owner.work_.seen += chunk_size;
      owner.work_.sum += look_at(owner.mapping_.bytes().data + at, chunk_size);
      next();
    }
    loop& owner;
    std::uint64_t at = 0;
    typename Proactor::resident_operation op;
  };

  io::options options() {
    io::options o;
    o.pool = &pool_;
    return o;
  }
  void open(file_mode mode) {
    typename Proactor::open_operation op;
    struct {
      void on_opened() noexcept {}
    } nobody;
    op.template bind<&decltype(nobody)::on_opened>(&nobody);
    proactor_.open(directory_, op, work_.name, mode);
    while (!op.idle()) proactor_.run_once(io::wait::yes);
    if (op.result() != io::error::none) give_up("the file does not open");
    proactor_.adopt(file_, op);
  }
  template <class Owners>
  void run(Owners const& owners) {
    auto const busy = [](auto const& o) { return !o->op.idle(); };
    while (std::any_of(owners.begin(), owners.end(), busy)) proactor_.run_once(io::wait::yes);
  }

  work& work_;
  page_pool pool_;
  io::error error_ = io::error::none;
  Proactor proactor_;
  typename Proactor::directory directory_;
  typename Proactor::file file_;
  typename Proactor::mapping mapping_;
};

struct subject {
  std::string name;
  std::function<void(work&)> run;
};

template <class Proactor>
void add_subjects(std::vector<subject>& all) {
  std::string const back_end(Proactor::name);
  for (file_mode const mode : {file_mode::buffered, file_mode::uncached, file_mode::direct}) {
    all.push_back({back_end + " " + std::string(io::name(mode)),
                   [mode](work& w) { loop<Proactor>(w).read(mode); }});
  }
  all.push_back({back_end + " make_resident", [](work& w) { loop<Proactor>(w).fault(); }});
}

struct costs {
  std::vector<double> time, processor;  // Microseconds per MiB.
};

void measure(std::vector<subject> const& subjects, work const& task, bool cold, int rounds) {
  std::map<std::string, costs> all;
  std::string const path = task.folder + "/" + task.name;
  for (int round = 0; round != rounds; ++round) {
    for (subject const& s : subjects) {
      prepare(path, cold);
      work w = task;
      double const processor = processor_seconds();
      auto const start = std::chrono::steady_clock::now();
      s.run(w);
      std::chrono::duration<double> const time = std::chrono::steady_clock::now() - start;
      if (w.seen != w.size) give_up("bytes are missing");
      double const mebibytes = static_cast<double>(w.size) / (1 << 20);
      all[s.name].time.push_back(1e6 * time.count() / mebibytes);
      all[s.name].processor.push_back(1e6 * (processor_seconds() - processor) / mebibytes);
    }
  }
  std::printf("\n%s, %zu at a time\n%-22s %10s %7s %10s %7s\n", cold ? "cold" : "hot", task.readers,
              "", "us/MiB", "ratio", "CPU us/MiB", "ratio");
  costs const& base = all[subjects.front().name];
  for (subject const& s : subjects) {
    costs const& c = all[s.name];
    std::printf("%-22s %10.0f %7.2f %10.0f %7.2f\n", s.name.c_str(), median(c.time),
                median(c.time) / median(base.time), median(c.processor),
                median(c.processor) / median(base.processor));
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::filesystem::path const path = argc > 1 ? argv[1] : "file_reads.data";
  std::uint64_t const size = std::uint64_t{argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 256}
                             << 20;
  int const rounds = argc > 3 ? std::atoi(argv[3]) : 5;
  std::vector<subject> subjects = {{"pread", read_plainly}};
  add_subjects<io::epoll::proactor>(subjects);
  if (io::uring::check_support().usable) add_subjects<io::uring::proactor>(subjects);
  make_file(path.string(), size);
  work task{std::filesystem::absolute(path).parent_path().string(), path.filename().string(), size,
            1};
  std::printf("%s: %ju MiB, %d rounds\n", path.c_str(), static_cast<std::uintmax_t>(size >> 20),
              rounds);
  for (std::size_t const readers : {1u, 8u}) {
    task.readers = readers;
    for (bool const cold : {true, false}) measure(subjects, task, cold, rounds);
  }
  std::filesystem::remove(path);
}
