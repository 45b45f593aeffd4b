#include <quire/server/representation_head.hpp>
#include <quire/server/site/file_entity_tag.hpp>
#include <quire/server/site/response_head.hpp>

#include <fmt/format.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <array>

namespace quire::server {
namespace {

std::string with_coding(std::string tag, content_coding coding) {
  if (coding == content_coding::identity) return tag;
  return tag.insert(tag.size() - 1, fmt::format("-{}", name_of(coding).name));
}

}  // namespace

std::string content_entity_tag(buffer const& content, content_coding coding) {
  XXH3_state_t state;
  XXH3_64bits_reset(&state);
  for (auto run = content.pages_begin(); run != content.pages_end(); ++run) {
    XXH3_64bits_update(&state, (*run).data, (*run).size);
  }
  return with_coding(fmt::format("\"{:016x}\"", XXH3_64bits_digest(&state)), coding);
}

std::string version_entity_tag(io::file_status const& status, content_coding coding) {
  std::array<char, file_entity_tag_max> memory;
  std::string_view const tag =
      write_file_entity_tag({status.size, status.modified_ns, status.changed_ns}, memory);
  return with_coding(std::string(tag), coding);
}

prepared_head representation_head(representation_fields const& fields) {
  std::array<char, 1024> memory;
  std::array<char, http::http_date_size> date;
  date.fill(' ');
  response_head head(memory);
  head.start(status::ok, date);
  head.content_type(fields.media_type);
  head.content_length(fields.length);
  head.representation(fields);
  return {{memory.data(), head.size().value()},
          head.date_offset(),
          head.validators_offset(),
          head.validators_end()};
}

}  // namespace quire::server
