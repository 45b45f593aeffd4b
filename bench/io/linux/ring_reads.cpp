// What io_uring itself does for reads of a file: into registered memory and into other, and faults
// of a mapping by its workers. The figures behind two decisions of io/uring/.
//
//   quire_bench_ring_reads [FILE [MIB [ROUNDS]]]
//
// The file is made and removed. Chunks of 128 KiB, one and eight at a time, on one bare ring; every
// line of the cache is looked at. Medians over the rounds, per MiB: the time, and the processor
// time.
#include "bench/io/linux/large_file.hpp"

#include <quire/io/uring/registered_memory.hpp>
#include <quire/io/uring/ring.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

using namespace quire::bench;

constexpr std::size_t chunk = 131072;
constexpr std::size_t page = 4096;
constexpr std::size_t pages = chunk / page;
// Younger than the headers of some systems that this is built on.
constexpr int madv_populate_read = 22;
constexpr int rwf_dontcache = 0x80;  // Linux 6.14.

enum class way { readv, read, fixed, readv_fixed, populate };
enum class mode { direct, uncached, buffered };

struct subject {
  char const* name;
  way how;
  mode asked;
  bool cold;
};

constexpr std::array subjects = {
    subject{"READV direct", way::readv, mode::direct, true},
    subject{"READ direct", way::read, mode::direct, true},
    subject{"READ_FIXED direct", way::fixed, mode::direct, true},
    subject{"READV_FIXED direct", way::readv_fixed, mode::direct, true},
    subject{"READV uncached, cold", way::readv, mode::uncached, true},
    subject{"READV_FIXED uncached, cold", way::readv_fixed, mode::uncached, true},
    subject{"READV buffered, cold", way::readv, mode::buffered, true},
    subject{"READV_FIXED buffered, cold", way::readv_fixed, mode::buffered, true},
    subject{"READV buffered, hot", way::readv, mode::buffered, false},
    subject{"READ buffered, hot", way::read, mode::buffered, false},
    subject{"READ_FIXED buffered, hot", way::fixed, mode::buffered, false},
    subject{"READV_FIXED buffered, hot", way::readv_fixed, mode::buffered, false},
    subject{"MADVISE populate, cold", way::populate, mode::buffered, true},
};

class run {
 public:
  run(subject const& s, char const* path, std::size_t size, std::size_t depth)
      : subject_(s), size_(size), depth_(depth), spans_(depth * pages) {
    if (ring_.open(64) != 0) give_up("io_uring cannot be used here");
    file_ = ::open(path, O_RDONLY | (s.asked == mode::direct ? O_DIRECT : 0));
    memory_ = map(-1, depth * chunk, PROT_READ | PROT_WRITE);
    if (s.how == way::populate) mapping_ = map(file_, size, PROT_READ);
    // Neighbours are swapped, so that a list of spans is not one run of memory.
    for (std::size_t i = 0; i != spans_.size(); ++i) spans_[i] = {memory_ + (i ^ 1) * page, page};
    iovec const all{memory_, depth * chunk};
    bool const registered = s.how == way::fixed || s.how == way::readv_fixed;
    if (registered && ::syscall(SYS_io_uring_register, ring_.descriptor(), IORING_REGISTER_BUFFERS,
                                &all, 1) != 0) {
      give_up("memory cannot be registered; see ulimit -l");
    }
  }
  ~run() {
    ::munmap(memory_, depth_ * chunk);
    if (mapping_ != nullptr) ::munmap(mapping_, size_);
    ::close(file_);
  }
  run(run const&) = delete;
  run& operator=(run const&) = delete;

  std::uint64_t all() {
    std::uint64_t sum = 0;
    std::size_t begun = 0;
    for (; begun != std::min(depth_, size_ / chunk); ++begun) begin(begun, begun * chunk);
    for (std::size_t ended = 0; ended != size_ / chunk;) {
      ring_.enter(std::chrono::nanoseconds::max());
      while (ring_.has_completion()) {
        io_uring_cqe const c = ring_.completion();
        ring_.drop_completion();
        if (c.res < 0) give_up(std::strerror(-c.res));
        std::size_t const slot = c.user_data % depth_;
        char const* const at =
            mapping_ != nullptr ? mapping_ + c.user_data / depth_ * chunk : memory_ + slot * chunk;
        for (std::size_t i = 0; i != chunk; i += 64) sum += static_cast<unsigned char>(at[i]);
        ++ended;
        if (begun != size_ / chunk) begin(slot, begun++ * chunk);
      }
    }
    return sum;
  }

 private:
  static char* map(int file, std::size_t size, int protection) {
    int const flags = file < 0 ? MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE : MAP_SHARED;
    void* const m = ::mmap(nullptr, size, protection, flags, file, 0);
    if (m == MAP_FAILED) give_up("no memory");
    return static_cast<char*>(m);
  }

  void begin(std::size_t slot, std::size_t offset) {
    io_uring_sqe& e = ring_.next_entry();
    e.fd = file_;
    e.off = offset;
    e.user_data = offset / chunk * depth_ + slot;
    e.len = chunk;
    e.addr = reinterpret_cast<std::uint64_t>(memory_ + slot * chunk);
    e.opcode = subject_.how == way::read ? IORING_OP_READ : IORING_OP_READ_FIXED;
    if (subject_.asked == mode::uncached) e.rw_flags = rwf_dontcache;
    if (subject_.how == way::readv || subject_.how == way::readv_fixed) {
      e.opcode = quire::io::uring::registered_memory::readv_fixed;
      if (subject_.how == way::readv) e.opcode = IORING_OP_READV;
      e.addr = reinterpret_cast<std::uint64_t>(&spans_[slot * pages]);
      e.len = pages;
    } else if (subject_.how == way::populate) {
      e.opcode = IORING_OP_MADVISE;
      e.fd = -1;
      e.off = 0;
      e.addr = reinterpret_cast<std::uint64_t>(mapping_ + offset);
      e.fadvise_advice = madv_populate_read;
    }
  }

  subject const& subject_;
  std::size_t size_;
  std::size_t depth_;
  quire::io::uring::ring ring_;
  int file_ = -1;
  char* memory_ = nullptr;
  char* mapping_ = nullptr;
  std::vector<iovec> spans_;
};

}  // namespace

int main(int argc, char** argv) {
  char const* const path = argc > 1 ? argv[1] : "ring_reads.data";
  std::size_t const mebibytes = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 128;
  int const rounds = argc > 3 ? std::atoi(argv[3]) : 5;
  make_file(path, mebibytes << 20);
  for (std::size_t const depth : {1u, 8u}) {
    std::array<std::vector<double>, subjects.size()> time, processor;
    for (int round = 0; round != rounds; ++round) {
      for (std::size_t i = 0; i != subjects.size(); ++i) {
        prepare(path, subjects[i].cold);
        run r(subjects[i], path, mebibytes << 20, depth);
        double const before = processor_seconds();
        auto const start = std::chrono::steady_clock::now();
        r.all();
        std::chrono::duration<double> const taken = std::chrono::steady_clock::now() - start;
        time[i].push_back(1e6 * taken.count() / static_cast<double>(mebibytes));
        processor[i].push_back(1e6 * (processor_seconds() - before) /
                               static_cast<double>(mebibytes));
      }
    }
    std::printf("\n%zu at a time               us/MiB CPU us/MiB\n", depth);
    for (std::size_t i = 0; i != subjects.size(); ++i) {
      std::printf("%-27s %7.0f %10.0f\n", subjects[i].name, median(time[i]), median(processor[i]));
    }
  }
  ::unlink(path);
}
