#include <quire/server/site/conditional.hpp>

#include <quire/parser/fields/http_date.hpp>

namespace quire::server {
namespace {

using http::entity_tag_comparison;
using http::entity_tag_match;

// The date of a condition on time; nothing when the field is absent or to be ignored.
std::optional<std::int64_t> condition_date(std::optional<std::string_view> const& field,
                                           std::int64_t now) noexcept {
  if (!field) return std::nullopt;
  return http::parse_http_date(*field, now);
}

// RFC 9110, section 13.1.1.
bool if_match(std::string_view field, validators const& current) noexcept {
  auto const match =
      http::match_entity_tags(field, current.entity_tag, entity_tag_comparison::strong);
  return match == entity_tag_match::one || match == entity_tag_match::any;
}

// RFC 9110, section 13.1.2.
bool if_none_match(std::string_view field, validators const& current) noexcept {
  auto const match =
      http::match_entity_tags(field, current.entity_tag, entity_tag_comparison::weak);
  return match == entity_tag_match::none || match == entity_tag_match::malformed;
}

// RFC 9110, section 13.1.5. A date must be the very one that Last-Modified states, and it is only a
// strong validator when the second that it names is over (section 8.8.2.2).
bool if_range(std::string_view field, validators const& current, std::int64_t now) noexcept {
  if (auto const tag = http::parse_entity_tag(field)) {
    return http::equal_strong(*tag, current.entity_tag);
  }
  auto const date = http::parse_http_date(field, now);
  return date && current.last_modified && *date == *current.last_modified && *date < now;
}

}  // namespace

precondition_verdict evaluate_preconditions(preconditions const& request, validators const& current,
                                            std::int64_t now) noexcept {
  if (request.if_match) {
    if (!if_match(*request.if_match, current)) return precondition_verdict::precondition_failed;
  } else if (auto const date = condition_date(request.if_unmodified_since, now)) {
    if (current.last_modified && *current.last_modified > *date) {
      return precondition_verdict::precondition_failed;
    }
  }
  if (request.if_none_match) {
    if (!if_none_match(*request.if_none_match, current)) return precondition_verdict::not_modified;
  } else if (auto const date = condition_date(request.if_modified_since, now)) {
    if (current.last_modified && *current.last_modified <= *date) {
      return precondition_verdict::not_modified;
    }
  }
  if (request.if_range && !if_range(*request.if_range, current, now)) {
    return precondition_verdict::ignore_range;
  }
  return precondition_verdict::proceed;
}

std::optional<std::int64_t> stated_last_modified(std::int64_t modified_ns,
                                                 std::int64_t now) noexcept {
  constexpr std::int64_t second = 1'000'000'000;
  std::int64_t const seconds = modified_ns / second - (modified_ns % second < 0 ? 1 : 0);
  if (seconds > now) return std::nullopt;
  return seconds;
}

}  // namespace quire::server
