// What the parser hands out: a whole line of the head or of the trailer section, or a run of
// content, where it lies in the caller's memory.
//
// A node owns nothing: an iterator of the caller and sizes. It is valid as long as the caller keeps
// the octets where they are. Where iterators can only be counted up, asking for a part of a line
// costs as many steps as octets lie in front of it.
#pragma once

#include <quire/parser/field_id.hpp>
#include <quire/parser/method.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <type_traits>

namespace quire::http {

enum class result : std::uint8_t {
  ok,         // One element is in the node; `first` has moved past it.
  done,       // The message has ended; the next call starts the next one.
  need_more,  // No whole element is there; call again with more octets behind `first`.
  error,      // A rule was broken. Every later call says the same.
};

// The elements that are handed out.
enum class node_type : std::uint8_t {
  none,
  request_line,  // Method, target and version.
  status_line,   // Version, status and reason.
  field,         // Name and value of a field line.
  fields_end,    // Empty: the head is complete, its framing is known.
  content,       // Whatever part of the content is there.
  trailer,       // Name and value of a field line of the trailer section.
  end,           // Empty, behind the message; comes with result::done.
};

// The parts that lines consist of, and the elements that are no lines.
enum class part_type : std::uint8_t {
  none,
  method,
  target,
  version,
  status,
  reason,
  field_name,
  field_value,
  fields_end,
  content,
  trailer_name,
  trailer_value,
  end,
};

// The name of a part in the output of programs: lower case, words joined by hyphens.
constexpr std::string_view to_string(part_type type) noexcept {
  switch (type) {
    case part_type::none:
      return "none";
    case part_type::method:
      return "method";
    case part_type::target:
      return "target";
    case part_type::version:
      return "version";
    case part_type::status:
      return "status";
    case part_type::reason:
      return "reason";
    case part_type::field_name:
      return "field-name";
    case part_type::field_value:
      return "field-value";
    case part_type::fields_end:
      return "fields-end";
    case part_type::content:
      return "content";
    case part_type::trailer_name:
      return "trailer-name";
    case part_type::trailer_value:
      return "trailer-value";
    case part_type::end:
      return "end";
  }
  return "none";
}

// A run of octets between two iterators.
template <class Iterator>
struct octet_range {
  Iterator first{};
  Iterator last{};

  constexpr Iterator begin() const noexcept { return first; }
  constexpr Iterator end() const noexcept { return last; }
};

namespace detail {

template <class Iterator>
inline constexpr bool is_contiguous = std::is_same_v<Iterator, char const*>;

// `it` moved on by n. Costs n increments only where the iterator cannot do better.
template <class Iterator>
constexpr Iterator advanced(Iterator it, std::size_t n) noexcept {
  using distance = typename std::iterator_traits<Iterator>::difference_type;
  if constexpr (requires { it + distance{}; }) {
    return it + static_cast<distance>(n);
  } else {
    for (; n != 0; --n) ++it;
    return it;
  }
}

// The number of the field name [from, from + size). Octets up to from + readable may be read.
template <class Iterator>
constexpr field_id field_id_in(Iterator from, std::size_t size, std::size_t readable) noexcept {
  if (size > known_name_length_max) return field_id::other;
  if constexpr (is_contiguous<Iterator>) {
    return field_id_of(from, size, readable);
  } else {
    if constexpr (requires { from.run().size; }) {  // An iterator over pages.
      if (auto const run = from.run(); run.size >= size) [[likely]] {
        return field_id_of(run.data, size, run.size);
      }
    }
    char text[known_name_length_max];
    for (std::size_t i = 0; i < size; ++i) text[i] = *from++;
    return field_id_of(text, size, size);
  }
}

}  // namespace detail

// Which of the functions may be asked depends on the type.
template <class Iterator>
struct node {
  // What a part is given as.
  using range =
      std::conditional_t<detail::is_contiguous<Iterator>, std::string_view, octet_range<Iterator>>;

  node_type type = node_type::none;
  // How many parts of a line are not there: none, unless parse() said `need_more` or `error`.
  std::uint8_t missing_parts = 0;
  // Of a request line the method, of a status line the status; 0 for all others.
  std::uint16_t id = 0;
  // Of the method or the name, which start at `first`.
  std::uint32_t front_size = 0;
  // Of the target, the reason, the value or the content; and how far behind `first` it starts.
  std::size_t back_size = 0;
  std::uint32_t back_offset = 0;
  // Where the element starts.
  Iterator first{};

  // Of a request line. The number of the method is 0 (`other`) when it is none of method.hpp.
  constexpr http::method method_id() const noexcept { return static_cast<http::method>(id); }
  constexpr range method() const noexcept { return part(0, front_size); }
  constexpr range target() const noexcept { return part(back_offset, back_size); }
  // Of a status line.
  constexpr range status() const noexcept { return part(9, 3); }
  constexpr range reason() const noexcept { return part(back_offset, back_size); }
  // Of both.
  constexpr range version() const noexcept {
    return part(type == node_type::status_line ? 0 : back_offset + back_size + 1, 8);
  }

  // Of a field or a trailer, without the white space around them.
  constexpr range name() const noexcept { return part(0, front_size); }
  constexpr range value() const noexcept { return part(back_offset, back_size); }
  // The number of a well-known name. Looked up: about 45 instructions; ask once.
  constexpr field_id name_id() const noexcept {
    return detail::field_id_in(first, front_size, back_offset + back_size + 2);
  }

  constexpr range content() const noexcept { return part(0, back_size); }

 private:
  constexpr range part(std::size_t offset, std::size_t size) const noexcept {
    Iterator const from = detail::advanced(first, offset);
    if constexpr (detail::is_contiguous<Iterator>) {
      return {from, size};
    } else {
      return {from, detail::advanced(from, size)};
    }
  }
};

// Calls use(part_type, range) for each part of an element that is there, in their order.
template <class Iterator, class Use>
constexpr void for_each_part(node<Iterator> const& n, Use use) {
  auto const nothing = [&n] {
    if constexpr (detail::is_contiguous<Iterator>) {
      return std::string_view(n.first, 0);
    } else {
      return octet_range<Iterator>{n.first, n.first};
    }
  };
  switch (n.type) {
    case node_type::none:
      return;
    case node_type::request_line:
      use(part_type::method, n.method());
      if (n.missing_parts < 2) use(part_type::target, n.target());
      if (n.missing_parts < 1) use(part_type::version, n.version());
      return;
    case node_type::status_line:
      use(part_type::version, n.version());
      if (n.missing_parts < 2) use(part_type::status, n.status());
      if (n.missing_parts < 1) use(part_type::reason, n.reason());
      return;
    case node_type::field:
    case node_type::trailer: {
      bool const trailer = n.type == node_type::trailer;
      use(trailer ? part_type::trailer_name : part_type::field_name, n.name());
      if (n.missing_parts == 0) {
        use(trailer ? part_type::trailer_value : part_type::field_value, n.value());
      }
      return;
    }
    case node_type::fields_end:
      return use(part_type::fields_end, nothing());
    case node_type::content:
      return use(part_type::content, n.content());
    case node_type::end:
      return use(part_type::end, nothing());
  }
}

}  // namespace quire::http
