// Runs a stream through every parser in every way, and compares all of them.
#pragma once

#include "tests/parser/transcript.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace quire::http::test {

// The octets arrive in pieces that end at `cuts`; before each piece, what was not consumed moves to
// memory of exactly its size, so that a sanitizer sees every octet read too many.
transcript run_core(std::string_view text, reading const& how,
                    std::vector<std::size_t> const& cuts);

// The same, but the octets stay where they are and only the end moves.
transcript run_core_in_place(std::string_view text, reading const& how, std::size_t piece);

// The same over the iterators of containers.
transcript run_deque(std::string_view text, reading const& how, std::size_t piece);
transcript run_list(std::string_view text, reading const& how, std::size_t piece);

// Through a buffer with pages of this size, `piece` octets at a time; 0: all at once.
transcript run_buffer(std::string_view text, reading const& how, std::size_t page_size,
                      std::size_t piece);

// One way that differs from the rest, or an empty string.
std::string first_difference(std::string_view text, reading const& how);

// Every way gives this transcript, the reference parser's included.
void expect_transcript(std::string_view text, std::string_view wanted, reading const& how = {});

// The same for the last line only: how the stream ends.
void expect_verdict(std::string_view text, std::string_view wanted, reading const& how = {});

// A request whose content is `body`, in chunks that start at offset 55.
inline std::string chunked(std::string const& body) {
  return "POST / HTTP/1.1\r\nHost:a\r\nTransfer-Encoding: chunked\r\n\r\n" + body;
}

}  // namespace quire::http::test
