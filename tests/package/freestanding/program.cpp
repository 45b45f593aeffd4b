// A program for a place without an operating system and without a C library: it is linked, not run.
// What the linker finds undefined here, an embedder would have to write too.
#include <quire/parser/fields/entity_tag.hpp>
#include <quire/parser/fields/host.hpp>
#include <quire/parser/fields/http_date.hpp>
#include <quire/parser/fields/list.hpp>
#include <quire/parser/fields/parameters.hpp>
#include <quire/parser/fields/quality.hpp>
#include <quire/parser/fields/range.hpp>
#include <quire/parser/fields/request_target.hpp>
#include <quire/parser/fields/uri.hpp>
#include <quire/parser/parser.hpp>

#include <cstddef>

namespace http = quire::http;

extern "C" {

char const* entry_first;
char const* entry_last;
unsigned long entry_result;

// Every freestanding program has these: compilers call them whenever they like.
void* memmove(void* to, void const* from, std::size_t n) {
  auto* const out = static_cast<char volatile*>(to);
  auto const* const in = static_cast<char const*>(from);
  bool const up = out < in;
  for (std::size_t i = 0; i < n; ++i) out[up ? i : n - 1 - i] = in[up ? i : n - 1 - i];
  return to;
}
void* memcpy(void* to, void const* from, std::size_t n) {
  return memmove(to, from, n);
}
void* memset(void* to, int octet, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    static_cast<char volatile*>(to)[i] = static_cast<char>(octet);
  }
  return to;
}
int memcmp(void const* a, void const* b, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    int const difference = static_cast<unsigned char const volatile*>(a)[i] -
                           static_cast<unsigned char const volatile*>(b)[i];
    if (difference != 0) return difference;
  }
  return 0;
}
// This one too, by clang, for the length of a literal.
std::size_t strlen(char const* text) {
  std::size_t n = 0;
  while (static_cast<char const volatile*>(text)[n] != '\0') ++n;
  return n;
}

void entry() {
  http::parser<char const*> parser;
  http::node<char const*> n;
  http::error e;
  while (parser.parse(entry_first, entry_last, n, e) == http::result::ok) {
    if (n.type != http::node_type::field) continue;
    entry_result += static_cast<unsigned>(n.name_id());
    std::string_view const text = n.value();
    http::list_reader list(text);
    http::parameter_reader parameters(text);
    http::byte_extent extents[4];
    std::string_view element;
    http::parameter parameter;
    char out[64];
    entry_result += list.next(element) == http::list_reader::result::element;
    entry_result += parameters.next(parameter) == http::parameter_reader::result::parameter;
    entry_result += http::parse_media_type(text).has_value();
    entry_result += static_cast<unsigned>(http::coding_quality(text, "gzip"));
    entry_result += http::resolve_ranges(text, 100, extents).count;
    entry_result += http::parse_http_date(text, 0).has_value();
    entry_result += http::parse_entity_tag(text).has_value();
    entry_result += http::parse_host(text).has_value();
    entry_result += http::split_request_target(text, "GET").has_value();
    entry_result += http::percent_encode_path(text, out).value_or(0);
  }
}

}  // extern "C"
