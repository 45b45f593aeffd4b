#include "tests/parser/reference_parser.hpp"

#include "tests/parser/reference_syntax.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace quire::http::test {
namespace {

using namespace reference_syntax;

struct needs_more {};
struct refused {
  error_code code;
  part_type element;
  std::size_t offset;
  bool offset_matters = true;
};

class reference {
 public:
  reference(std::string_view text, reading const& how) : text_(text), how_(how) {}

  transcript said;
  bool offset_matters = true;

  void run() {
    try {
      for (bool last = false;;) {
        if (last) {
          peek();
          refuse(
              hands_over_ ? error_code::data_after_hand_over : error_code::data_after_last_message,
              part_type::none, at_);
        }
        read_message();
        last = hands_over_ || (!keep_alive_ && !is_interim());
      }
    } catch (needs_more const&) {
    } catch (refused const& r) {
      said.failed = true;
      said.error = {r.code, r.element, r.offset};
      offset_matters = r.offset_matters;
    }
  }

 private:
  [[noreturn]] static void refuse(error_code code, part_type element, std::size_t offset,
                                  bool offset_matters = true) {
    throw refused{code, element, offset, offset_matters};
  }
  char peek(std::size_t ahead = 0) const {
    if (at_ + ahead >= text_.size()) throw needs_more{};
    return text_[at_ + ahead];
  }
  bool is_response() const { return how_.response.has_value(); }
  bool is_interim() const { return is_response() && status_ / 100 == 1; }
  void say(part_type type, std::size_t from, std::size_t to) {
    said.add({type, std::string(text_.substr(from, to - from)), from});
  }

  void line_end(part_type element) {
    if (peek() == '\n') {
      if (!how_.lenient.bare_lf) refuse(error_code::bare_lf, element, at_);
      at_ += 1;
      return;
    }
    if (peek(1) != '\n') refuse(error_code::bare_cr, element, at_);
    at_ += 2;
  }

  void read_message() {
    fields_.clear();
    hands_over_ = false;
    is_response() ? read_status_line() : read_request_line();
    read_section(part_type::field_name, part_type::field_value, part_type::fields_end,
                 how_.limit.field_count_max, how_.limit.field_section_length_max);
    decide();
    say(part_type::fields_end, at_, at_);
    read_body();
    say(part_type::end, at_, at_);
  }

  void read_request_line() {
    for (unsigned lines = 0; peek() == '\r' || peek() == '\n'; ++lines) {
      std::size_t const start = at_;
      line_end(part_type::method);
      if (lines == how_.limit.empty_lines_max)
        refuse(error_code::too_many_empty_lines, part_type::method, start);
    }
    std::size_t const line = at_;
    while (is_tchar(peek())) {
      if (at_ - line == how_.limit.method_length_max)
        refuse(error_code::method_too_long, part_type::method, at_);
      ++at_;
    }
    if (peek() != ' ' || at_ == line) refuse(error_code::bad_method, part_type::method, at_);
    say(part_type::method, line, at_);
    method_ = text_.substr(line, at_ - line);
    ++at_;
    read_target(line);
    if (at_ - line + 8 > how_.limit.request_line_length_max) {
      refuse(error_code::request_line_too_long, part_type::version, at_);
    }
    std::size_t const version = at_;
    read_version();
    char const c = peek();
    if (is_blank(c)) refuse(error_code::extra_white_space, part_type::version, at_);
    if (c != '\r' && c != '\n') refuse(error_code::bad_version, part_type::version, at_);
    std::size_t const end = at_;
    line_end(part_type::version);
    say(part_type::version, version, end);
  }

  void read_target(std::size_t line) {
    std::size_t const start = at_;
    std::size_t const line_rest =
        how_.limit.request_line_length_max -
        std::min<std::size_t>(how_.limit.request_line_length_max, at_ - line);
    auto const check_length = [&](std::size_t index) {
      if (index < std::min<std::size_t>(line_rest, how_.limit.target_length_max)) return;
      refuse(line_rest <= how_.limit.target_length_max ? error_code::request_line_too_long
                                                       : error_code::target_too_long,
             part_type::target, start + index);
    };
    for (;;) {
      char const c = peek();
      if (c == ' ') break;
      if (c == '%') {
        if (!is_hex(peek(1)) || !is_hex(peek(2)))
          refuse(error_code::bad_percent_encoding, part_type::target, at_);
        for (std::size_t i = 0; i < 3; ++i) check_length(at_ + i - start);
        at_ += 3;
        continue;
      }
      if (c == '\r' || c == '\n') refuse(error_code::missing_version, part_type::target, at_);
      bool const good =
          (c > 0x20 && c < 0x7f && c != '#') || (is_high(c) && how_.lenient.obs_text_in_target);
      if (!good) refuse(error_code::bad_target_character, part_type::target, at_);
      check_length(at_ - start);
      ++at_;
    }
    if (at_ == start) refuse(error_code::extra_white_space, part_type::target, at_);
    check_form(std::string(text_.substr(start, at_ - start)), start);
    say(part_type::target, start, at_);
    ++at_;
  }

