// Puts files that are asked for again into memory files, from which they are then sent without being
// copied.
//
// A large file is copied by threads of the back end, when it is asked for a second time; while that
// goes on, everybody gets it as before. The generation was at rest when it was made
// (file_reader.hpp); that its file is still the same after the last byte was read proves the copy,
// as it proves what is kept in pages. A middling file moves there from its pages, on the loop, when
// it was asked for so often that the move pays: a twin of its generation takes its place. What is
// asked for once costs nothing and pushes nothing out: so a crawler, or a single download. Where
// anything fails, all stays as it was. One file at a time.
#pragma once

#include <quire/server/file_cache.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

namespace quire::server {

template <io::proactor Proactor>
class memory_filler {
 public:
  using generation = representation<Proactor>;

  memory_filler(Proactor& p, file_cache<Proactor>& c) noexcept : proactor_(p), cache_(c) {}
  memory_filler(memory_filler const&) = delete;
  memory_filler& operator=(memory_filler const&) = delete;

  // A response is about to be read from the generation's file, or sent from pages although it
  // wants_memory_file().
  void used(generation& g) noexcept {
    std::uint8_t const enough = g.in_memory ? uses_of_pages_min : uses_of_file_min;
    if (g.uses < enough) ++g.uses;
    if (g.uses < enough || g.copy == file_copy::failed || !idle() || stopping_) return;
    g.in_memory ? begin_move(g) : begin_copy(g);
  }

  bool idle() const noexcept { return of_ == nullptr; }
  // Ends what is under way, soon, and begins nothing any more.
  void stop() noexcept {
    stopping_ = true;
    if (!fill_.idle()) proactor_.cancel(fill_);
  }

 private:
  // So many responses show that a file is asked for again.
  static constexpr std::uint8_t uses_of_file_min = 2;
  // A move costs as much as it saves at so many.
  static constexpr std::uint8_t uses_of_pages_min = 8;
  // What is copied at a time: an end waits for no more.
  static constexpr std::uint64_t piece_max = std::uint64_t{1} << 20;

  void begin_copy(generation& g) noexcept {
    if (!cache_.begin_copy(g)) return;
    cache_.retain(g);
    of_ = &g;
    done_ = 0;
    fill_.template bind<&memory_filler::on_filled>(this);
    fill_next();
  }
  void fill_next() noexcept {
    // Nobody would find it any more.
    if (stopping_ || of_->known_as == nullptr) return end(false);
    asked_ = std::min(of_->size() - done_, piece_max);
    if (asked_ != 0) return proactor_.fill(of_->memory, fill_, of_->file, done_, asked_);
    io::file_status now;
    if (proactor_.status(of_->file, now) != io::error::none || now != of_->status) {
      return end(false);
    }
    fill_.template bind<&memory_filler::on_sealed>(this);
    proactor_.seal(of_->memory, fill_);
  }
  void on_filled() noexcept {
    bool const failed = fill_.result() != io::error::none || fill_.transferred() != asked_;
    if (failed) return end(false);
    done_ += asked_;
    fill_next();
  }
  void on_sealed() noexcept { end(fill_.result() == io::error::none); }

  void end(bool copied) noexcept {
    generation& g = *std::exchange(of_, nullptr);
    if (copied) {
      g.copy = file_copy::made;
    } else {
      cache_.drop_copy(g);
    }
    cache_.release(g);
  }

  void begin_move(generation& g) noexcept {
    if (cache_.is_busy(g)) return;  // The next use may find it otherwise.
    twin_ = cache_.make_twin(g);
    if (twin_ == nullptr) {
      g.copy = file_copy::failed;
      return;
    }
    mutable_span const space = twin_->memory.space();
    std::size_t done = 0;
    for (auto at = g.content.pages_begin(); at != g.content.pages_end(); ++at) {
      const_span const run = *at;
      std::memcpy(space.data + done, run.data, run.size);
      done += run.size;
    }
    twin_->set_run(space, done);
    cache_.retain(g);
    of_ = &g;
    fill_.template bind<&memory_filler::on_moved>(this);
    proactor_.seal(twin_->memory, fill_);
  }
  void on_moved() noexcept {
    generation& g = *std::exchange(of_, nullptr);
    generation& twin = *std::exchange(twin_, nullptr);
    bool const sealed = fill_.result() == io::error::none;
    if (!sealed || (!cache_.is_busy(g) && !cache_.replace(g, twin))) g.copy = file_copy::failed;
    cache_.release(twin);
    cache_.release(g);
  }

  Proactor& proactor_;
  file_cache<Proactor>& cache_;
  generation* of_ = nullptr;    // What is copied or moved.
  generation* twin_ = nullptr;  // Where to.
  std::uint64_t done_ = 0;
  std::uint64_t asked_ = 0;
  bool stopping_ = false;
  typename Proactor::fill_operation fill_;
};

}  // namespace quire::server
