#include <quire/server/octet_source.hpp>

#include <algorithm>
#include <cstring>
#include <iterator>

namespace quire::server {

paged_source::~paged_source() {
  while (octets_.pop() != nullptr) {
  }
}

page& paged_source::free_page() {
  if (free_.empty()) {
    memory_.push_back(std::make_unique<char[]>(page_size_));
    char* const start = memory_.back().get();
    return pages_.emplace_back(start, start + page_size_);
  }
  page& p = *free_.back();
  free_.pop_back();
  p.clear();
  return p;
}

void paged_source::feed(std::string_view octets) {
  octets_.commit_read(consumed_);
  consumed_ = 0;
  while (page* const p = octets_.pop_consumed()) free_.push_back(p);
  while (!octets.empty()) {
    if (octets_.writable() == 0) octets_.push(&free_page());
    mutable_span room[1];
    octets_.scatter(room);
    std::size_t const n = std::min(room[0].size, octets.size());
    std::memcpy(room[0].data, octets.data(), n);
    octets_.commit_write(n);
    octets.remove_prefix(n);
  }
}

void paged_source::show(http::buffer_parser::node_type const& n, elements& out) {
  out = {};
  for_each_part(n, [&](http::part_type type, auto const& part) {
    byte_range const range = {part.first, part.last};
    std::string& scratch = scratch_[out.count];
    if (!range.is_contiguous()) scratch.resize(range.size());
    out.add({type, range.contiguous(scratch), part.first.offset()});
  });
}

http::result paged_source::parse(elements& out, http::error& err) {
  buffer::iterator first = octets_.begin() + static_cast<std::ptrdiff_t>(consumed_);
  http::buffer_parser::node_type n;
  http::result const r = parser_.parse(first, octets_.end(), n, err);
  consumed_ = static_cast<std::size_t>(first - octets_.begin());
  show(n, out);
  return r;
}

http::result paged_source::finish(elements& out, http::error& err) {
  buffer::iterator const at = octets_.begin() + static_cast<std::ptrdiff_t>(consumed_);
  http::buffer_parser::node_type n;
  http::result const r = parser_.finish(at, octets_.end(), n, err);
  show(n, out);
  return r;
}

std::string paged_source::peek(std::size_t n) const {
  buffer::iterator const from = octets_.begin() + static_cast<std::ptrdiff_t>(consumed_);
  return std::string(from, from + static_cast<std::ptrdiff_t>(std::min(n, left())));
}

}  // namespace quire::server
