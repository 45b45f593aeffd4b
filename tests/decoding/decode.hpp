// What a client reads out of content that was encoded: the counterpart of server/encoding/.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace quire::test {

// Decodes what Content-Encoding calls "br", "zstd" or "gzip"; nothing when it is malformed, cut
// short, or followed by anything, or when there is no library for it.
std::optional<std::string> decode(std::string_view coding, std::string_view content);

}  // namespace quire::test
