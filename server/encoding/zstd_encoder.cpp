// By the reference implementation of Zstandard. Its window is no larger than the content, and so
// far below the 8 MiB that RFC 9659 allows.
#include <quire/server/encoding/encoder.hpp>

#define ZSTD_STATIC_LINKING_ONLY  // For memory of the caller.
#include <zstd.h>

namespace quire::server {
namespace {

class zstd_stream {
 public:
  zstd_stream(std::size_t size, encoder_memory const& memory) noexcept
      : size_(size), memory_(memory) {}
  zstd_stream(zstd_stream const&) = delete;
  zstd_stream& operator=(zstd_stream const&) = delete;
  ~zstd_stream() { ::ZSTD_freeCCtx(context_); }

  bool open() noexcept {
    context_ = ::ZSTD_createCCtx_advanced({memory_.allocate, memory_.release, memory_.owner});
    return context_ != nullptr &&
           ::ZSTD_isError(::ZSTD_CCtx_setParameter(context_, ZSTD_c_compressionLevel, level)) ==
               0 &&
           ::ZSTD_isError(::ZSTD_CCtx_setPledgedSrcSize(context_, size_)) == 0;
  }

  encoder_step step(const_span& in, bool is_last, mutable_span& out) noexcept {
    ZSTD_inBuffer input{in.data, in.size, 0};
    ZSTD_outBuffer output{out.data, out.size, 0};
    std::size_t const left =
        ::ZSTD_compressStream2(context_, &output, &input, is_last ? ZSTD_e_end : ZSTD_e_continue);
    in = {in.data + input.pos, in.size - input.pos};
    out = {out.data + output.pos, out.size - output.pos};
    if (::ZSTD_isError(left) != 0) return encoder_step::failed;
    return is_last && left == 0 ? encoder_step::ended : encoder_step::goes_on;
  }

 private:
  static constexpr int level = 19;

  std::size_t size_;
  encoder_memory memory_;
  ZSTD_CCtx* context_ = nullptr;
};

}  // namespace

extern encoder const zstd_encoder;
encoder const zstd_encoder = {content_coding::zstd, &encode_by<zstd_stream>};

}  // namespace quire::server
