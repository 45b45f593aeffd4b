// Ways to send a file to a socket: through pages, from a mapping, from a memory file, and by
// sendfile(). The figures behind the choice of the server.
//
//   quire_bench_file_sends [FILE [MIB [ROUNDS]]]
//
// The file is made, of MIB MiB, and removed. Hot: four connections over the loopback get its first
// bytes again and again, so many as a row says. Cold: the system has dropped the file from its
// cache, and one connection gets all of it. Another process reads what arrives. Each round takes
// every subject in turn; what is written is the median of the rounds, per MiB: the time and the
// processor time of the sending process, with its threads, both as ratios to sendfile() too.
#include "bench/io/linux/large_file.hpp"

#include <quire/buffer/page_pool.hpp>
#include <quire/io/epoll/proactor.hpp>
#include <quire/io/uring/proactor.hpp>
#include <quire/io/uring/support.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>

namespace {

using namespace quire;
using namespace quire::bench;
using io::file_mode;

constexpr std::size_t chunk_pages = 32;
constexpr std::size_t chunk_size = chunk_pages * page_pool::page_size;
// So much of a mapping is faulted in and sent at a time.
constexpr std::uint64_t window = 256 << 10;

struct work {
  std::filesystem::path file;
  std::uint64_t size;   // Of what is sent at a time: the first so many bytes.
  std::uint64_t times;  // On each connection.
  std::size_t connections;

  std::uint64_t total() const { return size * times * connections; }
};

// Reads what arrives, in a process of its own, so that its time is not counted.
class receiver {
 public:
  receiver(std::uint16_t port, work const& w) : process_(::fork()) {
    if (process_ < 0) give_up("no process");
    if (process_ == 0) ::_exit(receive_all(port, w) == w.total() ? 0 : 1);
  }
  // Everything has arrived.
  void wait() const {
    int status = 0;
    if (::waitpid(process_, &status, 0) < 0 || status != 0) give_up("bytes are missing");
  }

 private:
  static std::uint64_t receive_all(std::uint16_t port, work const& w) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int const queue = ::epoll_create1(0);
    for (std::size_t i = 0; i != w.connections; ++i) {
      int const socket = ::socket(AF_INET, SOCK_STREAM, 0);
      if (::connect(socket, reinterpret_cast<sockaddr*>(&where), sizeof where) != 0) ::_exit(2);
      epoll_event event{EPOLLIN, {.fd = socket}};
      ::epoll_ctl(queue, EPOLL_CTL_ADD, socket, &event);
    }
    static std::array<char, 65536> bytes;
    std::uint64_t all = 0;
    for (std::size_t open = w.connections; open != 0;) {
      std::array<epoll_event, 16> events;
      int const n = ::epoll_wait(queue, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < n; ++i) {
        int const socket = events[static_cast<std::size_t>(i)].data.fd;
        ssize_t const got = ::recv(socket, bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (got > 0) all += static_cast<std::uint64_t>(got);
        if (got == 0 || (got < 0 && errno != EAGAIN)) {
          ::close(socket);
          --open;
        }
      }
    }
    return all;
  }

  pid_t process_;
};

struct costs {
  double time = 0, processor = 0;  // Seconds.
};
class stopwatch {
 public:
  costs read() const {
    std::chrono::duration<double> const time = std::chrono::steady_clock::now() - start_;
    return {time.count(), processor_seconds() - processor_};
  }

 private:
  double processor_ = processor_seconds();
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// What other servers do: one thread, which waits for the disk.
costs send_by_sendfile(work const& w) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof where;
  auto* const address = reinterpret_cast<sockaddr*>(&where);
  int const listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::bind(listener, address, length) != 0 || ::listen(listener, 64) != 0) give_up("no port");
  ::getsockname(listener, address, &length);
  receiver const peer(ntohs(where.sin_port), w);
  struct connection {
    int socket;
    off_t at;
    std::uint64_t times;
  };
  std::vector<connection> all;
  int const queue = ::epoll_create1(0);
  for (std::size_t i = 0; i != w.connections; ++i) {
    all.push_back({::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK), 0, w.times});
  }
  for (connection& c : all) {
    epoll_event event{EPOLLOUT | EPOLLET, {.ptr = &c}};
    ::epoll_ctl(queue, EPOLL_CTL_ADD, c.socket, &event);
  }
  stopwatch const watch;
  int const file = ::open(w.file.c_str(), O_RDONLY);
  for (std::size_t open = all.size(); open != 0;) {
    std::array<epoll_event, 16> events;
    int const n = ::epoll_wait(queue, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < n; ++i) {
      auto& c = *static_cast<connection*>(events[static_cast<std::size_t>(i)].data.ptr);
      while (c.times != 0) {
        auto const left = static_cast<std::size_t>(w.size) - static_cast<std::size_t>(c.at);
        ssize_t const sent =
            ::sendfile(c.socket, file, &c.at, std::min(left, std::size_t{2} << 20));
        if (sent < 0 && errno == EAGAIN) break;
        if (sent <= 0) give_up("sendfile fails");
        if (static_cast<std::uint64_t>(c.at) != w.size) continue;
        c.at = 0;
        if (--c.times == 0) {
          ::close(c.socket);
          --open;
        }
      }
    }
  }
  ::close(file);
  costs const taken = watch.read();
  ::close(queue);
  ::close(listener);
  peer.wait();
  return taken;
}

