#include <quire/server/site/directory_redirect.hpp>

#include <quire/parser/fields/uri.hpp>
#include <quire/server/site/text_writer.hpp>

namespace quire::server {

std::optional<std::size_t> write_directory_location(request_path const& path,
                                                    std::span<char> out) noexcept {
  // resolve_request_path() leaves no slash at either end; for a path from elsewhere it is made so.
  std::string_view name = path.path;
  while (name.starts_with('/')) name.remove_prefix(1);
  while (name.ends_with('/')) name.remove_suffix(1);
  text_writer writer{out};
  writer.text("/");
  if (!name.empty()) {
    writer.wrote(http::percent_encode_path(name, writer.room()));
    writer.text("/");
  }
  if (path.has_query) {
    writer.text("?");
    writer.wrote(http::percent_encode_query(path.query, writer.room()));
  }
  return writer.size();
}

}  // namespace quire::server
