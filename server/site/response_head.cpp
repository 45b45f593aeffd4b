#include <quire/server/site/response_head.hpp>

namespace quire::server {
namespace {

bool is_field_value(std::string_view value) noexcept {
  for (char const c : value) {
    auto const octet = static_cast<unsigned char>(c);
    if ((octet < 0x20 && c != '\t') || octet == 0x7f) return false;
  }
  return true;
}

}  // namespace

void response_head::start(status s, std::span<char const, http::http_date_size> date) noexcept {
  if (std::string_view const line = status_line(s); !line.empty()) {
    out_.text(line);
  } else {
    out_.text("HTTP/1.1 ");
    out_.decimal(static_cast<std::uint64_t>(code(s)));
    out_.text(" ");
  }
  out_.text("\r\nServer: quire\r\nDate: ");
  date_offset_ = out_.position();
  out_.text({date.data(), date.size()});
  out_.text("\r\n");
}

void response_head::field(std::string_view name, std::string_view value) noexcept {
  if (!is_field_value(value)) return out_.fail();
  out_.text(name);
  out_.text(": ");
  out_.text(value);
  out_.text("\r\n");
}

void response_head::field(std::string_view name, std::uint64_t value) noexcept {
  out_.text(name);
  out_.text(": ");
  out_.decimal(value);
  out_.text("\r\n");
}

void response_head::last_modified(std::int64_t seconds) noexcept {
  char date[http::http_date_size];
  if (!http::format_http_date(seconds, date)) return out_.fail();
  field("Last-Modified", {date, sizeof date});
}

void response_head::validators(representation_fields const& fields) noexcept {
  validators_offset_ = out_.position();
  if (fields.last_modified) last_modified(*fields.last_modified);
  entity_tag(fields.entity_tag);
  if (fields.varies) field("Vary", "Accept-Encoding");
  validators_end_ = out_.position();
}

void response_head::representation(representation_fields const& fields) noexcept {
  if (!fields.content_coding.empty()) field("Content-Encoding", fields.content_coding);
  validators(fields);
  accept_ranges();
  digest(fields.digest);
}

void response_head::content_range(http::byte_extent const& extent, std::uint64_t length) noexcept {
  out_.text("Content-Range: bytes ");
  out_.decimal(extent.first);
  out_.text("-");
  out_.decimal(extent.last);
  out_.text("/");
  out_.decimal(length);
  out_.text("\r\n");
}

void response_head::unsatisfied_range(std::uint64_t length) noexcept {
  out_.text("Content-Range: bytes */");
  out_.decimal(length);
  out_.text("\r\n");
}

}  // namespace quire::server