template <class Proactor>
class sending {
 public:
  explicit sending(work const& w) : work_(w), pool_(16 << 20), proactor_(options(), error_) {
    if (error_ != io::error::none) give_up("the back end cannot be used here");
    proactor_.open(directory_, w.file.parent_path().string(), error_);
    if (error_ != io::error::none) give_up("the folder does not open");
  }
  ~sending() { proactor_.close(directory_); }

  costs through_pages(file_mode mode) {
    return run<paged>([&] { open(mode); }, [&] { proactor_.close(file_); });
  }
  costs from_mapping() {
    return run<mapped>(
        [&] {
          open(file_mode::buffered);
          if (proactor_.map(mapping_, file_) != io::error::none) give_up("it cannot be mapped");
        },
        [&] {
          proactor_.close(mapping_);
          proactor_.close(file_);
        });
  }
  // To fill the memory file counts when the file is cold, and is done before when it is hot.
  costs from_memory_file(bool cold) {
    if (!cold) fill();
    return run<kept>(
        [&] {
          if (cold) fill();
        },
        [&] { proactor_.close(memory_); });
  }

 private:
  // Sends the body again and again.
  struct sender {
    explicit sender(sending& s) : owner(s), times(s.work_.times) {}
    bool ended() const { return times == 0; }
    // True when another body has begun.
    bool count_body() {
      if (--times != 0) return true;
      owner.proactor_.close(stream);
      return false;
    }
    sending& owner;
    typename Proactor::stream stream;
    std::uint64_t times;
    typename Proactor::send_operation send;
  };

  // One chunk is sent while the next one is read.
  struct paged : sender {
    explicit paged(sending& s) : sender(s) {
      this->send.template bind<&paged::on_sent>(this);
      read.template bind<&paged::on_read>(this);
      for (chunk& c : chunks) {
        for (std::size_t i = 0; i != chunk_pages; ++i) {
          page* const p = s.pool_.acquire();
          if (p == nullptr) give_up("no memory");
          pages.push(p);
          c.spans[i] = {p->write_position(), page_pool::page_size};
        }
      }
    }
    ~paged() {
      while (page* const p = pages.pop()) this->owner.pool_.release(p);
    }
    void start() { read_next(); }

    void read_next() {
      std::uint64_t const left = this->owner.work_.size - read_to;
      if (left == 0 || !read.idle() || chunks[filling].size != 0) return;
      asked = std::min<std::uint64_t>(left, chunk_size);
      std::uint64_t const alignment = this->owner.file_.alignment();
      std::uint64_t whole = (asked + alignment - 1) / alignment * alignment;
      std::size_t count = 0;
      auto const& spans = chunks[filling].spans;
      for (; whole != 0; ++count) {
        parts[count] = {spans[count].data, std::min<std::size_t>(whole, page_pool::page_size)};
        whole -= parts[count].size;
      }
      this->owner.proactor_.read(this->owner.file_, read, read_to,
                                 std::span<mutable_span const>(parts).first(count));
    }
    void on_read() noexcept {
      if (read.result() != io::error::none || read.transferred() < asked) give_up("a read fails");
      chunks[filling].size = asked;
      read_to += asked;
      filling ^= 1;
      send_next();
      read_next();
    }
    void send_next() {
      chunk& c = chunks[emptying];
      if (c.size == 0 || !this->send.idle()) return;
      std::size_t count = 0;
      for (std::uint64_t at = sent; at != c.size; ++count) {
        std::size_t const in_page = at % page_pool::page_size;
        auto const n = static_cast<std::size_t>(
            std::min<std::uint64_t>(page_pool::page_size - in_page, c.size - at));
        outgoing[count] = {c.spans[at / page_pool::page_size].data + in_page, n};
        at += n;
      }
      this->owner.proactor_.send(this->stream, this->send,
                                 std::span<const_span const>(outgoing).first(count));
    }
    void on_sent() noexcept {
      if (this->send.result() != io::error::none) give_up("a send fails");
      chunk& c = chunks[emptying];
      sent += this->send.transferred();
      if (sent == c.size) {
        sent = c.size = 0;
        emptying ^= 1;
        if (read_to == this->owner.work_.size && chunks[emptying].size == 0) {
          if (!this->count_body()) return;
          read_to = 0;
        }
        read_next();
      }
      send_next();
    }

