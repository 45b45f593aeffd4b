// From a request-target to the path of a file below the root of the site.
//
// The path is percent-decoded once; empty segments are dropped, as a file system would; then "."
// and
// ".." are resolved. What comes out is made of names joined by single slashes: it never starts with
// a slash, holds no "." or ".." segment, no empty segment, no control octet and no backslash. So to
// append it to the root cannot leave the root, on any system; symbolic links are for who opens it.
//
// | in the target                                  | verdict          | answer |
// |------------------------------------------------|------------------|--------|
// | no origin-form and no absolute-form            | malformed        | 400    |
// | "%" without two hexadecimal digits             | malformed        | 400    |
// | a control, NUL or DEL, encoded or not          | malformed        | 400    |
// | a backslash that is not encoded: no URI octet  | malformed        | 400    |
// | ".." that climbs above the root                | above_the_root   | 400    |
// | "%2f" or "%5c": in no name on all systems      | no_such_name     | 404    |
// | a name that starts with "."                    | hidden           | 404    |
// | longer, decoded, than the memory for it        | too_long         | 414    |
//
// ".well-known" is served at the top of the site (RFC 8615); a name that starts with "." below it
// is as hidden as elsewhere. Hidden is judged after ".." is resolved. Octets above 0x7f go through
// as they are: names are octets.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace quire::server {

enum class path_verdict : std::uint8_t {
  ok,
  malformed,
  above_the_root,
  no_such_name,
  hidden,
  too_long,
};

struct request_path {
  path_verdict verdict = path_verdict::ok;
  bool has_query = false;
  std::string_view path;  // in the caller's memory: "a/b.html"; "a/b/" for a directory; "" the root
  std::string_view query = {};  // in the request-target, as it was sent

  // True when the target names a directory: it ends with a slash, or with a dot segment.
  bool is_directory() const noexcept { return path.empty() || path.back() == '/'; }
};

// Resolves `target` of a request whose method is none of CONNECT and OPTIONS. `memory` bounds the
// decoded path and holds the result; it may not overlap the target.
[[nodiscard]] request_path resolve_request_path(std::string_view target,
                                                std::span<char> memory) noexcept;

}  // namespace quire::server
