#include "tests/simulation/site_model.hpp"

#include <quire/server/encoding/content_encoder.hpp>
#include <quire/server/site/encoding_worth.hpp>

#include "tests/decoding/decode.hpp"
#include "tests/simulation/pages.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <utility>

namespace quire::simulation {
namespace {

struct kind {
  std::string_view name;
  std::size_t size_max;
};
constexpr std::array<char const*, 2> sites = {"a/", "b/"};
// The last one is larger than what a cache of this size keeps in memory.
constexpr std::array<kind, 7> kinds = {{{"index.html", 2000},
                                        {"style.css", 9000},
                                        {"docs/index.html", 500},
                                        {"empty.txt", 0},
                                        {"noise.txt", 3000},
                                        {"beside.html", 3000},
                                        {"large.bin", 400'000}}};
constexpr std::string_view noisy = "noise.txt";
constexpr std::string_view beside_itself = "beside.html";

// What the server makes of it, which a client must be able to read.
std::string in_gzip(std::string const& text) {
  pages const in(text);
  pages out(2 * text.size() + 1000);
  std::atomic<bool> const stop = false;
  auto const outcome = server::encode(server::content_coding::gzip, in.bytes(), out.bytes(),
                                      2 * text.size() + 1000, stop);
  if (outcome != server::encoding_outcome::encoded) return {};
  std::string encoded = out.text();
  return test::decode("gzip", encoded) == text ? encoded : std::string();
}

}  // namespace

site_model::site_model(io::sim::proactor& p, io::sim::random_source& random,
                       site_rules const& rules)
    : proactor_(p), random_(random), rules_(rules) {
  for (kind const& k : kinds) {
    files_.push_back({std::string(k.name), {}, {}, {}});
    for (char const* site : sites) {
      write(files_.back(), site, k.size_max);
      if (k.name == beside_itself) write_beside(files_.back(), site);
    }
  }
  move_root();
}

// To either site; it may be the one that it was.
void site_model::move_root() {
  proactor_.files().remove(root);
  proactor_.files().make_link(root, random_.below(2) == 0 ? "a" : "b");
}

std::string site_model::some_site() {
  return sites[random_.below(sites.size())];
}

std::string site_model::next_version(file const& f, std::size_t size) const {
  std::string const stamp =
      f.name.substr(0, 2) + std::to_string(f.versions.size()) + std::string(1, '.');
  std::string content;
  content.reserve(size);
  if (f.name == noisy) {
    io::sim::random_source noise(f.versions.size());
    while (content.size() < size) content += static_cast<char>(noise.next());
    return content;
  }
  content.append(stamp, 0, size);
  while (content.size() < size) content.append(content, 0, size - content.size());
  return content;
}

// Changes are long ago, or just now, each at a time of its own.
void site_model::set_clock() {
  if (random_.below(2) == 0) proactor_.files().set_clock(++just_now_ns_);
}

void site_model::write(file& f, std::string const& site, std::size_t size) {
  set_clock();
  std::string content = next_version(f, size);
  f.versions.push_back(content);
  if (random_.below(2) == 0) return proactor_.files().replace_file(site + f.name, content);
  proactor_.files().make_file(site + f.name, content);
}

// Of the last version, whichever site that is in.
void site_model::write_beside(file& f, std::string const& site) {
  set_clock();
  f.beside.push_back(in_gzip(f.versions.back()));
  proactor_.files().make_file(site + f.name + ".gz", f.beside.back());
}

void site_model::end_slow_write() {
  if (slowly_written_ == nullptr) return;
  proactor_.files().end_write(slowly_written_path_, slowly_written_version_);
  slowly_written_->versions.push_back(std::move(slowly_written_version_));
  slowly_written_ = nullptr;
}

void site_model::change() {
  end_slow_write();
  if (std::exchange(root_is_gone_, false)) move_root();
  std::string const site = some_site();
  std::size_t const which = random_.below(files_.size());
  file& f = files_[which];
  std::size_t const size_max = kinds[which].size_max;
  if (f.name == beside_itself && random_.below(2) == 0) {
    if (random_.below(3) != 0) return write_beside(f, site);
    return proactor_.files().remove(site + f.name + ".gz");
  }
  switch (random_.below(8)) {
    case 0:
      proactor_.files().remove(site + f.name);
      return;
    case 1:
      return write(f, site, random_.below(size_max + 1));
    case 2:
      set_clock();
      slowly_written_path_ = site + f.name;
      proactor_.files().begin_write(slowly_written_path_);
      slowly_written_ = &f;
      slowly_written_version_ = next_version(f, size_max);
      return;
    case 3:
      return move_root();
    case 4:
      proactor_.files().remove(root);
      root_is_gone_ = true;
      return;
    default:
      return write(f, site, size_max);
  }
}

std::string site_model::path(io::sim::random_source& random) const {
  std::size_t const which = random.below(files_.size() + 1);
  if (which == files_.size()) return "/absent.html";
  std::string const& name = files_[which].name;
  if (!name.ends_with("index.html") || random.below(2) == 0) return "/" + name;
  return "/" + name.substr(0, name.size() - std::string_view("index.html").size());
}

site_model::file const* site_model::find(std::string_view path) const {
  std::string name(path.substr(1));
  if (name.empty() || name.back() == '/') name += "index.html";
  auto const found =
      std::find_if(files_.begin(), files_.end(), [&](file const& f) { return f.name == name; });
  return found == files_.end() ? nullptr : &*found;
}

std::string_view site_model::name(std::string_view path) const {
  file const* const f = find(path);
  return f == nullptr ? std::string_view{} : std::string_view(f->name);
}

bool site_model::may_vary(std::string_view path, std::uint64_t length) const {
  file const* const f = find(path);
  if (f == nullptr) return false;
  if (rules_.precompressed && f->name == beside_itself) return true;
  return rules_.compresses && length >= server::encoding_size_min && length <= in_memory_max;
}

bool site_model::is_part(std::string_view path, bool encoded, std::string_view content,
                         std::uint64_t offset, std::uint64_t length) const {
  file const* const f = find(path);
  if (f == nullptr) return false;
  auto const holds_it = [&](std::string const& v) {
    return (v.size() == length || (rules_.files_shrink && length < v.size())) &&
           v.compare(offset, content.size(), content) == 0;
  };
  if (!encoded) return std::any_of(f->versions.begin(), f->versions.end(), holds_it);
  if (rules_.precompressed && std::any_of(f->beside.begin(), f->beside.end(), holds_it)) {
    return true;
  }
  if (!rules_.compresses) return false;
  while (f->made.size() != f->versions.size()) {
    f->made.push_back(in_gzip(f->versions[f->made.size()]));
  }
  if (std::any_of(f->made.begin(), f->made.end(), holds_it)) return true;
  // What was made of a beginning is told by decoding alone.
  if (!rules_.files_shrink || offset != 0 || content.size() != length) return rules_.files_shrink;
  auto const decoded = test::decode("gzip", content);
  return decoded && is_part(path, false, *decoded, 0, decoded->size());
}

}  // namespace quire::simulation
