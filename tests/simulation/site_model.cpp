#include "tests/simulation/site_model.hpp"

#include <algorithm>
#include <array>

namespace quire::simulation {
namespace {

struct kind {
  std::string_view name;
  std::size_t size_max;
};
// The last is larger than what a cache of this size keeps in memory.
constexpr std::array<kind, 5> kinds = {{{"index.html", 2000},
                                        {"style.css", 9000},
                                        {"docs/index.html", 500},
                                        {"empty.txt", 0},
                                        {"large.bin", 400'000}}};

}  // namespace

site_model::site_model(io::sim::proactor& p, io::sim::random_source& random, bool files_shrink)
    : proactor_(p), random_(random), files_shrink_(files_shrink) {
  for (kind const& k : kinds) {
    files_.push_back({std::string(k.name), {}});
    write(files_.back(), k.size_max);
  }
}

std::string site_model::next_version(file const& f, std::size_t size) const {
  std::string const stamp =
      f.name.substr(0, 2) + std::to_string(f.versions.size()) + std::string(1, '.');
  std::string content;
  content.reserve(size + stamp.size());
  while (content.size() < size) content += stamp;
  content.resize(size);
  return content;
}

// Changes are long ago, or just now, each at a time of its own.
void site_model::set_clock() {
  if (random_.below(2) == 0) proactor_.files().set_clock(++just_now_ns_);
}

void site_model::write(file& f, std::size_t size) {
  set_clock();
  std::string content = next_version(f, size);
  proactor_.files().make_file(f.name, content);
  f.versions.push_back(std::move(content));
}

void site_model::end_slow_write() {
  if (slowly_written_ == nullptr) return;
  proactor_.files().end_write(slowly_written_->name, slowly_written_version_);
  slowly_written_->versions.push_back(std::move(slowly_written_version_));
  slowly_written_ = nullptr;
}

void site_model::change() {
  end_slow_write();
  std::size_t const which = random_.below(files_.size());
  file& f = files_[which];
  std::size_t const size_max = kinds[which].size_max;
  switch (random_.below(5)) {
    case 0:
      proactor_.files().remove(f.name);
      return;
    case 1:
      return write(f, random_.below(size_max + 1));
    case 2:
      set_clock();
      proactor_.files().begin_write(f.name);
      slowly_written_ = &f;
      slowly_written_version_ = next_version(f, size_max);
      return;
    default:
      return write(f, size_max);
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

bool site_model::is_version(std::string_view path, std::string_view content) const {
  return is_part(path, content, 0, content.size());
}

bool site_model::is_beginning(std::string_view path, std::string_view content,
                              std::uint64_t length) const {
  return is_part(path, content, 0, length);
}

bool site_model::is_part(std::string_view path, std::string_view content, std::uint64_t offset,
                         std::uint64_t length) const {
  file const* const f = find(path);
  if (f == nullptr) return false;
  return std::any_of(f->versions.begin(), f->versions.end(), [&](std::string const& v) {
    return (v.size() == length || (files_shrink_ && length < v.size())) &&
           v.compare(offset, content.size(), content) == 0;
  });
}

}  // namespace quire::simulation
