// The two parsers behind one interface for `quire parse`: octets go in, elements come out.
//
// Both keep what is not consumed and give memory back as it is. The octets of elements are valid
// until the next call.
#pragma once

#include <quire/buffer/buffer.hpp>
#include <quire/buffer/byte_range.hpp>
#include <quire/parser/buffer_parser.hpp>
#include <quire/parser/parser.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace quire::server {

// A part of a line, or what is no line.
struct element {
  http::part_type type = http::part_type::none;
  std::string_view octets;
  std::uint64_t offset = 0;
};

// What a call has read: all parts of it, or after `need_more` and `error` those of a line that was
// begun.
struct elements {
  element parts[3];
  std::size_t count = 0;

  void add(element const& e) { parts[count++] = e; }
  element const* begin() const noexcept { return parts; }
  element const* end() const noexcept { return parts + count; }
};

// In one run of memory.
class core_source {
 public:
  explicit core_source(http::parser<char const*> const& p) : parser_(p) {}

  void feed(std::string_view octets) {
    pending_.erase(0, consumed_);
    offset_ += consumed_;
    consumed_ = 0;
    pending_ += octets;
  }

  http::result parse(elements& out, http::error& err) {
    char const* const begin = pending_.data();
    char const* first = begin + consumed_;
    http::node<char const*> n;
    http::result const r = parser_.parse(first, begin + pending_.size(), n, err);
    consumed_ = static_cast<std::size_t>(first - begin);
    show(n, out);
    return r;
  }

  http::result finish(elements& out, http::error& err) {
    http::node<char const*> n;
    http::result const r =
        parser_.finish(pending_.data() + consumed_, pending_.data() + pending_.size(), n, err);
    show(n, out);
    return r;
  }

  // Octets that are there and not consumed, and the first of them.
  std::size_t left() const noexcept { return pending_.size() - consumed_; }
  std::string peek(std::size_t n) const { return pending_.substr(consumed_, n); }
  void drop_rest() noexcept { consumed_ = pending_.size(); }

  http::parser<char const*> const& message() const noexcept { return parser_; }

 private:
  void show(http::node<char const*> const& n, elements& out) const {
    out = {};
    for_each_part(n, [&](http::part_type type, std::string_view text) {
      out.add({type, text, offset_ + static_cast<std::uint64_t>(text.data() - pending_.data())});
    });
  }

  http::parser<char const*> parser_;
  std::string pending_;
  std::size_t consumed_ = 0;
  std::uint64_t offset_ = 0;  // Of pending_[0] in the stream.
};

// In pages.
class paged_source {
 public:
  paged_source(http::buffer_parser const& p, std::size_t page_size)
      : parser_(p), page_size_(page_size) {}
  paged_source(paged_source const&) = delete;
  paged_source& operator=(paged_source const&) = delete;
  ~paged_source();

  void feed(std::string_view octets);
  http::result parse(elements& out, http::error& err);
  http::result finish(elements& out, http::error& err);

  std::size_t left() const noexcept { return octets_.size() - consumed_; }
  std::string peek(std::size_t n) const;
  void drop_rest() noexcept { consumed_ = octets_.size(); }

  http::parser<char const*> const& message() const noexcept { return parser_.message(); }

 private:
  page& free_page();
  void show(http::buffer_parser::node_type const& n, elements& out);

  http::buffer_parser parser_;
  std::size_t page_size_;
  buffer octets_;
  std::size_t consumed_ = 0;  // Not committed yet.
  std::deque<page> pages_;
  std::vector<std::unique_ptr<char[]>> memory_;
  std::vector<page*> free_;
  std::string scratch_[3];
};

}  // namespace quire::server
