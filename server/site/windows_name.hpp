// Names that Windows reads as something else than the file of that name.
//
// Pure text, so that it is tested on every system; a server on Windows asks before it opens a file.
//
// | name                                    | what Windows opens                         |
// |-----------------------------------------|--------------------------------------------|
// | `con`, `nul.txt`, `com1`, `aux .html`   | a device, in every folder                  |
// | `secret.txt.`, `secret.txt `            | `secret.txt`, past a rule about its name   |
// | `a.php::$DATA`, `a:b`, `c:`             | a stream of the file, another drive        |
// | `a\b`                                   | `b` in `a`                                 |
// | `SECRET~1.TXT`                          | the file whose short name that is          |
// | `a*`, `a?`, `"a"`, `a<b`, `a>b`, `a|b`  | nothing, or what a pattern matches         |
#pragma once

#include <string_view>

namespace quire::server {

// True when a name between the slashes of `path` is one of these. Requires: no control octets.
[[nodiscard]] bool is_hostile_on_windows(std::string_view path) noexcept;

}  // namespace quire::server
