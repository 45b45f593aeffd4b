// Memory for encoders that counts what is taken and given back, and fails at one of the calls. Of
// one thread at a time.
#pragma once

#include <quire/server/encoding/content_encoder.hpp>

#include <atomic>
#include <cstddef>
#include <cstdlib>

namespace quire::test {

struct counted_memory {
  std::size_t calls = 0;
  std::size_t in_use = 0;
  std::size_t runs = 0;     // Of an encoder: when it ends it holds nothing.
  std::size_t failing = 0;  // A call, counted from 1; 0: none fails.
  std::atomic<bool>* sets = nullptr;

  server::encoder_memory hooks() {
    return {[](void* self, std::size_t size) -> void* {
              auto& m = *static_cast<counted_memory*>(self);
              if (m.sets != nullptr) m.sets->store(true);
              if (++m.calls == m.failing) return nullptr;
              if (++m.in_use == 1) ++m.runs;
              return std::malloc(size);
            },
            [](void* self, void* memory) {
              if (memory == nullptr) return;
              --static_cast<counted_memory*>(self)->in_use;
              std::free(memory);
            },
            this};
  }
};

}  // namespace quire::test
