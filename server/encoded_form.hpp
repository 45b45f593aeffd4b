// What a file became in a content coding: bytes that all workers of a process send, each from where
// they lie.
//
// Immutable, so that any number of threads may read it. Who holds a std::shared_ptr to it keeps it;
// it knows nobody and may outlive whoever made it.
#pragma once

#include <quire/buffer/memory_span.hpp>
#include <quire/server/encoding/content_encoder.hpp>

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

namespace quire::server {

class encoded_form {
 public:
  struct free_memory {
    void operator()(char* memory) const noexcept { std::free(memory); }
  };
  // From std::malloc().
  using memory = std::unique_ptr<char, free_memory>;

  // No form: the content does not get smaller, in whatever coding.
  encoded_form() = default;
  encoded_form(memory bytes, std::size_t size, std::string entity_tag) noexcept
      : bytes_(std::move(bytes)), size_(size), entity_tag_(std::move(entity_tag)) {}

  // Either encoded or too_long.
  encoding_outcome outcome() const noexcept {
    return bytes_ != nullptr ? encoding_outcome::encoded : encoding_outcome::too_long;
  }
  const_span bytes() const noexcept { return {bytes_.get(), size_}; }
  std::size_t size() const noexcept { return size_; }
  std::string const& entity_tag() const noexcept { return entity_tag_; }

 private:
  memory bytes_;
  std::size_t size_ = 0;
  std::string entity_tag_;
};

}  // namespace quire::server
