#include <quire/parser/fields/digest_preference.hpp>

#include <quire/parser/characters.hpp>
#include <quire/parser/fields/octets.hpp>
#include <quire/parser/fields/slice.hpp>

#include <cstddef>

namespace quire::http {
namespace {

constexpr bool is_lower(char c) noexcept {
  return c >= 'a' && c <= 'z';
}

// Reads the parts of a Dictionary that are of interest, and checks the others. Each member function
// moves past what it names; false: it is not there, or has a fault. RFC 9651, section 4.2.
class dictionary_reader {
 public:
  explicit dictionary_reader(std::string_view value) noexcept : rest_(value) {}

  // An Integer is handed out, of everything else that it is something else.
  struct member {
    std::string_view key;
    std::optional<long long> integer;
  };

  bool at_end() const noexcept { return rest_.empty(); }
  void skip_spaces() noexcept {
    while (take(' ')) {
    }
  }
  void skip_white_space() noexcept {
    while (!rest_.empty() && is_white_space(rest_.front())) rest_.remove_prefix(1);
  }
  bool take(char c) noexcept {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  //   dict-member = key ( parameters / "=" ( item / inner-list parameters ) )
  bool read(member& out) noexcept {
    out.integer.reset();
    if (!key(out.key)) return false;
    if (!take('=')) return parameters();
    if (!rest_.empty() && rest_.front() == '(') return inner_list() && parameters();
    return bare_item(out.integer) && parameters();
  }

 private:
  char front() const noexcept { return rest_.empty() ? '\0' : rest_.front(); }
  std::string_view take_first(std::size_t n) noexcept {
    std::string_view const first = slice(rest_, 0, n);
    rest_.remove_prefix(n);
    return first;
  }
  template <class Member>
  std::string_view take_while(Member is_member) noexcept {
    std::size_t n = 0;
    while (n != rest_.size() && is_member(rest_[n])) ++n;
    return take_first(n);
  }
  std::string_view digits() noexcept {
    return take_while([](char c) { return is(character_class::digit, c); });
  }

  bool key(std::string_view& out) noexcept {
    if (!is_lower(front()) && front() != '*') return false;
    out = take_while([](char c) {
      return is_lower(c) || is(character_class::digit, c) || c == '_' || c == '-' || c == '.' ||
             c == '*';
    });
    return true;
  }

  bool parameters() noexcept {
    while (take(';')) {
      skip_spaces();
      std::string_view name;
      std::optional<long long> value;
      if (!key(name) || (take('=') && !bare_item(value))) return false;
    }
    return true;
  }

  bool inner_list() noexcept {
    take('(');
    for (;;) {
      skip_spaces();
      if (take(')')) return true;
      std::optional<long long> item;
      if (!bare_item(item) || !parameters()) return false;
      if (front() != ' ' && front() != ')') return false;
    }
  }

  bool bare_item(std::optional<long long>& integer) noexcept {
    char const c = front();
    if (c == '-' || is(character_class::digit, c)) return number(integer);
    if (c == '*' || is(character_class::alpha, c)) {
      take_while([](char t) { return is(character_class::token, t) || t == ':' || t == '/'; });
      return true;
    }
    if (take('"')) return string();
    if (take(':')) return byte_sequence();
    if (take('?')) return take('0') || take('1');
    if (take('@')) {
      std::optional<long long> date;
      return number(date) && date;
    }
    return take('%') && take('"') && display_string();
  }

  //   sf-integer = ["-"] 1*15DIGIT, sf-decimal = ["-"] 1*12DIGIT "." 1*3DIGIT
  bool number(std::optional<long long>& integer) noexcept {
    bool const negative = take('-');
    std::string_view const whole = digits();
    if (whole.empty() || whole.size() > 15) return false;
    if (take('.')) {
      std::size_t const decimals = digits().size();
      return whole.size() <= 12 && decimals >= 1 && decimals <= 3;
    }
    long long value = 0;
    for (char const d : whole) value = value * 10 + digit_value(d);
    integer = negative ? -value : value;
    return true;
  }

  bool string() noexcept {
    while (!take('"')) {
      if (take('\\')) {
        if (!take('"') && !take('\\')) return false;
      } else {
        if (front() < ' ' || front() > '~') return false;
        rest_.remove_prefix(1);
      }
    }
    return true;
  }

  bool display_string() noexcept {
    auto const is_hex = [](char c) {
      return is(character_class::digit, c) || (c >= 'a' && c <= 'f');
    };
    while (!take('"')) {
      if (take('%')) {
        if (rest_.size() < 2 || !is_hex(rest_[0]) || !is_hex(rest_[1])) return false;
        rest_.remove_prefix(2);
      } else {
        if (front() < ' ' || front() > '~') return false;
        rest_.remove_prefix(1);
      }
    }
    return true;
  }

  // Of base64 only the alphabet is checked, as that section allows.
  bool byte_sequence() noexcept {
    take_while([](char c) {
      return is(character_class::alpha, c) || is(character_class::digit, c) || c == '+' ||
             c == '/' || c == '=';
    });
    return take(':');
  }

  std::string_view rest_;
};

}  // namespace

std::optional<int> digest_preference(std::string_view value, std::string_view algorithm) noexcept {
  dictionary_reader reader(value);
  int preference = 0;
  reader.skip_spaces();
  while (!reader.at_end()) {
    dictionary_reader::member member;
    if (!reader.read(member)) return std::nullopt;
    if (member.key == algorithm) {
      bool const fits =
          member.integer && *member.integer >= 0 && *member.integer <= digest_preference_max;
      preference = fits ? static_cast<int>(*member.integer) : 0;
    }
    reader.skip_white_space();
    if (reader.at_end()) break;
    if (!reader.take(',')) return std::nullopt;
    reader.skip_white_space();
    if (reader.at_end()) return std::nullopt;
  }
  return preference;
}

}  // namespace quire::http
