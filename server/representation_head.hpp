// What is made once for each generation of a file: its entity tag and the head of its 200 response.
#pragma once

#include <quire/buffer/buffer.hpp>
#include <quire/io/file_status.hpp>
#include <quire/server/prepared_head.hpp>
#include <quire/server/site/content_coding.hpp>
#include <quire/server/site/representation_fields.hpp>

#include <cstddef>
#include <string>

namespace quire::server {

// Both kinds of tags end in the name of the content coding, so that no two codings of a file share
// one: "1f0c-br".

// A strong entity tag: a hash of the content, so that replicas of a site agree and time stamps do
// not matter. XXH3, 64 bits: the content is the site's own, so nobody looks for collisions.
[[nodiscard]] std::string content_entity_tag(buffer const& content,
                                             content_coding coding = content_coding::identity);

// A strong entity tag for a file that is too large to be hashed: size and times.
[[nodiscard]] std::string version_entity_tag(io::file_status const& status,
                                             content_coding coding = content_coding::identity);

// Of the 200 response.
[[nodiscard]] prepared_head representation_head(representation_fields const& fields);

}  // namespace quire::server
