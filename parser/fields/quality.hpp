// Quality values, and the content codings that a client accepts. RFC 9110, sections 12.4.2
// and 12.5.3.
//
//   weight          = OWS ";" OWS "q=" qvalue
//   qvalue          = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )
//   Accept-Encoding = #( codings [ weight ] )
//   codings         = content-coding / "identity" / "*"
//
// A qvalue is an integer from 0 to 1000: no floating point, which a kernel does not have.
#pragma once

#include <quire/parser/fields/list.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace quire::http {

inline constexpr int quality_max = 1000;

// A qvalue and nothing else, in thousandths.
[[nodiscard]] std::optional<int> parse_quality(std::string_view text) noexcept;

struct weighted_coding {
  std::string_view coding;    // a token, or "*"; regardless of case
  int quality = quality_max;  // 0: not acceptable
};

// Reads Accept-Encoding from left to right.
class accept_encoding_reader {
 public:
  enum class result : std::uint8_t { coding, end, malformed };

  explicit accept_encoding_reader(std::string_view value) noexcept : list_(value) {}

  // The next coding; `malformed` is final.
  [[nodiscard]] result next(weighted_coding& out) noexcept;

 private:
  list_reader list_;
  bool malformed_ = false;
};

// How much the sender of an Accept-Encoding value wants each of `codings` ("gzip", "br",
// "identity"), into `qualities`, of the same size, by the rules of section 12.5.3: a coding that is
// named counts, else "*"; identity, named by neither, is acceptable (1, so that every other
// acceptable coding comes before it); any other coding is not (0). A coding named twice has the
// lower of its qualities. "x-gzip" and "x-compress" are read as "gzip" and "compress" (section
// 8.4.1). A value that is malformed accepts identity and nothing else. Reads the value once.
void coding_qualities(std::string_view accept_encoding, std::span<std::string_view const> codings,
                      std::span<int> qualities) noexcept;

// The same of one coding.
[[nodiscard]] int coding_quality(std::string_view accept_encoding,
                                 std::string_view coding) noexcept;

}  // namespace quire::http
