#include <quire/io/posix/kernel.hpp>
#include <quire/io/posix/open_beneath.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace quire::io::posix {
namespace {

constexpr std::size_t depth_max = 128;
constexpr int links_max = 40;  // As the kernel allows.

class walk {
 public:
  explicit walk(int root) noexcept : root_(root) {}
  ~walk() {
    while (depth_ != 0) leave();
  }
  walk(walk const&) = delete;
  walk& operator=(walk const&) = delete;

  int open(std::string_view path) noexcept {
    if (path.empty()) return -ENOENT;
    if (int const r = prepend(path); r != 0) return r;
    for (;;) {
      char const* const name = next_component();
      if (name == nullptr) return open_last(".");
      if (std::strcmp(name, "..") == 0) {
        if (int const r = leave(); r != 0) return r;
        continue;
      }
      int const r = last_ ? open_last(name) : enter(name);
      if (r >= 0 && last_) return r;
      if (r == -ELOOP || r == -ENOTDIR || r == -EMLINK) {  // Perhaps a symbolic link.
        if (int const followed = follow(name, r); followed != 0) return followed;
      } else if (r < 0) {
        return r;
      }
    }
  }

 private:
  int top() const noexcept { return depth_ == 0 ? root_ : open_[depth_ - 1]; }

  int open_last(char const* name) noexcept {
    int const r = ::openat(top(), name, open_flags | O_NOFOLLOW);
    return r >= 0 ? r : -errno;
  }

  int enter(char const* name) noexcept {
    if (depth_ == depth_max) return -ENAMETOOLONG;
    int const r = open_for_lookup(top(), name);
    if (r < 0) return r;
    open_[depth_++] = r;
    return 0;
  }

  int leave() noexcept {
    if (depth_ == 0) return -EXDEV;
    ::close(open_[--depth_]);
    return 0;
  }

  // If the name is a symbolic link, its target takes its place in the path; otherwise `why` it
  // could not be opened is the result.
  int follow(char const* name, int why) noexcept {
    std::array<char, path_size_max> target;
    ssize_t const size = ::readlinkat(top(), name, target.data(), target.size());
    if (size <= 0) return why;
    if (++links_ > links_max) return -ELOOP;
    if (!last_) rest_[--first_] = '/';
    return prepend({target.data(), static_cast<std::size_t>(size)});
  }

  // What is to be walked before the rest.
  int prepend(std::string_view path) noexcept {
    if (path.front() == '/') return -EXDEV;
    if (path.size() > first_) return -ENAMETOOLONG;
    first_ -= path.size();
    std::memcpy(rest_.data() + first_, path.data(), path.size());
    return 0;
  }

  // The next name, zero-terminated; nullptr at the end of the path. "." counts for nothing.
  char const* next_component() noexcept {
    for (;;) {
      while (first_ != end && rest_[first_] == '/') ++first_;
      if (first_ == end) return nullptr;
      char* const name = rest_.data() + first_;
      while (first_ != end && rest_[first_] != '/') ++first_;
      last_ = first_ == end;
      if (!last_) ++first_;
      rest_[last_ ? end : first_ - 1] = '\0';
      if (std::strcmp(name, ".") != 0) return name;
    }
  }

  static constexpr std::size_t end = path_size_max;

  int root_;
  int links_ = 0;
  bool last_ = false;  // Nothing follows the component.
  std::size_t depth_ = 0;
  std::array<int, depth_max> open_;
  std::size_t first_ = end;  // Where the rest of the path begins.
  std::array<char, path_size_max + 1> rest_;
};

}  // namespace

int terminated_path::assign(std::string_view path) noexcept {
  if (path.size() >= text_.size()) return -ENAMETOOLONG;
  if (path.find('\0') != std::string_view::npos) return -ENOENT;
  std::memcpy(text_.data(), path.data(), path.size());
  text_[path.size()] = '\0';
  return 0;
}

int walk_beneath(int directory, std::string_view path) noexcept {
  if (path.find('\0') != std::string_view::npos) return -ENOENT;
  return walk(directory).open(path);
}

int open_beneath(int directory, std::string_view path) noexcept {
  terminated_path name;
  if (int const r = name.assign(path); r != 0) return r;
  int const r = open_confined(directory, name.c_str());
  return r == -ENOSYS ? walk_beneath(directory, path) : r;
}

}  // namespace quire::io::posix
