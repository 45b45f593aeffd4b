#include <quire/server/request.hpp>

#include <array>
#include <cstdint>
#include <cstring>
#include <new>
#include <span>

namespace quire::server {
namespace {

using http::field_id;

constexpr field_id wanted_fields[] = {
    field_id::host,     field_id::if_match,          field_id::if_none_match,
    field_id::if_range, field_id::if_modified_since, field_id::if_unmodified_since,
    field_id::range,    field_id::accept_encoding,   field_id::want_repr_digest,
    field_id::expect,   field_id::referer,           field_id::user_agent};

// With which letters the names of so many octets start: a bit for each. Most fields of a request are
// none of these, and cost no look at the table of all names.
struct first_letters {
  static constexpr std::uint32_t bit(char c) { return std::uint32_t{1} << (c & 31); }
  std::array<std::uint32_t, 20> of_size{};
};
constexpr first_letters wanted_letters = [] {
  first_letters letters;
  for (field_id const id : wanted_fields) {
    std::string_view const name = http::to_string(id);
    letters.of_size[name.size()] |= first_letters::bit(name.front());
  }
  return letters;
}();

// False: it is none of the wanted ones.
bool may_be_wanted(http::node<buffer::iterator> const& field) noexcept {
  return field.front_size < wanted_letters.of_size.size() &&
         (wanted_letters.of_size[field.front_size] & first_letters::bit(*field.first)) != 0;
}

}  // namespace

void request_collector::reset() noexcept {
  request_ = {};
  scratch_used_ = 0;
}

char* request_collector::scratch(std::size_t n) noexcept {
  if (scratch_ == nullptr) scratch_.reset(new (std::nothrow) char[scratch_max_]);
  if (scratch_ == nullptr || scratch_max_ - scratch_used_ < n) return nullptr;
  char* const memory = scratch_.get() + scratch_used_;
  scratch_used_ += n;
  return memory;
}

bool request_collector::text(node const& element, std::size_t offset, std::size_t size,
                             std::string_view& out) noexcept {
  const_span const here = element.first.run();
  if (here.size >= offset + size) [[likely]] {
    out = {here.data + offset, size};
    return true;
  }
  buffer::iterator const from = element.first + static_cast<std::ptrdiff_t>(offset);
  byte_range const octets{from, from + static_cast<std::ptrdiff_t>(size)};
  std::span<char> memory;
  if (!octets.is_contiguous()) {
    char* const copy = scratch(size);
    if (copy == nullptr) return false;
    memory = {copy, size};
  }
  out = octets.contiguous(memory);
  return true;
}

// A list that came in several field lines is one list (RFC 9110, section 5.3).
bool request_collector::join(std::string_view& list, std::string_view more) noexcept {
  char* const memory = scratch(list.size() + 1 + more.size());
  if (memory == nullptr) return false;
  std::memcpy(memory, list.data(), list.size());
  memory[list.size()] = ',';
  std::memcpy(memory + list.size() + 1, more.data(), more.size());
  list = {memory, list.size() + 1 + more.size()};
  return true;
}

// The fields that hold one value are joined as well when they are repeated: what comes out is no
// valid value, and is ignored.
bool request_collector::set(std::string_view& place, node const& element) noexcept {
  std::string_view value;
  if (!text(element, element.back_offset, element.back_size, value)) return false;
  if (!place.empty()) return join(place, value);
  place = value;
  return true;
}

bool request_collector::set(std::optional<std::string_view>& place, node const& element) noexcept {
  if (!place.has_value()) place.emplace();
  return set(*place, element);
}

bool request_collector::field(node const& element) noexcept {
  if (!may_be_wanted(element)) return true;
  preconditions& conditions = request_.conditions;
  switch (element.name_id()) {
    case field_id::host:
      return set(request_.host, element);
    case field_id::if_match:
      return set(conditions.if_match, element);
    case field_id::if_none_match:
      return set(conditions.if_none_match, element);
    case field_id::if_modified_since:
      return set(conditions.if_modified_since, element);
    case field_id::if_unmodified_since:
      return set(conditions.if_unmodified_since, element);
    case field_id::if_range:
      return set(conditions.if_range, element);
    case field_id::range:
      return set(request_.range, element);
    case field_id::accept_encoding:
      return set(request_.accept_encoding, element);
    case field_id::want_repr_digest:
      return set(request_.want_repr_digest, element);
    case field_id::expect:
      return set(request_.expect, element);
    case field_id::referer:
      return set(request_.referer, element);
    case field_id::user_agent:
      return set(request_.user_agent, element);
    default:
      return true;
  }
}

bool request_collector::add(node const& element) noexcept {
  if (element.type == http::node_type::field) return field(element);
  request_.method = element.method_id();
  return text(element, 0, element.front_size, request_.method_text) &&
         (element.missing_parts == 2 ||
          text(element, element.back_offset, element.back_size, request_.target));
}

}  // namespace quire::server
