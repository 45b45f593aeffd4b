// Field values on any input: every reader comes to an end, what it gives lies in the input, and
// what it gives, read again alone, is the same.
#include "expect.hpp"

#include <quire/parser/fields/caseless.hpp>
#include <quire/parser/fields/entity_tag.hpp>
#include <quire/parser/fields/http_date.hpp>
#include <quire/parser/fields/list.hpp>
#include <quire/parser/fields/parameters.hpp>
#include <quire/parser/fields/quality.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

using namespace quire::http;

namespace {

bool lies_in(std::string_view part, std::string_view whole) {
  std::less_equal<char const*> const not_after;
  return not_after(whole.data(), part.data()) &&
         not_after(part.data() + part.size(), whole.data() + whole.size());
}

void check_date(std::string_view text) {
  auto const date = parse_http_date(text, 1'770'000'000);
  if (!date) return;
  char formatted[http_date_size];
  expect(format_http_date(*date, formatted));
  expect(parse_http_date({formatted, sizeof formatted}, 0) == date);
}

void check_entity_tags(std::string_view text) {
  entity_tag_reader reader{text};
  entity_tag tag;
  bool found = false;
  auto result = reader.next(tag);
  for (; result == entity_tag_reader::result::tag; result = reader.next(tag)) {
    expect(lies_in(tag.opaque, text));
    auto const alone = (tag.weak ? "W/\"" : "\"") + std::string(tag.opaque) + "\"";
    auto const again = parse_entity_tag(alone);
    expect(again && equal_weak(*again, tag) && again->weak == tag.weak);
    found = found || equal_weak(tag, {"a", false});
  }
  auto const match = match_entity_tags(text, {"a", false}, entity_tag_comparison::weak);
  if (result == entity_tag_reader::result::end) {
    expect(match == (found ? entity_tag_match::one : entity_tag_match::none));
  } else {
    expect(match == entity_tag_match::any || match == entity_tag_match::malformed);
  }
}

void check_list(std::string_view text, list_syntax syntax) {
  list_reader reader{text, syntax};
  std::string_view element;
  while (reader.next(element) == list_reader::result::element) {
    expect(!element.empty() && lies_in(element, text) && trim_blanks(element) == element);
    list_reader alone{element, syntax};
    std::string_view again;
    expect(alone.next(again) == list_reader::result::element && again == element);
    expect(alone.next(again) == list_reader::result::end);
  }
  expect(reader.position() <= text.size());
}

void check_parameters(std::string_view text) {
  parameter_reader reader{text};
  parameter next;
  while (reader.next(next) == parameter_reader::result::parameter) {
    expect(is_token(next.name) && lies_in(next.name, text) && lies_in(next.value.raw(), text));
    if (next.value.quoted()) {
      auto const quoted = "\"" + std::string(next.value.raw()) + "\"";
      expect(quoted_string_size(quoted) == quoted.size());
    } else {
      expect(is_token(next.value.raw()));
    }
    std::string meaning(next.value.raw().size(), '\0');
    auto const size = next.value.copy_to(meaning);
    expect(size.has_value());
    meaning.resize(*size);
    expect(next.value.equals(meaning) && next.value.equals_caseless(meaning));
  }
  (void)parse_media_type(text);
}

void check_codings(std::string_view text) {
  for (std::string_view const coding : {"gzip", "br", "identity"}) {
    int const quality = coding_quality(text, coding);
    expect(quality >= 0 && quality <= quality_max);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const text{reinterpret_cast<char const*>(data), size};
  check_date(text);
  check_entity_tags(text);
  check_list(text, list_syntax::plain);
  check_list(text, list_syntax::comments);
  check_parameters(text);
  check_codings(text);
  return 0;
}
