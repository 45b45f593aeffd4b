#include "tests/simulation/tag_ledger.hpp"

#include <quire/server/message_digest.hpp>

#include "tests/simulation/pages.hpp"

#include <algorithm>
#include <span>

namespace quire::simulation {

bool tag_ledger::agrees(std::string_view file, std::string_view tag, std::string_view bytes,
                        std::uint64_t offset, std::uint64_t total) {
  account& a = files_[std::string(file)][std::string(tag)];
  last_tags_[std::string(file)] = tag;
  if (!a.begun) {
    a.begun = true;
    a.missing = static_cast<std::size_t>(total);
    a.bytes.assign(a.missing, '\0');
    a.seen.assign(a.missing, '\0');
  }
  if (a.bytes.size() != total || offset > total || bytes.size() > total - offset) return false;
  if (!add(a, bytes, static_cast<std::size_t>(offset))) return false;
  if (a.missing != 0 || bytes.empty()) return true;
  return std::all_of(a.digests.begin(), a.digests.end(),
                     [&](auto const& d) { return is_right(a, d.second); });
}

bool tag_ledger::add(account& a, std::string_view bytes, std::size_t at) {
  if (a.missing == 0) return a.bytes.compare(at, bytes.size(), bytes) == 0;
  if (a.missing == bytes.size() && bytes.size() == a.bytes.size()) {
    a.bytes = bytes;
    a.missing = 0;
    return true;
  }
  for (char const c : bytes) {
    if (a.seen[at] != '\0' && a.bytes[at] != c) return false;
    if (a.seen[at] == '\0') --a.missing;
    a.seen[at] = '\1';
    a.bytes[at++] = c;
  }
  return true;
}

bool tag_ledger::agrees_on_digest(std::string_view file, std::string_view tag,
                                  std::string_view digest) {
  account& a = files_[std::string(file)][std::string(tag)];
  auto const [at, is_new] =
      a.digests.emplace(std::string(digest.substr(0, digest.find('='))), std::string(digest));
  if (!is_new) return at->second == digest;
  return !a.begun || a.missing != 0 || is_right(a, digest);
}

std::string_view tag_ledger::last_tag(std::string_view file) const {
  auto const at = last_tags_.find(file);
  return at == last_tags_.end() ? std::string_view{} : std::string_view(at->second);
}

bool tag_ledger::is_right(account const& a, std::string_view digest) {
  pages content(a.bytes);
  for (server::digest_name const& n : server::digest_names) {
    if (digest.substr(0, digest.find('=')) != n.name) continue;
    auto const right = server::digest_of(content.bytes(), n.algorithm);
    return digest ==
           server::digest_field_value(n.algorithm, std::span(right.bytes).first(right.size));
  }
  return false;
}

}  // namespace quire::simulation