  void check_form(std::string const& target, std::size_t start) const {
    auto const bad = [&](error_code code = error_code::bad_target_form) {
      refuse(code, part_type::target, start);
    };
    std::string host;
    std::string port;
    if (method_ == "CONNECT") {
      if (!split_authority(target, host, port) || host.empty() || port.empty()) bad();
      return;
    }
    if (target[0] == '/' || (target == "*" && method_ == "OPTIONS")) return;
    std::size_t const mark = target.find("://");
    if (mark == std::string::npos || !is_alpha(target[0])) bad();
    for (char const c : target.substr(0, mark)) {
      if (!is_alpha(c) && !is_digit(c) && !is_in(c, "+-.")) bad();
    }
    std::string const rest = target.substr(mark + 3);
    std::string const authority = rest.substr(0, rest.find_first_of("/?"));
    if (authority.find('@') != std::string::npos) bad(error_code::user_information_in_target);
    if (!split_authority(authority, host, port) || host.empty()) bad();
  }

  void read_version() {
    std::string_view const form = "HTTP/0.0";
    std::size_t const start = at_;
    for (std::size_t i = 0; i < form.size(); ++i, ++at_) {
      if (i == 0 && is_blank(peek()))
        refuse(error_code::extra_white_space, part_type::version, at_);
      if (form[i] == '0' ? !is_digit(peek()) : peek() != form[i])
        refuse(error_code::bad_version, part_type::version, at_);
    }
    if (text_[start + 5] != '1')
      refuse(error_code::version_not_supported, part_type::version, start + 5);
    minor_ = text_[start + 7] - '0';
  }

  void read_status_line() {
    std::size_t start = at_;
    read_version();
    if (peek() != ' ') {
      bool const ends = peek() == '\r' || peek() == '\n';
      refuse(ends ? error_code::bad_status_code : error_code::bad_version, part_type::version, at_);
    }
    say(part_type::version, start, at_);
    start = ++at_;
    if (is_blank(peek())) refuse(error_code::extra_white_space, part_type::status, at_);
    for (int i = 0; i < 3; ++i, ++at_) {
      if (!is_digit(peek())) refuse(error_code::bad_status_code, part_type::status, at_);
    }
    char const c = peek();
    if (c != ' ' && c != '\r' && c != '\n')
      refuse(error_code::bad_status_code, part_type::status, at_);
    say(part_type::status, start, at_);
    status_ = std::stoi(std::string(text_.substr(start, 3)));
    if (c == ' ') ++at_;
    start = at_;
    while (is_text(peek())) {
      if (at_ - start == how_.limit.reason_length_max)
        refuse(error_code::reason_too_long, part_type::reason, at_);
      ++at_;
    }
    std::size_t const end = at_;
    if (peek() != '\r' && peek() != '\n')
      refuse(error_code::bad_reason_character, part_type::reason, at_);
    line_end(part_type::reason);
    say(part_type::reason, start, end);
  }

  void read_section(part_type name, part_type value, part_type end, std::size_t count_max,
                    std::size_t length_max) {
    std::size_t const section = at_;
    bool const trailer = name == part_type::trailer_name;
    for (std::size_t count = 0;; ++count) {
      if (peek() == '\r' || peek() == '\n') {
        end_of_section_ = at_;
        line_end(trailer ? part_type::end : end);
        return;
      }
      if (count == count_max) refuse(error_code::too_many_fields, name, at_);
      read_line(name, value, section + length_max, count == 0 && !trailer);
    }
  }

