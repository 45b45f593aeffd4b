#include <quire/server/representation_head.hpp>
#include <quire/server/site/file_entity_tag.hpp>
#include <quire/server/site/response_head.hpp>

#include <fmt/format.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <array>

namespace quire::server {

std::string content_entity_tag(buffer const& content) {
  XXH3_state_t state;
  XXH3_64bits_reset(&state);
  for (auto run = content.pages_begin(); run != content.pages_end(); ++run) {
    XXH3_64bits_update(&state, (*run).data, (*run).size);
  }
  return fmt::format("\"{:016x}\"", XXH3_64bits_digest(&state));
}

std::string version_entity_tag(io::file_status const& status) {
  std::array<char, file_entity_tag_max> memory;
  return std::string(
      write_file_entity_tag({status.size, status.modified_ns, status.changed_ns}, memory));
}

std::string representation_head(std::string_view media_type, std::uint64_t size,
                                std::string_view entity_tag,
                                std::optional<std::int64_t> last_modified,
                                std::size_t& date_offset) {
  std::array<char, 1024> memory;
  std::array<char, http::http_date_size> date;
  date.fill(' ');
  response_head head(memory);
  head.start(status::ok, date);
  head.content_type(media_type);
  head.content_length(size);
  if (last_modified) head.last_modified(*last_modified);
  head.entity_tag(entity_tag);
  head.accept_ranges();
  date_offset = head.date_offset();
  return {memory.data(), head.size().value()};
}

}  // namespace quire::server
