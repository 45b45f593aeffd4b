// What a parser said about a stream, as text that a test compares with a literal.
//
//   method GET @0
//   target / @4
//   ...
//   end @18
//   needs more            or   error bare-lf @14 in version
//
// Lines are written part by part; of one that is cut off or refused, the parts that were read stand
// in front of the last line. Pieces of content that follow each other are joined, because only they
// may be cut differently.
#pragma once

#include <quire/parser/error.hpp>
#include <quire/parser/limits.hpp>
#include <quire/parser/node.hpp>
#include <quire/parser/parser.hpp>
#include <quire/parser/policy.hpp>

#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quire::http::test {

struct element {
  part_type type;
  std::string text;
  std::uint64_t offset;
  unsigned id = 0;
  friend bool operator==(element const&, element const&) = default;
};

struct transcript {
  std::vector<element> elements;
  std::vector<element> begun;  // Of the last line, if it is not whole.
  bool failed = false;
  http::error error;
  friend bool operator==(transcript const&, transcript const&) = default;

  void add(element e) {
    bool const goes_on = e.type == part_type::content && !elements.empty() &&
                         elements.back().type == part_type::content;
    if (goes_on) {
      elements.back().text += e.text;
    } else {
      elements.push_back(std::move(e));
    }
  }
};

inline std::string printable(std::string_view text) {
  std::string out;
  for (char const c : text) {
    if (c == '\r')
      out += "\\r";
    else if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      out += "\\x" + std::to_string(c);
    else
      out += c;
  }
  return out;
}

inline std::string to_string(transcript const& t) {
  std::string out;
  for (auto const* list : {&t.elements, &t.begun}) {
    for (element const& e : *list) {
      out += http::to_string(e.type);
      if (!e.text.empty()) out += " " + printable(e.text);
      out += " @" + std::to_string(e.offset) + "\n";
    }
  }
  if (!t.failed) return out + "needs more\n";
  return out + "error " + std::string(t.error.name()) + " @" + std::to_string(t.error.offset) +
         " in " + std::string(http::to_string(t.error.element)) + "\n";
}

// What is read, and how strictly.
struct reading {
  std::optional<response_to> response = std::nullopt;
  limits limit = {};
  policy lenient = {};

  template <class Parser>
  Parser make() const {
    return response ? Parser(*response, limit, lenient) : Parser(limit, lenient);
  }
};

// What a number is compared for: the method, the status, and the names that are known.
template <class Iterator>
unsigned id_of(node<Iterator> const& n, part_type type) {
  switch (type) {
    case part_type::method:
    case part_type::status:
      return n.id;
    case part_type::field_name:
    case part_type::trailer_name:
      return static_cast<unsigned>(n.name_id());
    default:
      return 0;
  }
}

// Pulls elements until the parser wants more octets or fails. `begin` is the iterator at the offset
// `begin_offset` of the stream. False: it failed.
template <class Parser, class Iterator>
bool pull(Parser& p, Iterator& first, Iterator last, Iterator begin, std::uint64_t begin_offset,
          transcript& t) {
  node<Iterator> n;
  http::error e;
  auto const for_each_element = [&](auto use) {
    for_each_part(n, [&](part_type type, auto const& part) {
      std::string const text(part.begin(), part.end());
      Iterator from;
      if constexpr (std::is_same_v<Iterator, char const*>) {
        from = part.data();
      } else {
        from = part.first;
      }
      auto const distance = static_cast<std::uint64_t>(std::distance(begin, from));
      use(element{type, text, begin_offset + distance, id_of(n, type)});
    });
  };
  for (;;) {
    result const r = p.parse(first, last, n, e);
    t.begun.clear();
    if (r == result::need_more || r == result::error) {
      for_each_element([&](element begun) { t.begun.push_back(std::move(begun)); });
    }
    if (r == result::need_more) return true;
    if (r == result::error) {
      t.failed = true;
      t.error = e;
      http::error again;
      Iterator const before = first;
      if (p.parse(first, last, n, again) != result::error || again != e || first != before) {
        t.error.code = error_code::none;  // An error must be final.
      }
      return false;
    }
    for_each_element([&](element part) { t.add(std::move(part)); });
  }
}

}  // namespace quire::http::test
