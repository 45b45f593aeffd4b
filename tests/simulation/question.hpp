// One request of a visitor, and what is right to answer it.
#pragma once

#include "tests/simulation/site_model.hpp"
#include "tests/simulation/tag_ledger.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace quire::simulation {

// The value of a field in a head; empty when there is none.
[[nodiscard]] std::string_view field(std::string_view head, std::string_view name);
[[nodiscard]] std::uint64_t number(std::string_view text);

// As much of an answer as has come.
struct answer {
  unsigned status = 0;
  std::string_view head;  // With the end of its last line.
  std::string_view content;
  std::uint64_t length = 0;  // That is stated.
  bool whole = false;
};

struct question {
  enum class what : std::uint8_t { get, head, range, conditional, post, bad };
  what is = what::bad;
  std::string path = "/";
  std::uint64_t first = 0;  // Of a range.
  std::uint64_t last = 0;
  std::string tag;            // In If-Range or If-None-Match; empty: none, or "*".
  std::size_t accepts = 0;    // Which Accept-Encoding.
  std::size_t wants = 0;      // Which Want-Repr-Digest.
  std::size_t text_size = 0;  // Of the content that it brings.

  // At random. `ledger` has tags that can be asked about.
  static question at_random(io::sim::random_source& random, site_model const& site,
                            tag_ledger const& ledger);
  std::string text() const;
  std::string_view name() const;
};

// True when this may be answered to that. What is whole is entered in the ledger.
[[nodiscard]] bool is_right(answer const& a, question const& q, site_model const& site,
                            tag_ledger& ledger);

}  // namespace quire::simulation
