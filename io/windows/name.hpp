// Names that Windows, or a file system of it, reads as something else than the file of that name.
//
// Pure text, so that it is compiled and tested on every system. What opens files on Windows asks it
// of every name in a path, also in the target of a symbolic link.
//
// | name                                    | what Windows opens                         |
// |-----------------------------------------|--------------------------------------------|
// | `con`, `nul.txt`, `com1`, `aux .html`   | a device, in every folder                  |
// | `secret.txt.`, `secret.txt `            | `secret.txt`, past a rule about its name   |
// | `a.php::$DATA`, `a:b`, `c:`             | a stream of the file, another drive        |
// | `a\b`                                   | `b` in `a`                                 |
// | `SECRET~1.TXT`                          | the file whose short name that is          |
// | `a*`, `a?`, `"a"`, `a<b`, `a>b`, `a|b`  | nothing, or what a pattern matches         |
// | a control octet                         | nothing                                    |
#pragma once

#include <string_view>

namespace quire::io::nt {

// True when the name, in UTF-8, is one of these, is empty, or is "." or "..".
[[nodiscard]] bool is_hostile_name(std::string_view name) noexcept;

}  // namespace quire::io::nt