    struct chunk {
      std::array<mutable_span, chunk_pages> spans;
      std::uint64_t size = 0;  // Of what was read and is not sent.
    };
    buffer pages;
    std::array<chunk, 2> chunks;
    std::array<mutable_span, chunk_pages> parts;
    std::array<const_span, chunk_pages> outgoing;
    std::size_t filling = 0, emptying = 0;
    std::uint64_t read_to = 0, asked = 0, sent = 0;
    typename Proactor::read_operation read;
  };

  // One window is sent while the next one is faulted in.
  struct mapped : sender {
    explicit mapped(sending& s) : sender(s) {
      this->send.template bind<&mapped::on_sent>(this);
      fault.template bind<&mapped::on_resident>(this);
    }
    void start() { fault_next(); }

    void fault_next() {
      if (!fault.idle() || resident == this->owner.work_.size || resident - sent >= window) return;
      asked = std::min(this->owner.work_.size - resident, window);
      this->owner.proactor_.make_resident(this->owner.mapping_, fault, resident, asked);
    }
    void on_resident() noexcept {
      if (fault.result() != io::error::none) give_up("make_resident fails");
      resident += asked;
      send_next();
      fault_next();
    }
    void send_next() {
      if (resident == sent || !this->send.idle()) return;
      part = {this->owner.mapping_.bytes().data + sent,
              static_cast<std::size_t>(std::min(resident - sent, window))};
      this->owner.proactor_.send(this->stream, this->send, {&part, 1});
    }
    void on_sent() noexcept {
      if (this->send.result() != io::error::none) give_up("a send fails");
      sent += this->send.transferred();
      if (sent == this->owner.work_.size) {
        if (!this->count_body()) return;
        sent = resident = 0;
      }
      fault_next();
      send_next();
    }

    const_span part{nullptr, 0};
    std::uint64_t resident = 0, asked = 0, sent = 0;
    typename Proactor::resident_operation fault;
  };

  struct kept : sender {
    explicit kept(sending& s) : sender(s) { this->send.template bind<&kept::on_sent>(this); }
    void start() {
      this->owner.proactor_.send(this->stream, this->send, {}, this->owner.memory_, sent,
                                 this->owner.work_.size - sent);
    }
    void on_sent() noexcept {
      if (this->send.result() != io::error::none) give_up("a send fails");
      sent += this->send.transferred();
      if (sent == this->owner.work_.size) {
        if (!this->count_body()) return;
        sent = 0;
      }
      start();
    }
    std::uint64_t sent = 0;
  };

  template <class Sender, class Begin, class End>
  costs run(Begin begin, End end) {
    typename Proactor::listener listener;
    if (proactor_.listen(listener, {.address = {127, 0, 0, 1}}, {}) != io::error::none) {
      give_up("no port");
    }
    receiver const peer(proactor_.local_endpoint(listener).port, work_);
    std::vector<std::unique_ptr<Sender>> all;
    for (std::size_t i = 0; i != work_.connections; ++i) {
      all.push_back(std::make_unique<Sender>(*this));
      typename Proactor::accept_operation op;
      op.template bind<&sending::nothing>(this);
      proactor_.accept(listener, op);
      turn_until([&] { return op.idle(); });
      if (op.result() != io::error::none) give_up("no connection");
      if (proactor_.adopt(all.back()->stream, op) != io::error::none) give_up("no connection");
    }
    stopwatch const watch;
    begin();
    for (auto& s : all) s->start();
    turn_until([&] {
      return std::all_of(all.begin(), all.end(), [](auto const& s) { return s->ended(); });
    });
    end();
    costs const taken = watch.read();
    proactor_.close(listener);
    peer.wait();
    return taken;
  }

