// Copies large files that are asked for again into memory files, from which they are then sent.
//
// What is asked for once is not copied: so a crawler, or a single download, costs nothing and
// pushes nothing out. While a file is copied, by threads of the back end, everybody gets it as
// before. The generation was at rest when it was made (file_reader.hpp); that its file is still the
// same after the last byte was read proves the copy, as it proves what is kept in pages. Where
// anything fails, the generation is read while it is sent, as before. One file at a time. Nothing
// is allocated.
#pragma once

#include <quire/server/file_cache.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace quire::server {

template <io::proactor Proactor>
class memory_filler {
 public:
  using generation = representation<Proactor>;

  memory_filler(Proactor& p, file_cache<Proactor>& c) noexcept : proactor_(p), cache_(c) {}
  memory_filler(memory_filler const&) = delete;
  memory_filler& operator=(memory_filler const&) = delete;

  // A response is about to be read from the generation's file.
  void used(generation& g) noexcept {
    g.uses = std::min<std::uint8_t>(g.uses + 1, uses_min);
    if (g.uses < uses_min || g.copy == file_copy::failed || !idle() || stopping_) return;
    if (!cache_.begin_copy(g)) return;
    cache_.retain(g);
    of_ = &g;
    done_ = 0;
    fill_.template bind<&memory_filler::on_filled>(this);
    fill_next();
  }

  bool idle() const noexcept { return of_ == nullptr; }
  // Ends what is under way, soon, and begins nothing any more.
  void stop() noexcept {
    stopping_ = true;
    if (!fill_.idle()) proactor_.cancel(fill_);
  }

 private:
  // So many responses show that a file is asked for again.
  static constexpr std::uint8_t uses_min = 2;
  // What a thread copies at a time; others have their turn in between.
  static constexpr std::uint64_t piece_max = std::uint64_t{1} << 20;

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

  Proactor& proactor_;
  file_cache<Proactor>& cache_;
  generation* of_ = nullptr;  // What is copied.
  std::uint64_t done_ = 0;
  std::uint64_t asked_ = 0;
  bool stopping_ = false;
  typename Proactor::fill_operation fill_;
};

}  // namespace quire::server
