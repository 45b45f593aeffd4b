// A slow, obvious parser of the same grammar, written from the RFCs for the tests. It shares no
// code with the parser but the names of errors, limits and policy; it reads a whole stream, octet
// by octet.
#pragma once

#include "tests/parser/transcript.hpp"

#include <string>
#include <string_view>

namespace quire::http::test {

// Where `got` differs from what the reference parser says, or an empty string.
std::string reference_difference(std::string_view text, reading const& how, transcript got);

}  // namespace quire::http::test
