#include <quire/server/site/error_page.hpp>

#include <quire/server/site/text_writer.hpp>

namespace quire::server {
namespace {

// What a person is told who sees the page, where the reason phrase does not say it all.
struct explained_status {
  status code;
  std::string_view sentence;
};

constexpr explained_status explanations[] = {
    {status::moved_permanently, "This page has moved for good."},
    {status::permanent_redirect, "This page has moved for good."},
    {status::found, "This page is somewhere else for now."},
    {status::see_other, "This page is somewhere else for now."},
    {status::temporary_redirect, "This page is somewhere else for now."},
    {status::bad_request, "The server could not understand the request."},
    {status::forbidden, "This page may not be read."},
    {status::not_found, "There is no such page."},
    {status::method_not_allowed, "Pages can only be read here."},
    {status::not_acceptable, "The page is not there in a form that the request accepts."},
    {status::request_timeout, "The request did not arrive in time."},
    {status::length_required, "The request does not say how long its content is."},
    {status::precondition_failed, "The page is not in the state that was asked for."},
    {status::content_too_large, "The request has more content than the server takes."},
    {status::uri_too_long, "The address is longer than the server takes."},
    {status::range_not_satisfiable, "The page has no such part."},
    {status::expectation_failed, "The server cannot do what the request expects."},
    {status::misdirected_request, "This server does not answer for that host."},
    {status::too_many_requests, "There were too many requests; try again later."},
    {status::request_header_fields_too_large,
     "The request has longer fields than the server takes."},
    {status::internal_server_error, "The server failed to answer."},
    {status::not_implemented, "The server does not know how to do that."},
    {status::service_unavailable, "The server is busy; try again later."},
    {status::http_version_not_supported, "The server speaks HTTP/1.1."},
};

std::string_view explanation(status s) noexcept {
  for (auto const& entry : explanations) {
    if (entry.code == s) return entry.sentence;
  }
  return {};
}

std::string_view escape_of(char c) noexcept {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

// Controls become spaces: no browser shows them, and some of them end a text early.
void write_escaped(text_writer& out, std::string_view text) noexcept {
  for (char const c : text) {
    auto const octet = static_cast<unsigned char>(c);
    std::string_view const escape = escape_of(c);
    if (!escape.empty()) {
      out.text(escape);
    } else {
      out.character(octet < 0x20 || octet == 0x7f ? ' ' : c);
    }
  }
}

void write_title(text_writer& out, status s) noexcept {
  out.decimal(static_cast<std::uint64_t>(code(s)));
  out.text(" ");
  out.text(reason_phrase(s));
}

void write_paragraph(text_writer& out, std::string_view text) noexcept {
  if (text.empty()) return;
  out.text("<p>");
  write_escaped(out, text);
  out.text("</p>\n");
}

}  // namespace

std::optional<std::size_t> write_error_page(error_page const& page, std::span<char> out) noexcept {
  text_writer writer{out};
  writer.text("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>");
  write_title(writer, page.code);
  writer.text("</title>\n<h1>");
  write_title(writer, page.code);
  writer.text("</h1>\n");
  write_paragraph(writer, explanation(page.code));
  write_paragraph(writer, page.detail);
  if (!page.location.empty()) {
    writer.text("<p><a href=\"");
    write_escaped(writer, page.location);
    writer.text("\">");
    write_escaped(writer, page.location);
    writer.text("</a></p>\n");
  }
  return writer.size();
}

}  // namespace quire::server
