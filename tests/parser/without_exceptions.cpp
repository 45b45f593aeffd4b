// Compiled without exceptions and RTTI: the core parser needs neither, and no library but its own.
#include <quire/parser/parser.hpp>

namespace quire::http::test {

// The number of fields of the first message.
unsigned count_fields(char const* first, char const* last) noexcept {
  parser<char const*> p;
  node<char const*> n;
  error e;
  unsigned fields = 0;
  while (p.parse(first, last, n, e) == result::ok) fields += n.type == node_type::field;
  return fields;
}

}  // namespace quire::http::test
