#include <quire/server/access_log.hpp>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>

namespace quire::server {
namespace {

// What stands in the ring before the pieces of a record.
struct record_header {
  io::endpoint peer;
  std::int64_t seconds;
  std::uint64_t bytes;
  std::uint16_t status;
  std::uint16_t minor_version;
  http::error refusal;
  std::array<std::uint16_t, 4> sizes;
};

std::string_view cut(std::string_view piece) noexcept {
  return piece.substr(0, access_log::channel::piece_max);
}

void append_escaped(std::string_view text, std::string& out) {
  constexpr char digits[] = "0123456789abcdef";
  for (char const c : text) {
    auto const octet = static_cast<unsigned char>(c);
    if (octet < 0x20 || octet >= 0x7f || c == '"' || c == '\\') {
      out += "\\x";
      out += digits[octet >> 4];
      out += digits[octet & 15];
    } else {
      out += c;
    }
  }
}

void append_quoted(std::string_view text, std::string& out) {
  out += '"';
  if (text.empty()) out += '-';
  append_escaped(text, out);
  out += '"';
}

}  // namespace

void append_combined_line(access_record const& record, std::string& out) {
  std::array<char, io::endpoint_text_max> memory;
  out += io::format_address(record.peer, memory);
  fmt::format_to(std::back_inserter(out), " - - [{:%d/%b/%Y:%H:%M:%S} +0000] ",
                 fmt::gmtime(static_cast<std::time_t>(record.seconds)));
  if (record.method.empty()) {
    out += "\"-\"";
  } else {
    out += '"';
    append_escaped(record.method, out);
    out += ' ';
    append_escaped(record.target, out);
    fmt::format_to(std::back_inserter(out), " HTTP/1.{}\"", record.minor_version);
  }
  fmt::format_to(std::back_inserter(out), " {} {} ", record.status, record.bytes);
  append_quoted(record.referer, out);
  out += ' ';
  append_quoted(record.user_agent, out);
  out += '\n';
}

void append_refusal_line(access_record const& record, std::string& out) {
  std::array<char, io::endpoint_text_max> memory;
  http::error const& why = record.refusal;
  fmt::format_to(std::back_inserter(out), "quire: {}: refused with {}: {} ({}), octet {}, in {}\n",
                 io::format_address(record.peer, memory), record.status, why.message(),
                 why.section(), why.offset, http::to_string(why.element));
}

void access_log::channel::put(std::size_t at, void const* bytes, std::size_t n) noexcept {
  if (n == 0) return;  // An empty text may have no address, which memcpy() does not allow.
  std::size_t const start = at % capacity;
  std::size_t const first = std::min(n, capacity - start);
  std::memcpy(ring_.get() + start, bytes, first);
  std::memcpy(ring_.get(), static_cast<char const*>(bytes) + first, n - first);
}

void access_log::channel::get(std::size_t at, void* bytes, std::size_t n) const noexcept {
  std::size_t const start = at % capacity;
  std::size_t const first = std::min(n, capacity - start);
  std::memcpy(bytes, ring_.get() + start, first);
  std::memcpy(static_cast<char*>(bytes) + first, ring_.get(), n - first);
}

void access_log::channel::write(access_record const& record) noexcept {
  std::array<std::string_view, 4> const pieces = {cut(record.method), cut(record.target),
                                                  cut(record.referer), cut(record.user_agent)};
  record_header header{record.peer,
                       record.seconds,
                       record.bytes,
                       static_cast<std::uint16_t>(record.status),
                       static_cast<std::uint16_t>(record.minor_version),
                       record.refusal,
                       {}};
  std::size_t need = sizeof header;
  for (std::size_t i = 0; i != pieces.size(); ++i) {
    header.sizes[i] = static_cast<std::uint16_t>(pieces[i].size());
    need += pieces[i].size();
  }
  std::size_t at = written_.load(std::memory_order_relaxed);
  if (capacity - (at - taken_.load(std::memory_order_acquire)) < need) {
    dropped_.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  put(at, &header, sizeof header);
  at += sizeof header;
  for (std::string_view const piece : pieces) {
    put(at, piece.data(), piece.size());
    at += piece.size();
  }
  written_.store(at, std::memory_order_seq_cst);
  if (log_->asleep_.load(std::memory_order_seq_cst)) log_->wake();
}

bool access_log::channel::read(std::string& lines, std::string& refusals) {
  std::size_t at = taken_.load(std::memory_order_relaxed);
  std::size_t const end = written_.load(std::memory_order_seq_cst);
  if (at == end) return false;
  std::string text;
  while (at != end) {
    record_header header;
    get(at, &header, sizeof header);
    at += sizeof header;
    std::size_t size = 0;
    for (std::uint16_t const n : header.sizes) size += n;
    text.resize(size);
    get(at, text.data(), size);
    at += size;
    std::array<std::string_view, 4> pieces;
    std::size_t from = 0;
    for (std::size_t i = 0; i != pieces.size(); ++i) {
      pieces[i] = std::string_view(text).substr(from, header.sizes[i]);
      from += header.sizes[i];
    }
    access_record const record{
        header.peer, header.seconds, header.bytes, header.status, header.minor_version,
        pieces[0],   pieces[1],      pieces[2],    pieces[3],     header.refusal};
    if (wants_all()) append_combined_line(record, lines);
    if (record.refusal.code != http::error_code::none) append_refusal_line(record, refusals);
  }
  taken_.store(at, std::memory_order_release);
  return true;
}

bool access_log::open_error_log(std::string const& path) {
  error_file_.reset(path == "-" ? stderr : std::fopen(path.c_str(), "ab"));
  return error_file_ != nullptr;
}

bool access_log::open(std::string const& path) {
  path_ = path;
  file_.reset(path == "-" ? stdout : std::fopen(path.c_str(), "ab"));
  return file_ != nullptr;
}

access_log::channel& access_log::add_channel() {
  channels_.push_back(std::make_unique<channel>());
  channels_.back()->log_ = this;
  return *channels_.back();
}

void access_log::start() {
  thread_ = std::thread([this] { run(); });
}

void access_log::stop() noexcept {
  if (!thread_.joinable()) return;
  stopping_.store(true);
  wake();
  thread_.join();
}

void access_log::wake() noexcept {
  signal_.release();
}

// Collects for a while after a line has come, so that busy workers never find the thread asleep.
void access_log::run() {
  constexpr std::chrono::milliseconds collect_time{50};
  for (;;) {
    bool const stopping = stopping_.load();
    if (write_out()) {
      if (!stopping) std::this_thread::sleep_for(collect_time);
      continue;
    }
    if (stopping) return;
    asleep_.store(true, std::memory_order_seq_cst);
    if (!write_out() && !stopping_.load()) signal_.acquire();
    asleep_.store(false, std::memory_order_seq_cst);
  }
}

bool access_log::write(std::string const& lines, std::FILE* file) noexcept {
  bool const written =
      std::fwrite(lines.data(), 1, lines.size(), file) == lines.size() && std::fflush(file) == 0;
  std::clearerr(file);
  return written;
}

bool access_log::write_out() {
  lines_.clear();
  refusals_.clear();
  bool any = false;
  std::uint64_t dropped = 0;
  for (auto const& c : channels_) {
    any = c->read(lines_, refusals_) || any;
    dropped += c->dropped();
  }
  if (dropped != dropped_told_) {
    fmt::print(stderr,
               "quire: access log: {} lines lost, it is written more slowly than requests come\n",
               dropped - dropped_told_);
    dropped_told_ = dropped;
  }
  if (!any) return false;
  write_refusals();
  if (lines_.empty()) return true;
  bool const written = write(lines_, file_.get());
  if (!written && !failure_told_) {
    fmt::print(stderr,
               "quire: access log: cannot write to {}: {}; requests are served without a log\n",
               path_, std::strerror(errno));
  }
  failure_told_ = !written;
  return true;
}

// Whole lines of refusals_, as many as this second allows. That a line cannot be written is not
// told: there is nowhere to tell it.
void access_log::write_refusals() {
  if (error_file_ == nullptr) return;
  auto const now = std::chrono::steady_clock::now();
  if (now - second_ >= std::chrono::seconds(1)) {
    if (refusals_left_out_ != 0) {
      static_cast<void>(write(fmt::format("quire: {} more requests refused\n", refusals_left_out_),
                              error_file_.get()));
    }
    second_ = now;
    refusals_written_ = refusals_left_out_ = 0;
  }
  for (std::size_t at = 0; at != refusals_.size();) {
    std::size_t const end = refusals_.find('\n', at) + 1;
    if (refusals_written_ == refusals_max) {
      ++refusals_left_out_;
    } else {
      ++refusals_written_;
      static_cast<void>(write(refusals_.substr(at, end - at), error_file_.get()));
    }
    at = end;
  }
}

}  // namespace quire::server
