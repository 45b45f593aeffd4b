#include <quire/io/posix/kernel.hpp>
#include <quire/io/posix/open_beneath.hpp>
#include <quire/io/remaining_path.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace quire::io::posix {
namespace {

constexpr std::size_t depth_max = 128;

// What the walk's path cannot do, as the kernel would say it.
int negated_errno(error e) noexcept {
  switch (e) {
    case error::none:
      return 0;
    case error::outside_root:
      return -EXDEV;
    case error::too_many_links:
      return -ELOOP;
    case error::name_too_long:
      return -ENAMETOOLONG;
    default:
      return -ENOENT;
  }
}

class walk {
 public:
  explicit walk(int root) noexcept : root_(root) {}
  ~walk() {
    while (depth_ != 0) leave();
  }
  walk(walk const&) = delete;
  walk& operator=(walk const&) = delete;

  int open(std::string_view path) noexcept {
    if (int const r = negated_errno(rest_.assign(path)); r != 0) return r;
    for (;;) {
      char const* const name = rest_.next();
      if (name == nullptr) return open_last(".");
      if (std::strcmp(name, "..") == 0) {
        if (int const r = leave(); r != 0) return r;
        continue;
      }
      int const r = rest_.is_last() ? open_last(name) : enter(name);
      if (r >= 0 && rest_.is_last()) return r;
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
    return negated_errno(rest_.follow({target.data(), static_cast<std::size_t>(size)}));
  }

  int root_;
  remaining_path rest_;
  std::size_t depth_ = 0;
  std::array<int, depth_max> open_;
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
  return walk(directory).open(path);
}

int open_beneath(int directory, std::string_view path, bool& one_path) noexcept {
  one_path = false;
  terminated_path name;
  if (int const r = name.assign(path); r != 0) return r;
  int const r = open_confined(directory, name.c_str(), one_path);
  return r == -ENOSYS ? walk_beneath(directory, path) : r;
}

}  // namespace quire::io::posix
