// What the parser hands out: one element of a message, as a range of the caller's own iterators.
//
// A node owns nothing. Its range is valid as long as the caller keeps the octets where they are.
#pragma once

#include <cstdint>
#include <string_view>

namespace quire::http {

enum class result : std::uint8_t {
  ok,         // One element is in the node; `first` has moved past it.
  done,       // The message has ended; the next call starts the next one.
  need_more,  // No whole element is there; call again with more octets behind `first`.
  error,      // A rule was broken. Every later call says the same.
};

enum class node_type : std::uint8_t {
  none,
  method,
  target,
  version,
  status,
  reason,
  field_name,
  field_value,
  fields_end,  // An empty range: the head is complete, its framing is known.
  content,     // Whatever part of the content is there.
  trailer_name,
  trailer_value,
  end,  // An empty range behind the message; comes with result::done.
};

// The name of an element in the output of programs: lower case, words joined by hyphens.
constexpr std::string_view to_string(node_type type) noexcept {
  switch (type) {
    case node_type::none:
      return "none";
    case node_type::method:
      return "method";
    case node_type::target:
      return "target";
    case node_type::version:
      return "version";
    case node_type::status:
      return "status";
    case node_type::reason:
      return "reason";
    case node_type::field_name:
      return "field-name";
    case node_type::field_value:
      return "field-value";
    case node_type::fields_end:
      return "fields-end";
    case node_type::content:
      return "content";
    case node_type::trailer_name:
      return "trailer-name";
    case node_type::trailer_value:
      return "trailer-value";
    case node_type::end:
      return "end";
  }
  return "none";
}

// `id` depends on the type: a method (method.hpp) for a method; a field_id (field_id.hpp) for the
// name and the value of a field or trailer; the status code for a status; 0 for all others.
template <class Iterator>
struct node {
  node_type type = node_type::none;
  std::uint16_t id = 0;
  Iterator first{};
  Iterator last{};
};

}  // namespace quire::http