  void read_line(part_type name, part_type value, std::size_t section_end, bool is_first) {
    std::size_t const line = at_;
    auto const take_name_octet = [&] {
      std::size_t const name_limit = line + how_.limit.field_name_length_max;
      std::size_t const line_limit = line + how_.limit.field_line_length_max;
      if (at_ == name_limit && name_limit <= std::min(line_limit, section_end)) {
        refuse(error_code::field_name_too_long, name, at_);
      }
      check_line_length(line_limit, section_end, name);
      ++at_;
    };
    while (is_tchar(peek())) take_name_octet();
    std::size_t const name_end = at_;
    if (at_ != line && is_response() && how_.lenient.white_space_before_colon) {
      while (is_blank(peek())) take_name_octet();
    }
    char const c = peek();
    if (at_ == line && is_blank(c)) {
      refuse(is_first ? error_code::leading_white_space : error_code::obs_fold, name, at_);
    }
    if (at_ == line && c == ':') refuse(error_code::empty_field_name, name, at_);
    if (is_blank(c)) refuse(error_code::white_space_before_colon, name, at_);
    if (c == '\r' || c == '\n') refuse(error_code::missing_colon, name, at_);
    if (c != ':') refuse(error_code::bad_field_name, name, at_);
    say(name, line, name_end);
    ++at_;
    read_value(name, value, line, name_end, section_end);
  }

  void check_line_length(std::size_t line_limit, std::size_t section_end, part_type element) const {
    if (at_ < std::min(line_limit, section_end)) return;
    refuse(line_limit <= section_end ? error_code::field_line_too_long
                                     : error_code::field_section_too_large,
           element, at_);
  }

  void read_value(part_type name, part_type value, std::size_t line, std::size_t name_end,
                  std::size_t section_end) {
    std::size_t start = at_;
    std::size_t end;
    for (;;) {
      while (is_text(peek())) {
        check_line_length(line + how_.limit.field_line_length_max, section_end, value);
        ++at_;
      }
      end = at_;
      if (peek() != '\r' && peek() != '\n') refuse(error_code::bad_field_value, value, at_);
      line_end(value);
      if (!is_response() || !how_.lenient.obs_fold || !is_blank(peek())) break;
    }
    while (start != end && is_in(text_[start], " \t\r\n")) ++start;
    while (start != end && is_in(text_[end - 1], " \t\r\n")) --end;
    if (name == part_type::field_name) {
      std::string const key = lower(text_.substr(line, name_end - line));
      check_value(key, std::string(text_.substr(start, end - start)), start);
    }
    say(value, start, end);
  }

  // The rules for single values; all values are kept for the decision at the end.
  void check_value(std::string const& key, std::string const& value, std::size_t start) {
    auto const bad = [&](error_code code) { refuse(code, part_type::field_value, start, false); };
    auto& before = fields_[key];
    if (key == "host" && !is_response() && !how_.lenient.any_host) {
      std::string host;
      std::string port;
      if (!before.empty()) bad(error_code::repeated_host);
      if (!split_authority(value, host, port)) bad(error_code::bad_host);
    }
    if (key == "content-length") {
      std::vector<std::string> parts = {value};
      if (how_.lenient.repeated_content_length) parts = split(value, ',');
      for (std::string const& part : parts) {
        std::string digits(trim(part));
        if (digits.empty()) bad(error_code::bad_content_length);
        std::size_t good = 0;
        while (good < digits.size() && is_digit(digits[good])) ++good;
        std::string const most = std::to_string(how_.limit.content_length_max);
        std::string number = digits.substr(0, good);
        number.erase(0, std::min(number.find_first_not_of('0'), number.size()));
        if (number.size() > most.size() || (number.size() == most.size() && number > most))
          bad(error_code::content_too_large);
        if (good == 0) bad(error_code::bad_content_length);
        bool const again = !before.empty();
        if (number.empty()) number = "0";
        if (again && (!how_.lenient.repeated_content_length || before[0] != number))
          bad(error_code::repeated_content_length);
        before.push_back(number);
        if (good != digits.size()) bad(error_code::bad_content_length);
      }
      return;
    }
    if (key == "transfer-encoding") check_codings(value, before, bad);
    before.push_back(value);
  }

