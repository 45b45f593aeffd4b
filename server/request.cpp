#include <quire/server/request.hpp>

#include <array>
#include <cstdint>
#include <cstring>
#include <new>
#include <span>

namespace quire::server {
namespace {

using http::field_id;

// What is there from now on, though it may be empty.
template <class T>
T& present(std::optional<T>& value) noexcept {
  return value.has_value() ? *value : value.emplace();
}

}  // namespace

void request_collector::reset() noexcept {
  // Apart, so that room for what was not there is not written to.
  static_cast<request_texts&>(request_) = {};
  request_.conditions.reset();
  scratch_used_ = 0;
}

char* request_collector::scratch(std::size_t n) noexcept {
  if (scratch_ == nullptr) scratch_.reset(new (std::nothrow) char[scratch_max_]);
  if (scratch_ == nullptr || scratch_max_ - scratch_used_ < n) return nullptr;
  char* const memory = scratch_.get() + scratch_used_;
  scratch_used_ += n;
  return memory;
}

[[gnu::always_inline]] inline bool request_collector::text(node const& element, std::size_t offset,
                                                           std::size_t size,
                                                           std::string_view& out) noexcept {
  const_span const here = element.first.run();
  if (here.size < offset + size) [[unlikely]]
    return text_across(element, offset, size, out);
  out = {here.data + offset, size};
  return true;
}

bool request_collector::text_across(node const& element, std::size_t offset, std::size_t size,
                                    std::string_view& out) noexcept {
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

std::string_view* request_collector::place_of(field_id id) noexcept {
  switch (id) {
    case field_id::host:
      return &request_.host;
    case field_id::if_match:
      return &present(present(request_.conditions).if_match);
    case field_id::if_none_match:
      return &present(present(request_.conditions).if_none_match);
    case field_id::if_modified_since:
      return &present(present(request_.conditions).if_modified_since);
    case field_id::if_unmodified_since:
      return &present(present(request_.conditions).if_unmodified_since);
    case field_id::if_range:
      return &present(present(request_.conditions).if_range);
    case field_id::range:
      return &present(request_.range);
    case field_id::accept_encoding:
      return &present(request_.accept_encoding);
    case field_id::want_repr_digest:
      return &present(request_.want_repr_digest);
    case field_id::expect:
      return &request_.expect;
    case field_id::referer:
      return &request_.referer;
    case field_id::user_agent:
      return &request_.user_agent;
    default:
      return nullptr;
  }
}

// The fields that hold one value are joined as well when they are repeated: what comes out is no
// valid value, and is ignored.
bool request_collector::add_field(node const& field) noexcept {
  std::string_view* const place = place_of(field.name_id());
  if (place == nullptr) return true;
  if (place->empty()) [[likely]]
    return text(field, field.back_offset, field.back_size, *place);
  std::string_view value;
  return text(field, field.back_offset, field.back_size, value) && join(*place, value);
}

bool request_collector::add_request_line(node const& line) noexcept {
  request_.method = line.method_id();
  return text(line, 0, line.front_size, request_.method_text) &&
         (line.missing_parts == 2 || text(line, line.back_offset, line.back_size, request_.target));
}

}  // namespace quire::server
