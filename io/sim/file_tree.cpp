#include <quire/io/sim/file_tree.hpp>

#include <algorithm>
#include <cassert>

namespace quire::io::sim {
namespace {

constexpr int links_max = 40;
constexpr std::size_t name_size_max = 255;
constexpr std::size_t path_size_max = 4095;

// Takes the first name off a path; its slashes, too.
std::string_view take_name(std::string_view& path) noexcept {
  std::size_t const end = std::min(path.find('/'), path.size());
  std::string_view const name = path.substr(0, end);
  path.remove_prefix(end);
  return name;
}

}  // namespace

file_status node::status() const noexcept {
  file_status s;
  s.size = content.size();
  s.modified_ns = modified_ns;
  s.changed_ns = std::max(modified_ns, changed_ns);
  s.links = links;
  s.inode = inode;
  s.device = 1;
  s.type = type == node_type::regular     ? file_type::regular
           : type == node_type::directory ? file_type::directory
                                          : file_type::other;
  return s;
}

file_tree::file_tree() : top_(std::make_shared<node>()) {
  top_->type = node_type::directory;
  top_->inode = inodes_++;
}

node& file_tree::make(std::string_view path, node_type type) {
  node* at = top_.get();
  while (!path.empty()) {
    std::string_view const name = take_name(path);
    bool const last = path.empty();
    if (!last) path.remove_prefix(1);
    std::shared_ptr<node>& child = at->children[std::string(name)];
    if (child == nullptr) {
      child = std::make_shared<node>();
      child->type = last ? type : node_type::directory;
      child->inode = inodes_++;
      child->parent = at;
      if (listener_) listener_(*at, name, change::name);
    }
    at = child.get();
  }
  assert(at->type == type);
  at->modified_ns = clock_ns_ += change_step_ns;
  return *at;
}

void file_tree::changed(node& n) noexcept {
  if (!listener_ || n.parent == nullptr) return;
  for (auto const& [name, child] : n.parent->children) {
    if (child.get() == &n) return listener_(*n.parent, name, change::content);
  }
}

void file_tree::make_file(std::string_view path, std::string_view content) {
  node& made = make(path, node_type::regular);
  made.content = content;
  changed(made);
}

void file_tree::replace_file(std::string_view path, std::string_view content) {
  remove(path);
  make_file(path, content);
}

void file_tree::rewrite_unseen(std::string_view path, std::string_view content) {
  std::shared_ptr<node> found;
  bool one_path = true;
  error const e = find(*top_, path, found, one_path);
  assert(e == error::none);
  if (e != error::none) return;
  found->content = content;
  found->changed_ns = clock_ns_ += change_step_ns;
  changed(*found);
}

void file_tree::begin_write(std::string_view path) {
  make(path, node_type::regular).being_written = true;
}

void file_tree::end_write(std::string_view path, std::string_view content) {
  std::shared_ptr<node> written;
  bool one_path = true;
  error const e = find(*top_, path, written, one_path);
  assert(e == error::none && written->being_written);
  if (e != error::none) return;
  written->content = content;
  written->being_written = false;
  changed(*written);
}

void file_tree::make_directory(std::string_view path) {
  make(path, node_type::directory);
}

void file_tree::make_link(std::string_view path, std::string_view target) {
  make(path, node_type::link).content = target;
}

void file_tree::make_pipe(std::string_view path) {
  make(path, node_type::pipe);
}

void file_tree::remove(std::string_view path) {
  std::size_t const slash = path.rfind('/');
  node* at = top_.get();
  std::string_view name = path;
  if (slash != std::string_view::npos) {
    at = &make(path.substr(0, slash), node_type::directory);
    name = path.substr(slash + 1);
  }
  if (auto const it = at->children.find(name); it != at->children.end()) {
    it->second->parent = nullptr;
    it->second->links = 0;
    it->second->changed_ns = clock_ns_ += change_step_ns;
    at->children.erase(it);
    if (listener_) listener_(*at, name, change::name);
  }
}

error file_tree::find(node& directory, std::string_view path, std::shared_ptr<node>& out,
                      bool& one_path) noexcept {
  one_path = true;
  if (path.size() > path_size_max) return error::name_too_long;
  if (path.empty() || path.find('\0') != std::string_view::npos) return error::not_found;
  lookup l{&directory, &directory};
  error const e = walk(l, path);
  one_path = l.links == 0;
  if (e == error::none) out = l.at->shared_from_this();
  return e;
}

error file_tree::walk(lookup& l, std::string_view path) noexcept {
  if (path.front() == '/') return error::outside_root;
  while (!path.empty()) {
    std::string_view const name = take_name(path);
    bool const last = path.empty();
    if (l.at->type != node_type::directory) return error::not_a_directory;
    if (error const e = step(l, name); e != error::none) return e;
    while (!path.empty() && path.front() == '/') path.remove_prefix(1);
    if (!last && l.at->type != node_type::directory) return error::not_a_directory;
  }
  return error::none;
}

error file_tree::step(lookup& l, std::string_view name) noexcept {
  if (name == ".") return error::none;
  if (name == "..") {
    if (l.at == l.root) return error::outside_root;
    l.at = l.at->parent;
    return error::none;
  }
  if (name.size() > name_size_max) return error::name_too_long;
  auto const it = l.at->children.find(name);
  if (it == l.at->children.end()) return error::not_found;
  if (it->second->type != node_type::link) {
    l.at = it->second.get();
    return error::none;
  }
  if (++l.links > links_max) return error::too_many_links;
  return walk(l, it->second->content);
}

}  // namespace quire::io::sim
