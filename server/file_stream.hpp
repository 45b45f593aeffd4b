// Sends a large file through pages of the pool: while one chunk is being sent, the next is read.
//
// After each read the open file is compared with what it was when the response began. When it has
// changed, the stream fails and the connection ends: a client sees a response that is cut off,
// never one that mixes two generations. A file that was removed, or in whose place another one was
// put, is sent to its end (file_version.hpp).
//
// In direct mode reads begin and end where the file asks for it (clause 20 of io/contract.hpp): the
// first one reads some bytes before the range, the last one some behind it, and none of them is
// sent.
#pragma once

#include <quire/server/file_version.hpp>
#include <quire/server/output.hpp>
#include <quire/server/services.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>

namespace quire::server {

template <io::proactor Proactor>
class file_stream {
 public:
  using entry = representation<Proactor>;

  static constexpr std::size_t chunk_pages = 32;

  explicit file_stream(services<Proactor>& s) noexcept : services_(s) {}
  file_stream(file_stream const&) = delete;
  file_stream& operator=(file_stream const&) = delete;
  ~file_stream() { stop(); }

  // Starts to read bytes [offset, offset + length) of the entry's file; (owner->*Member)() is
  // called after each chunk, and when the stream has failed. Requires: idle; length != 0.
  template <auto Member, class Owner>
  void start(Owner* owner, entry& e, std::uint64_t offset, std::uint64_t length) noexcept {
    owner_ = owner;
    progress_ = [](void* self) noexcept { (static_cast<Owner*>(self)->*Member)(); };
    entry_ = &e;
    services_.cache.retain(e);
    skip_ = static_cast<std::size_t>(offset % e.file.alignment());
    offset_ = offset - skip_;
    left_ = length;
    taken_ = 0;
    failed_ = false;
    read_.template bind<&file_stream::on_read>(this);
    read_next();
  }

  bool active() const noexcept { return entry_ != nullptr; }
  bool failed() const noexcept { return failed_; }
  bool idle() const noexcept { return read_.idle(); }
  // Bytes that were put into the output so far.
  std::uint64_t taken() const noexcept { return taken_; }
  // A chunk was read and waits to be sent.
  bool ready() const noexcept { return !failed_ && !next_.empty() && read_.idle(); }
  // All was read, and all that was read was sent.
  bool finished() const noexcept { return left_ == 0 && next_.empty() && sending_.empty(); }

  // Puts the chunk that is ready into the output and starts to read the next one. Requires:
  // ready(); the chunk before it was given back.
  void send_into(output& out) noexcept {
    std::array<const_span, chunk_pages> runs;
    std::size_t const count = next_.gather(runs);
    for (std::size_t i = 0; i != count; ++i) out.add(runs[i]);
    taken_ += next_.size();
    while (page* const p = next_.pop()) sending_.push(p);
    if (left_ != 0) read_next();
  }

  // The output was sent: the pages of its chunk go back.
  void sent() noexcept { release(sending_); }

  // Ends early or late; a read that is in flight must have completed.
  void stop() noexcept {
    release(next_);
    release(sending_);
    if (entry_ != nullptr) services_.cache.release(*std::exchange(entry_, nullptr));
    left_ = 0;
  }
  void cancel() noexcept {
    if (!read_.idle()) services_.proactor.cancel(read_);
  }

 private:
  void read_next() noexcept {
    // When many slow clients hold much of the pool, each gets less of it.
    bool const plenty =
        services_.pool.in_use() * page_pool::page_size < services_.pool.bytes_max() / 2;
    std::size_t const wanted = plenty ? chunk_pages : 4;
    std::size_t const alignment = entry_->file.alignment();
    std::uint64_t left = (skip_ + left_ + alignment - 1) / alignment * alignment;
    std::size_t count = 0;
    std::size_t size = 0;
    services_.pool.keep_together(wanted);
    while (count != wanted && left != 0) {
      page* const p = services_.acquire_page();
      if (p == nullptr) break;
      next_.push(p);
      spans_[count].data = p->write_position();
      spans_[count].size = static_cast<std::size_t>(std::min<std::uint64_t>(p->writable(), left));
      left -= spans_[count].size;
      size += spans_[count].size;
      ++count;
    }
    // With no page at all nothing can be asked for, and on_read(), where every failure is seen,
    // fails.
    asked_ =
        count == 0 ? 0 : static_cast<std::size_t>(std::min<std::uint64_t>(size - skip_, left_));
    services_.proactor.read(entry_->file, read_, offset_,
                            std::span<mutable_span const>(spans_).first(count));
  }

  void on_read() noexcept {
    // A read is short only where the file ends by now.
    failed_ = read_.result() != io::error::none || asked_ == 0 ||
              read_.transferred() < skip_ + asked_ || !is_unchanged();
    if (!failed_) {
      next_.commit_write(skip_ + asked_);
      while (page* const p = next_.pop_unwritten()) services_.pool.release(p);
      next_.commit_read(skip_);
      offset_ += skip_ + asked_;
      left_ -= asked_;
      skip_ = 0;
    }
    progress_(owner_);
  }

  // A name may be lost at one look; what comes after that is compared with what was seen then.
  bool is_unchanged() noexcept {
    io::file_status now;
    if (services_.proactor.status(entry_->file, now) != io::error::none) return false;
    if (!is_same_version(entry_->last_seen, now)) return false;
    entry_->last_seen = now;
    return true;
  }

  void release(buffer& pages) noexcept {
    while (page* const p = pages.pop()) services_.pool.release(p);
  }

  services<Proactor>& services_;
  void* owner_ = nullptr;
  void (*progress_)(void*) noexcept = nullptr;
  entry* entry_ = nullptr;
  std::uint64_t offset_ = 0;  // Of the next read.
  std::size_t skip_ = 0;      // Its first bytes, which lie before the range.
  std::size_t asked_ = 0;     // The bytes behind them that are to be sent.
  std::uint64_t left_ = 0;    // Not read yet.
  std::uint64_t taken_ = 0;
  bool failed_ = false;
  buffer next_;     // Read, or being read.
  buffer sending_;  // In the output.
  typename Proactor::read_operation read_;
  std::array<mutable_span, chunk_pages> spans_;
};

}  // namespace quire::server
