// What the access log will say of a request whose texts are given back before its response ends.
#pragma once

#include <quire/server/access_log.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <string>
#include <string_view>

namespace quire::server {

class kept_record {
 public:
  // nullptr when there is no memory. Costs some hundred bytes and the texts.
  static std::unique_ptr<kept_record> of(access_record const& record) noexcept {
    try {
      return std::unique_ptr<kept_record>(new kept_record(record));
    } catch (std::bad_alloc const&) {
      return nullptr;
    }
  }
  kept_record(kept_record const&) = delete;
  kept_record& operator=(kept_record const&) = delete;

  // After so many more bytes of content.
  access_record with_bytes(std::uint64_t more) const noexcept {
    access_record all = record_;
    all.bytes += more;
    return all;
  }

 private:
  explicit kept_record(access_record const& record) : record_(record) {
    std::string_view* const views[] = {&record_.method, &record_.target, &record_.referer,
                                       &record_.user_agent};
    std::size_t size = 0;
    for (std::string_view const* v : views) size += v->size();
    texts_.reserve(size);  // So that the views stay right.
    for (std::string_view* v : views) {
      char const* const begin = texts_.data() + texts_.size();
      texts_ += *v;
      *v = {begin, v->size()};
    }
  }

  access_record record_;
  std::string texts_;
};

}  // namespace quire::server