  template <class Bad>
  void check_codings(std::string const& value, std::vector<std::string>& before, Bad bad) {
    auto& codings = fields_["(codings)"];
    bool quoted = false;
    std::vector<std::string> parts(1);
    for (std::size_t i = 0; i < value.size(); ++i) {
      bool const in_parameters = parts.back().find(';') != std::string::npos;
      if (value[i] == '"' && in_parameters) quoted = !quoted;
      if (value[i] == ',' && !quoted) {
        check_coding(parts.back(), codings, quoted, bad);
        parts.emplace_back();
        continue;
      }
      parts.back() += value[i];
      if (value[i] == '\\' && quoted) {
        if (i + 1 == value.size()) break;
        parts.back() += value[++i];
      }
    }
    check_coding(parts.back(), codings, quoted, bad);
    before.push_back(value);
  }

  template <class Bad>
  static void check_coding(std::string const& part, std::vector<std::string>& codings, bool quoted,
                           Bad bad) {
    std::string const coding(trim(part));
    std::size_t end = 0;
    while (end < coding.size() && is_tchar(coding[end])) ++end;
    std::string const name = lower(coding.substr(0, end));
    if (name.empty()) bad(error_code::bad_transfer_encoding);
    bool const after_chunked = !codings.empty() && codings.back() == "chunked";
    if (after_chunked)
      bad(name == "chunked" ? error_code::repeated_chunked : error_code::chunked_not_last);
    codings.push_back(name);
    std::string const rest(trim(coding.substr(end)));
    if (!rest.empty() && (rest[0] != ';' || name == "chunked"))
      bad(error_code::bad_transfer_encoding);
    if (quoted) bad(error_code::bad_transfer_encoding);
  }

  bool has_option(std::string const& wanted) {
    for (std::string const& value : fields_["connection"]) {
      for (std::string const& part : split(value, ',')) {
        if (lower(trim(part)) == wanted) return true;
      }
    }
    return false;
  }

  // RFC 9112, section 6.3, rule by rule.
  void decide() {
    auto const bad = [&](error_code code) { refuse(code, part_type::fields_end, end_of_section_); };
    bool const coded = !fields_["transfer-encoding"].empty();
    bool const has_length = !fields_["content-length"].empty();
    auto const& codings = fields_["(codings)"];
    std::string const asked =
        is_response() ? std::string(http::to_string(how_.response->request_method)) : method_;
    if (!is_response() && minor_ > 0 && !how_.lenient.any_host && fields_["host"].empty())
      bad(error_code::missing_host);
    if (coded) {
      if (minor_ == 0) bad(error_code::transfer_encoding_in_http_1_0);
      if (has_length && !how_.lenient.content_length_beside_transfer_encoding)
        bad(error_code::content_length_beside_transfer_encoding);
      if (codings.back() != "chunked") bad(error_code::chunked_not_last);
      if (codings.size() > 1) bad(error_code::unknown_transfer_coding);
    }
    length_ = has_length ? std::stoull(fields_["content-length"][0]) : 0;
    if (!is_response() && asked == "CONNECT" && (coded || length_ != 0))
      bad(error_code::content_in_connect);

    keep_alive_ =
        minor_ > 0 ? !has_option("close") : has_option("keep-alive") && !has_option("close");
    if (coded && has_length) keep_alive_ = false;
    chunked_ = coded;
    until_close_ = false;
    bool const tunnel = asked == "CONNECT" && (!is_response() || status_ / 100 == 2);
    hands_over_ = tunnel || (is_response() && status_ == 101);
    bool const bodiless = is_response() && (asked == "HEAD" || status_ / 100 == 1 ||
                                            status_ == 204 || status_ == 304);
    if (hands_over_ || bodiless) {
      chunked_ = false;
      length_ = 0;
    } else if (is_response() && !coded && !has_length) {
      until_close_ = true;
    }
  }

  void read_body() {
    if (until_close_) {
      say_content(text_.size() - at_);
      throw needs_more{};
    }
    if (!chunked_) return say_content(length_);
    std::uint64_t sum = 0;
    std::size_t extensions = 0;
    for (;;) {
      std::uint64_t const size = read_chunk_size(sum);
      read_extensions(extensions);
      if (size == 0) break;
      sum += size;
      say_content(size);
      for (char const c : std::string_view("\r\n")) {
        if (peek() != c) refuse(error_code::bad_chunk_end, part_type::content, at_);
        ++at_;
      }
    }
    read_section(part_type::trailer_name, part_type::trailer_value, part_type::end,
                 how_.limit.trailer_count_max, how_.limit.trailer_section_length_max);
  }

