// By the reference implementation of Brotli.
//
// As many systems build it, it ends the process when it gets no memory. So a failed allocation
// leaves it by longjmp(), over frames of C that hold nothing but memory, and that is kept in a list
// and given back from there.
#include <quire/server/encoding/encoder.hpp>

#include <brotli/encode.h>

#include <algorithm>
#include <csetjmp>
#include <limits>
#include <new>

namespace quire::server {
namespace {

// Memory in blocks that are known, so that it can be given back without those who hold it. It
// leaves by `no_memory` when there is none.
class block_list {
 public:
  explicit block_list(encoder_memory const& memory) noexcept : memory_(memory) {
    first_.next = first_.previous = &first_;
  }
  block_list(block_list const&) = delete;
  block_list& operator=(block_list const&) = delete;
  ~block_list() {
    while (first_.next != &first_) give_back(first_.next);
  }

  void* take(std::size_t size) noexcept {
    void* const room = memory_.allocate(memory_.owner, sizeof(block) + size);
    if (room == nullptr) std::longjmp(no_memory, 1);
    block* const b = new (room) block{first_.next, &first_};
    b->next->previous = b;
    first_.next = b;
    return b + 1;
  }
  void give_back(void* memory) noexcept {
    if (memory != nullptr) give_back(static_cast<block*>(memory) - 1);
  }

  std::jmp_buf no_memory;

 private:
  struct alignas(std::max_align_t) block {
    block* next;
    block* previous;
  };

  void give_back(block* b) noexcept {
    b->next->previous = b->previous;
    b->previous->next = b->next;
    memory_.release(memory_.owner, b);
  }

  encoder_memory memory_;
  block first_{};
};

class br_stream {
 public:
  // The state needs no end of its own: all that it holds is memory.
  br_stream(std::size_t size, encoder_memory const& memory) noexcept
      : size_(size), memory_(memory) {}

  bool open() noexcept {
    if (setjmp(memory_.no_memory) != 0) return false;
    state_ = ::BrotliEncoderCreateInstance(
        [](void* self, std::size_t size) { return static_cast<block_list*>(self)->take(size); },
        [](void* self, void* memory) { static_cast<block_list*>(self)->give_back(memory); },
        &memory_);
    auto const hint = static_cast<std::uint32_t>(
        std::min<std::size_t>(size_, std::numeric_limits<std::uint32_t>::max()));
    return state_ != nullptr && set(BROTLI_PARAM_QUALITY, BROTLI_MAX_QUALITY) &&
           set(BROTLI_PARAM_LGWIN, window_bits) && set(BROTLI_PARAM_LGBLOCK, block_bits) &&
           set(BROTLI_PARAM_SIZE_HINT, hint);
  }

  encoder_step step(const_span& in, bool is_last, mutable_span& out) noexcept {
    if (setjmp(memory_.no_memory) != 0) return encoder_step::failed;
    auto const* next_in = reinterpret_cast<std::uint8_t const*>(in.data);
    auto* next_out = reinterpret_cast<std::uint8_t*>(out.data);
    bool const fine = ::BrotliEncoderCompressStream(
                          state_, is_last ? BROTLI_OPERATION_FINISH : BROTLI_OPERATION_PROCESS,
                          &in.size, &next_in, &out.size, &next_out, nullptr) == BROTLI_TRUE;
    in.data = reinterpret_cast<char const*>(next_in);
    out.data = reinterpret_cast<char*>(next_out);
    if (!fine) return encoder_step::failed;
    return ::BrotliEncoderIsFinished(state_) == BROTLI_TRUE ? encoder_step::ended
                                                            : encoder_step::goes_on;
  }

 private:
  // A window of 1 MiB covers what is kept in memory. Small blocks are places where it can be
  // stopped, and take half of the memory that large ones do, for a thousandth more of output.
  static constexpr std::uint32_t window_bits = 20;
  static constexpr std::uint32_t block_bits = BROTLI_MIN_INPUT_BLOCK_BITS;

  bool set(BrotliEncoderParameter parameter, std::uint32_t value) noexcept {
    return ::BrotliEncoderSetParameter(state_, parameter, value) == BROTLI_TRUE;
  }

  std::size_t size_;
  block_list memory_;
  BrotliEncoderState* state_ = nullptr;
};

}  // namespace

extern encoder const br_encoder;
encoder const br_encoder = {content_coding::br, &encode_by<br_stream>};

}  // namespace quire::server
