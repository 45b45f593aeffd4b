// A text in pages of its own, for functions that work on pages.
#pragma once

#include <quire/buffer/buffer.hpp>
#include <quire/buffer/page_pool.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <new>
#include <string>
#include <string_view>

namespace quire::simulation {

class pages {
 public:
  // Throws std::bad_alloc.
  explicit pages(std::string_view text) : pages(text.size()) {
    while (!text.empty()) {
      std::array<mutable_span, 1> room{};
      bytes_.scatter(room);
      std::size_t const here = std::min(room[0].size, text.size());
      std::memcpy(room[0].data, text.data(), here);
      bytes_.commit_write(here);
      text.remove_prefix(here);
    }
  }
  // Room for so many bytes.
  explicit pages(std::size_t size) : pool_(size + (2u << 20)) {
    while (bytes_.writable() < size) {
      page* const p = pool_.acquire();
      if (p == nullptr) throw std::bad_alloc();
      bytes_.push(p);
    }
  }
  pages(pages const&) = delete;
  pages& operator=(pages const&) = delete;
  ~pages() {
    while (page* const p = bytes_.pop()) pool_.release(p);
  }

  buffer& bytes() noexcept { return bytes_; }
  buffer const& bytes() const noexcept { return bytes_; }
  std::string text() const { return {bytes_.begin(), bytes_.end()}; }

 private:
  page_pool pool_;
  buffer bytes_;
};

}  // namespace quire::simulation