  void open(file_mode mode) {
    typename Proactor::open_operation op;
    op.template bind<&sending::nothing>(this);
    std::string const name = work_.file.filename().string();
    proactor_.open(directory_, op, name, mode);
    turn_until([&] { return op.idle(); });
    if (op.result() != io::error::none) give_up("the file does not open");
    proactor_.adopt(file_, op);
  }
  void fill() {
    open(file_mode::buffered);
    if (proactor_.make(memory_, work_.size) != io::error::none) give_up("no memory");
    typename Proactor::fill_operation op;
    op.template bind<&sending::nothing>(this);
    constexpr std::uint64_t piece = 1 << 20;
    for (std::uint64_t at = 0; at < work_.size; at += piece) {
      proactor_.fill(memory_, op, file_, at, std::min(piece, work_.size - at));
      turn_until([&] { return op.idle(); });
      if (op.result() != io::error::none) give_up("a fill fails");
    }
    proactor_.seal(memory_, op);
    turn_until([&] { return op.idle(); });
    proactor_.close(file_);
  }
  template <class Condition>
  void turn_until(Condition done) {
    while (!done()) proactor_.run_once(io::wait::yes);
  }
  void nothing() noexcept {}
  io::options options() {
    io::options o;
    o.pool = &pool_;
    return o;
  }

  work const& work_;
  page_pool pool_;
  io::error error_ = io::error::none;
  Proactor proactor_;
  typename Proactor::directory directory_;
  typename Proactor::file file_;
  typename Proactor::mapping mapping_;
  typename Proactor::memory_file memory_;
};

struct subject {
  std::string name;
  std::function<costs(work const&, bool cold)> run;
};

template <class Proactor>
void add_subjects(std::vector<subject>& all) {
  std::string const back_end(Proactor::name);
  for (file_mode const mode : {file_mode::buffered, file_mode::uncached, file_mode::direct}) {
    all.push_back(
        {back_end + " pages, " + std::string(io::name(mode)),
         [mode](work const& w, bool) { return sending<Proactor>(w).through_pages(mode); }});
  }
  all.push_back({back_end + " mapping",
                 [](work const& w, bool) { return sending<Proactor>(w).from_mapping(); }});
  all.push_back({back_end + " memory file", [](work const& w, bool cold) {
                   return sending<Proactor>(w).from_memory_file(cold);
                 }});
}

void measure(std::vector<subject> const& subjects, work const& w, bool cold, int rounds) {
  std::map<std::string, std::vector<double>> time, processor;
  double const mebibytes = static_cast<double>(w.total()) / (1 << 20);
  for (int round = 0; round != rounds; ++round) {
    for (subject const& s : subjects) {
      prepare(w.file.string(), cold);
      costs const c = s.run(w, cold);
      time[s.name].push_back(1e6 * c.time / mebibytes);
      processor[s.name].push_back(1e6 * c.processor / mebibytes);
    }
  }
  std::printf("\n%s, %ju KiB, %zu at a time\n%-24s %10s %7s %10s %7s\n", cold ? "cold" : "hot",
              static_cast<std::uintmax_t>(w.size >> 10), w.connections, "", "us/MiB", "ratio",
              "CPU us/MiB", "ratio");
  std::string const& base = subjects.front().name;
  for (subject const& s : subjects) {
    double const t = median(time[s.name]), p = median(processor[s.name]);
    std::printf("%-24s %10.0f %7.2f %10.0f %7.2f\n", s.name.c_str(), t, t / median(time[base]), p,
                p / median(processor[base]));
  }
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  std::filesystem::path const path =
      std::filesystem::absolute(argc > 1 ? argv[1] : "file_sends.data");
  std::uint64_t const size = std::uint64_t{argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 128}
                             << 20;
  int const rounds = argc > 3 ? std::atoi(argv[3]) : 5;
  std::vector<subject> subjects = {
      {"sendfile", [](work const& w, bool) { return send_by_sendfile(w); }}};
  add_subjects<io::epoll::proactor>(subjects);
  if (io::uring::check_support().usable) add_subjects<io::uring::proactor>(subjects);
  make_file(path.string(), size);
  std::printf("%s: %ju MiB, %d rounds\n", path.c_str(), static_cast<std::uintmax_t>(size >> 20),
              rounds);
  std::fflush(stdout);
  for (std::uint64_t n = 32 << 10; n < size; n *= n == 32 << 10 ? 2 : 4) {
    measure(subjects, {path, n, std::max<std::uint64_t>(size / n, 1), 4}, false, rounds);
  }
  measure(subjects, {path, size, 1, 4}, false, rounds);
  measure(subjects, {path, size, 1, 1}, true, rounds);
  std::filesystem::remove(path);
}
