// One encoder for each content coding, with one way to be driven.
#pragma once

#include <quire/buffer/memory_span.hpp>
#include <quire/server/encoding/content_encoder.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace quire::server {

enum class encoder_step : std::uint8_t { goes_on, ended, failed };

// What of the input of one encode() is left, run by run, and where its output goes.
struct encoding_job {
  buffer const& in;
  buffer& out;
  std::size_t size_max;
  std::atomic<bool> const& stop;
  encoder_memory const& memory;
};

// Named NAME in the table that CMake makes.
struct encoder {
  content_coding coding;
  encoding_outcome (*encode)(encoding_job const& job) noexcept;
};

// Drives an encoder: a class with
//
//   Encoder(std::size_t size, encoder_memory const&)   the input has so many bytes
//   bool open()                                        false: no memory
//   encoder_step step(const_span& in, bool is_last, mutable_span& out)
//
// A step takes bytes from the front of `in` and puts bytes at the front of `out`, at least one of
// either; nothing follows `in` when it is the last. It has `ended` when all is in `out`.
template <class Encoder>
encoding_outcome encode_by(encoding_job const& job) noexcept {
  Encoder codec(job.in.size(), job.memory);
  if (!codec.open()) return encoding_outcome::no_memory;
  std::size_t left = job.size_max;
  auto run = job.in.pages_begin();
  const_span input{nullptr, 0};
  for (;;) {
    if (job.stop.load(std::memory_order_relaxed)) return encoding_outcome::stopped;
    if (input.size == 0 && run != job.in.pages_end()) input = *run++;
    std::array<mutable_span, 1> room{};
    if (left == 0 || job.out.scatter(room) == 0) return encoding_outcome::too_long;
    room[0].size = std::min(room[0].size, left);
    std::size_t const before = room[0].size;
    encoder_step const step = codec.step(input, run == job.in.pages_end(), room[0]);
    std::size_t const written = before - room[0].size;
    job.out.commit_write(written);
    left -= written;
    if (step == encoder_step::ended) return encoding_outcome::encoded;
    if (step == encoder_step::failed) return encoding_outcome::no_memory;
  }
}

}  // namespace quire::server
