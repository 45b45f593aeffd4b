#include <quire/server/site/file_entity_tag.hpp>

#include <quire/server/site/text_writer.hpp>

namespace quire::server {

std::string_view write_file_entity_tag(file_version const& version,
                                       std::span<char, file_entity_tag_max> out) noexcept {
  text_writer writer{out};
  writer.text("\"");
  writer.hexadecimal(version.size);
  writer.text("-");
  writer.hexadecimal(static_cast<std::uint64_t>(version.modified_ns));
  writer.text("-");
  writer.hexadecimal(static_cast<std::uint64_t>(version.changed_ns));
  writer.text("\"");
  return {out.data(), writer.position()};
}

}  // namespace quire::server