  void say_content(std::uint64_t size) {
    std::size_t const n =
        static_cast<std::size_t>(std::min<std::uint64_t>(size, text_.size() - at_));
    if (n != 0) say(part_type::content, at_, at_ + n);
    at_ += n;
    if (n < size) throw needs_more{};
  }

  std::uint64_t read_chunk_size(std::uint64_t sum) {
    std::uint64_t size = 0;
    unsigned digits = 0;
    for (; is_hex(peek()); ++at_, ++digits) {
      if (digits == std::min(16u, how_.limit.chunk_size_digits_max))
        refuse(error_code::chunk_size_too_long, part_type::content, at_);
      char const digit[] = {peek(), '\0'};
      // Exact up to 2^64, because the bound is below 2^62 and every digit is checked.
      std::uint64_t const next = size * 16 + std::stoul(digit, nullptr, 16);
      if (next / 16 != size || next > how_.limit.content_length_max - sum) {
        refuse(error_code::content_too_large, part_type::content, at_);
      }
      size = next;
    }
    if (digits == 0) refuse(error_code::bad_chunk_size, part_type::content, at_);
    return size;
  }

  // Takes one octet of an extension.
  void step(std::size_t& extensions) {
    if (++extensions > how_.limit.chunk_extensions_length_max) {
      refuse(error_code::chunk_extensions_too_long, part_type::content, at_);
    }
    ++at_;
  }

  void blanks(std::size_t& extensions) {
    while (is_blank(peek())) step(extensions);
  }

  // chunk-ext CRLF.
  void read_extensions(std::size_t& extensions) {
    bool any = false;
    auto const bad = [&](bool in_size = false) {
      if (peek() == '\n') refuse(error_code::bare_lf, part_type::content, at_);
      refuse(in_size ? error_code::bad_chunk_size : error_code::bad_chunk_extension,
             part_type::content, at_);
    };
    for (;;) {
      if (peek() == '\r') break;
      bool const blank = is_blank(peek());
      if (!any && !blank && peek() != ';') bad(true);
      blanks(extensions);
      if (peek() != ';') bad();
      any = true;
      step(extensions);
      blanks(extensions);
      if (!is_tchar(peek())) bad();
      while (is_tchar(peek())) step(extensions);
      bool const blank_after = is_blank(peek());
      blanks(extensions);
      if (peek() != '=') {
        if (blank_after && peek() != ';') bad();
        if (peek() == '\r' || peek() == ';') continue;
        bad();
      }
      step(extensions);
      blanks(extensions);
      if (peek() == '"') {
        read_quoted(extensions, bad);
      } else {
        if (!is_tchar(peek())) bad();
        while (is_tchar(peek())) step(extensions);
      }
      if (!is_blank(peek()) && peek() != ';' && peek() != '\r') bad();
    }
    ++at_;
    if (peek() != '\n') refuse(error_code::bare_cr, part_type::content, at_);
    ++at_;
  }

  template <class Bad>
  void read_quoted(std::size_t& extensions, Bad bad) {
    step(extensions);
    while (peek() != '"') {
      bool const escape = peek() == '\\';
      if (!escape && !is_text(peek())) bad();
      step(extensions);
      if (escape) {
        if (!is_text(peek())) bad();
        step(extensions);
      }
    }
    step(extensions);
  }

  std::string_view text_;
  reading const& how_;
  std::size_t at_ = 0;
  std::size_t end_of_section_ = 0;
  std::string method_;
  int minor_ = 1;
  int status_ = 0;
  std::map<std::string, std::vector<std::string>> fields_;
  std::uint64_t length_ = 0;
  bool chunked_ = false;
  bool until_close_ = false;
  bool keep_alive_ = true;
  bool hands_over_ = false;
};

}  // namespace

std::string reference_difference(std::string_view text, reading const& how, transcript got) {
  // The reference knows no lines.
  got.elements.insert(got.elements.end(), got.begun.begin(), got.begun.end());
  got.begun.clear();
  reference r(text, how);
  r.run();
  if (!r.offset_matters) r.said.error.offset = got.error.offset;
  for (element const& e : got.elements) {  // The reference knows no numbers of names.
    auto const i = static_cast<std::size_t>(&e - got.elements.data());
    if (i < r.said.elements.size()) r.said.elements[i].id = e.id;
  }
  if (r.said == got) return {};
  return "the reference says:\n" + to_string(r.said) + "instead of:\n" + to_string(got);
}

}  // namespace quire::http::test
