// Tokens, quoted-strings and parameters. RFC 9110, sections 5.6.2, 5.6.4, 5.6.6 and 8.3.1.
//
//   parameters      = *( OWS ";" OWS [ parameter ] )
//   parameter       = parameter-name "=" parameter-value
//   parameter-name  = token                  parameter-value = ( token / quoted-string )
//   media-type      = type "/" subtype parameters
//
// Everything is a view of the caller's text. A quoted-string stays as it was sent until somebody
// needs its value: then quoted_text compares it in place, gives its octets one by one, or copies
// it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace quire::http {

// The length of the token at the start of `text`; 0 when there is none.
[[nodiscard]] std::size_t token_size(std::string_view text) noexcept;

// True for one token and nothing else.
[[nodiscard]] bool is_token(std::string_view text) noexcept;

// The length of the quoted-string at the start of `text`, with its quotes; 0 when there is none, it
// has no end, or it holds an octet that it may not hold.
[[nodiscard]] std::size_t quoted_string_size(std::string_view text) noexcept;

// A token, or what stands between the quotes of a quoted-string, backslashes still in it.
class quoted_text {
 public:
  constexpr quoted_text() noexcept = default;
  constexpr quoted_text(std::string_view raw, bool quoted) noexcept : raw_(raw), quoted_(quoted) {}

  // As it was sent, without the quotes around.
  constexpr std::string_view raw() const noexcept { return raw_; }
  constexpr bool quoted() const noexcept { return quoted_; }

  // Steps over the octets that it means: a backslash gives way to what follows it.
  class iterator {
   public:
    constexpr iterator(char const* at, bool quoted) noexcept : at_(at), quoted_(quoted) {}
    constexpr char operator*() const noexcept { return quoted_ && *at_ == '\\' ? at_[1] : *at_; }
    constexpr iterator& operator++() noexcept {
      at_ += quoted_ && *at_ == '\\' ? 2 : 1;
      return *this;
    }
    constexpr bool operator==(iterator const& other) const noexcept { return at_ == other.at_; }

   private:
    char const* at_;
    bool quoted_;
  };
  constexpr iterator begin() const noexcept { return {raw_.data(), quoted_}; }
  constexpr iterator end() const noexcept { return {raw_.data() + raw_.size(), quoted_}; }

  // True when it means `text`.
  [[nodiscard]] bool equals(std::string_view text) const noexcept;
  [[nodiscard]] bool equals_caseless(std::string_view text) const noexcept;

  // Writes what it means. Returns the size; nothing when `out` is too small.
  [[nodiscard]] std::optional<std::size_t> copy_to(std::span<char> out) const noexcept;

 private:
  std::string_view raw_;
  bool quoted_ = false;
};

struct parameter {
  std::string_view name;  // regardless of case
  quoted_text value;
};

// Reads parameters from left to right. Empty ones (";;") are skipped.
class parameter_reader {
 public:
  enum class result : std::uint8_t { parameter, end, malformed };

  // `text` is what follows the element that has the parameters: empty, or white space and ";".
  explicit parameter_reader(std::string_view text) noexcept : text_(text) {}

  // The next parameter; `malformed` is final.
  [[nodiscard]] result next(parameter& out) noexcept;

  // Where in the text the next parameter is looked for; after `malformed`, where the fault is.
  std::size_t position() const noexcept { return next_; }

 private:
  std::string_view text_;
  std::size_t next_ = 0;
  bool malformed_ = false;
};

struct media_type_parts {
  std::string_view type;        // regardless of case
  std::string_view subtype;     // regardless of case
  std::string_view parameters;  // for a parameter_reader, which has not looked at them yet
};

// Splits a media type at its slash and its first parameter; nothing when type or subtype is no
// token.
[[nodiscard]] std::optional<media_type_parts> parse_media_type(std::string_view text) noexcept;

}  // namespace quire::http
