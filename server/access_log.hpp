// The access log, in the combined format of NCSA and Apache, written off the hot path.
//
// Each worker has a channel: a ring of bytes for one writer and one reader. To log is to copy the
// raw pieces of a line into it; one thread for all formats and writes them. A full ring drops the
// line and counts it; the count is written to the diagnostics once it grows, so nothing is lost in
// silence and no worker ever waits for a disk.
//
// The same thread writes the error log: why a request was refused, in the words of the parser, at
// most some lines a second, because whoever sends malformed requests decides how many there are.
//
//   192.0.2.7 - - [22/Nov/2026:17:29:01 +0000] "GET / HTTP/1.1" 200 1024 "https://example.com/"
//   "curl/8"
//
// What a client chose is escaped: quotes, backslashes, controls and bytes beyond ASCII as \xHH.
#pragma once

#include <quire/io/endpoint.hpp>
#include <quire/io/semaphore.hpp>
#include <quire/parser/error.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace quire::server {

struct access_record {
  io::endpoint peer;
  std::int64_t seconds = 0;  // When the response was made; since 1970, UTC.
  std::uint64_t bytes = 0;   // Content that was sent.
  unsigned status = 0;
  unsigned minor_version = 1;
  std::string_view method;  // Empty when the request line could not be read.
  std::string_view target;
  std::string_view referer;
  std::string_view user_agent;
  http::error refusal = {};  // Why the parser refused it; no error: it did not.
};

// Appends the line of a record, with its line feed.
void append_combined_line(access_record const& record, std::string& out);
// Appends the line of the error log for a request that was refused.
void append_refusal_line(access_record const& record, std::string& out);

class access_log {
 public:
  class channel {
   public:
    static constexpr std::size_t capacity = std::size_t{1} << 18;
    // Longer pieces are cut, so that one line is at most this many bytes in the ring.
    static constexpr std::size_t piece_max = 4096;

    // Called by one thread only. Never waits.
    void write(access_record const& record) noexcept;
    // False: only requests that were refused are wanted.
    bool wants_all() const noexcept { return log_->file_ != nullptr; }
    // Called by the log's thread only; appends lines of the access log and of the error log. False
    // when the ring is empty.
    bool read(std::string& lines, std::string& refusals);
    std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }

   private:
    friend class access_log;
    void put(std::size_t at, void const* bytes, std::size_t n) noexcept;
    void get(std::size_t at, void* bytes, std::size_t n) const noexcept;

    access_log* log_ = nullptr;
    std::unique_ptr<char[]> ring_ = std::make_unique<char[]>(capacity);
    alignas(64) std::atomic<std::size_t> written_ = 0;
    alignas(64) std::atomic<std::size_t> taken_ = 0;
    std::atomic<std::uint64_t> dropped_ = 0;
  };

  access_log() = default;
  ~access_log() { stop(); }
  access_log(access_log const&) = delete;
  access_log& operator=(access_log const&) = delete;

  // "-" is the standard output; everything else a file that is appended to. False when it cannot be
  // opened; errno says why.
  [[nodiscard]] bool open(std::string const& path);
  // The same for the error log, with "-" for the standard error.
  [[nodiscard]] bool open_error_log(std::string const& path);
  // Before start().
  channel& add_channel();
  void start();
  // Writes what is left and ends the thread.
  void stop() noexcept;

 private:
  void run();
  void wake() noexcept;
  bool write_out();
  void write_refusals();
  static bool write(std::string const& lines, std::FILE* file) noexcept;

  // Lines of the error log in one second.
  static constexpr std::size_t refusals_max = 10;

  struct file_closer {
    void operator()(std::FILE* file) const noexcept {
      if (file != stdout && file != stderr) std::fclose(file);
    }
  };
  using file_handle = std::unique_ptr<std::FILE, file_closer>;

  file_handle file_;
  file_handle error_file_;
  std::string path_;
  std::string lines_;
  std::string refusals_;
  std::chrono::steady_clock::time_point second_{};  // That refusals_written_ counts.
  std::size_t refusals_written_ = 0;
  std::size_t refusals_left_out_ = 0;
  std::vector<std::unique_ptr<channel>> channels_;
  std::thread thread_;
  io::semaphore signal_;
  std::atomic<bool> asleep_ = false;
  std::atomic<bool> stopping_ = false;
  std::uint64_t dropped_told_ = 0;
  bool failure_told_ = false;
};

}  // namespace quire::server
