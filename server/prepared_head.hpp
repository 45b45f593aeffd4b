// The head of a response as it was written once, to be sent many times with a fresh date.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace quire::server {

struct prepared_head {
  std::string text;             // Without Connection and the empty line.
  std::size_t date_offset = 0;  // Of the value of Date, which whoever sends it writes.
  std::size_t validators_offset = 0;
  std::size_t validators_end = 0;

  // The field lines that 304 repeats (RFC 9110, section 15.4.5).
  std::string_view validators() const noexcept {
    return std::string_view(text).substr(validators_offset, validators_end - validators_offset);
  }
};

}  // namespace quire::server
