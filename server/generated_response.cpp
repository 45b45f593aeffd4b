#include <quire/server/generated_response.hpp>

#include <quire/server/site/error_page.hpp>
#include <quire/server/site/response_head.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <span>

namespace quire::server {
namespace {

using date_text = std::span<char const, http::http_date_size>;

date_text date_of(response_context const& context) noexcept {
  return date_text(context.date.text().data(), http::http_date_size);
}

std::string_view connection_field(persistence p) noexcept {
  switch (p) {
    case persistence::keep:
      return "\r\n";
    case persistence::keep_and_say:
      return "Connection: keep-alive\r\n\r\n";
    case persistence::close:
      return "Connection: close\r\n\r\n";
  }
  return "\r\n";
}

void end_head(response_head& head, persistence p) noexcept {
  if (p == persistence::keep_and_say) head.connection_keep_alive();
  if (p == persistence::close) head.connection_close();
  head.end();
}

// Writes by `write`, which takes the memory and returns the size of what it wrote.
template <class Writer>
bool add_text(output& out, std::size_t size_max, Writer write) noexcept {
  char* const memory = out.reserve_text(size_max);
  if (memory == nullptr) return false;
  std::optional<std::size_t> const size = write(std::span<char>(memory, size_max));
  if (!size) return false;
  out.commit_text(*size);
  return true;
}

// Heads without text from outside are shorter than this.
constexpr std::size_t plain_head_max = 1024;

// All but Connection and the empty line.
void write_page_head(response_head& head, date_text date, status_page const& page,
                     std::size_t length) noexcept {
  head.start(page.code, date);
  head.content_type(error_page_type);
  head.content_length(length);
  if (!page.location.empty()) head.location(page.location);
  if (!page.allow.empty()) head.allow(page.allow);
  if (page.unsatisfied_length) head.unsatisfied_range(*page.unsatisfied_length);
  if (page.varies) head.field("Vary", "Accept-Encoding");
  if (page.retry) head.field("Retry-After", std::uint64_t{1});
}

std::optional<std::size_t> write_page(response_context const& context, status_page const& page,
                                      std::span<char> memory, std::uint64_t& content) noexcept {
  // The page is written behind the longest head that fits, then moved: its length is in the head.
  std::size_t const half = memory.size() / 2;
  std::span<char> const body_memory = memory.subspan(half);
  std::optional<std::size_t> body =
      write_error_page({page.code, page.detail, page.location}, body_memory);
  // A long location goes into its field alone.
  if (!body) body = write_error_page({page.code, page.detail, {}}, body_memory);
  if (!body) return std::nullopt;
  response_head head(memory.first(half));
  write_page_head(head, date_of(context), page, *body);
  end_head(head, context.persists);
  std::optional<std::size_t> const size = head.size();
  if (!size) return std::nullopt;
  content = context.head_only ? 0 : *body;
  if (context.head_only) return size;
  std::memmove(memory.data() + *size, body_memory.data(), *body);
  return *size + *body;
}

std::optional<std::uint64_t> add_prepared_page(response_context const& context,
                                               prepared_page const& page) noexcept {
  std::size_t const content = context.head_only ? 0 : page.body.size();
  if (!add_prepared(context, page.head, {}, std::string_view(page.body).substr(0, content))) {
    return std::nullopt;
  }
  return content;
}

}  // namespace

prepared_pages::prepared_pages() {
  constexpr status often[] = {status::not_found, status::forbidden};
  std::array<char, http::http_date_size> date;
  date.fill(' ');
  for (status const code : often) {
    std::array<char, plain_head_max> memory;
    std::string const body(memory.data(), write_error_page({code, {}, {}}, memory).value());
    response_head head(memory);
    write_page_head(head, date, {.code = code}, body.size());
    pages_.push_back({code, {{memory.data(), head.size().value()}, head.date_offset()}, body});
  }
}

std::optional<std::uint64_t> add_status_page(response_context const& context,
                                             status_page const& page) noexcept {
  if (page.says_only_its_status()) {
    if (prepared_page const* const ready = context.pages.find(page.code)) {
      return add_prepared_page(context, *ready);
    }
  }
  std::uint64_t content = 0;
  auto const write = [&](std::span<char> memory) {
    return write_page(context, page, memory, content);
  };
  if (!add_text(context.out, output::text_max, write)) return std::nullopt;
  return content;
}

bool add_no_content(response_context const& context, std::string_view allow) noexcept {
  return add_text(context.out, plain_head_max, [&](std::span<char> memory) {
    response_head head(memory);
    head.start(status::no_content, date_of(context));
    head.allow(allow);
    end_head(head, context.persists);
    return head.size();
  });
}

bool add_continue(output& out) noexcept {
  return add_text(out, plain_head_max, [](std::span<char> memory) {
    text_writer writer(memory);
    writer.text("HTTP/1.1 100 Continue\r\n\r\n");
    return writer.size();
  });
}

bool add_not_modified(response_context const& context, std::string_view validators,
                      std::string_view digest) noexcept {
  return add_text(context.out, plain_head_max, [&](std::span<char> memory) {
    response_head head(memory);
    head.start(status::not_modified, date_of(context));
    head.lines(validators);
    head.digest(digest);
    end_head(head, context.persists);
    return head.size();
  });
}

bool add_partial_head(response_context const& context, representation_fields const& fields,
                      http::byte_extent const& extent) noexcept {
  return add_text(context.out, plain_head_max, [&](std::span<char> memory) {
    response_head head(memory);
    head.start(status::partial_content, date_of(context));
    head.content_type(fields.media_type);
    head.content_length(extent.size());
    head.content_range(extent, fields.length);
    head.representation(fields);
    end_head(head, context.persists);
    return head.size();
  });
}

bool add_multipart_head(response_context const& context, representation_fields const& fields,
                        multipart const& form, std::uint64_t length) noexcept {
  std::array<char, 64> type;
  text_writer type_writer(type);
  type_writer.text("multipart/byteranges; boundary=");
  type_writer.text(form.boundary_text());
  std::string_view const type_text(type.data(), type_writer.position());
  return add_text(context.out, plain_head_max, [&](std::span<char> memory) {
    response_head head(memory);
    head.start(status::partial_content, date_of(context));
    head.content_type(type_text);
    head.content_length(length);
    head.validators(fields);
    head.accept_ranges();
    head.digest(fields.digest);
    end_head(head, context.persists);
    return head.size();
  });
}

bool add_prepared(response_context const& context, prepared_head const& head,
                  std::string_view digest, std::string_view content) noexcept {
  std::string_view const end = connection_field(context.persists);
  std::size_t const digest_line =
      digest.empty() ? 0
                     : repr_digest_name.size() + digest.size() + std::string_view(": \r\n").size();
  std::string_view const text = head.text();
  std::size_t const size = text.size() + digest_line + end.size() + content.size();
  char* const memory = context.out.reserve_text(size);
  if (memory == nullptr) return false;
  char* after = std::copy(text.begin(), text.end(), memory);
  if (digest_line != 0) {
    response_head line(std::span<char>(after, digest_line));
    line.digest(digest);
    after += digest_line;
  }
  std::memcpy(memory + head.date_offset(), context.date.text().data(), http::http_date_size);
  std::copy(content.begin(), content.end(), std::copy(end.begin(), end.end(), after));
  context.out.commit_text(size);
  return true;
}

}  // namespace quire::server
