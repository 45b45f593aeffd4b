// By zlib. The header states neither name nor time, so the same content gives the same bytes.
#include <quire/server/encoding/encoder.hpp>

#include <zlib.h>

namespace quire::server {
namespace {

class gzip_stream {
 public:
  gzip_stream(std::size_t, encoder_memory const& memory) noexcept : memory_(memory) {}
  gzip_stream(gzip_stream const&) = delete;
  gzip_stream& operator=(gzip_stream const&) = delete;
  ~gzip_stream() {
    if (open_) ::deflateEnd(&stream_);
  }

  bool open() noexcept {
    stream_.zalloc = [](void* self, uInt items, uInt size) -> void* {
      encoder_memory const& m = static_cast<gzip_stream*>(self)->memory_;
      return m.allocate(m.owner, std::size_t{items} * size);
    };
    stream_.zfree = [](void* self, void* p) {
      encoder_memory const& m = static_cast<gzip_stream*>(self)->memory_;
      m.release(m.owner, p);
    };
    stream_.opaque = this;
    open_ = ::deflateInit2(&stream_, Z_BEST_COMPRESSION, Z_DEFLATED, window_bits + gzip_wrapper,
                           memory_level, Z_DEFAULT_STRATEGY) == Z_OK;
    return open_;
  }

  encoder_step step(const_span& in, bool is_last, mutable_span& out) noexcept {
    // zlib never writes to its input.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data));
    stream_.avail_in = static_cast<uInt>(in.size);
    stream_.next_out = reinterpret_cast<Bytef*>(out.data);
    stream_.avail_out = static_cast<uInt>(out.size);
    int const result = ::deflate(&stream_, is_last ? Z_FINISH : Z_NO_FLUSH);
    in = {in.data + (in.size - stream_.avail_in), stream_.avail_in};
    out = {out.data + (out.size - stream_.avail_out), stream_.avail_out};
    if (result == Z_STREAM_END) return encoder_step::ended;
    return result == Z_OK ? encoder_step::goes_on : encoder_step::failed;
  }

 private:
  static constexpr int window_bits = 15;
  static constexpr int gzip_wrapper = 16;
  static constexpr int memory_level = 9;

  z_stream stream_{};
  encoder_memory memory_;
  bool open_ = false;
};

}  // namespace

extern encoder const gzip_encoder;
encoder const gzip_encoder = {content_coding::gzip, &encode_by<gzip_stream>};

}  // namespace quire::server
