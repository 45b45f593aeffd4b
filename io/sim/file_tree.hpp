// The files of a simulated world. Their owner (a test) makes and changes them; the proactor opens
// and reads them by the rules of clause 17.
#pragma once

#include <quire/io/change_notice.hpp>
#include <quire/io/error.hpp>
#include <quire/io/file_status.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace quire::io::sim {

enum class node_type : std::uint8_t { regular, directory, link, pipe };

struct node : std::enable_shared_from_this<node> {
  node() = default;
  ~node() {
    for (auto const& [name, child] : children) child->parent = nullptr;
  }

  node_type type = node_type::regular;
  std::uint64_t inode = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;  // Of the node, when that was later.
  std::uint64_t links = 1;      // 0: it was removed.
  bool being_written = false;   // Between begin_write() and end_write().
  std::string content;          // Of a file; the target of a link.
  node* parent = nullptr;       // Of what was removed: none.
  std::map<std::string, std::shared_ptr<node>, std::less<>> children;

  file_status status() const noexcept;
};

class file_tree {
 public:
  // Hears of changes: of which name in which directory.
  using listener = std::function<void(node& directory, std::string_view name, change what)>;

  file_tree();

  void tell(listener l) { listener_ = std::move(l); }
  // Somebody else than the owner has changed this file.
  void changed(node& n) noexcept;

  // Paths are relative to the top; missing directories on the way are made. A file that exists gets
  // new content and a new time; whoever has it open sees both.
  void make_file(std::string_view path, std::string_view content);
  // A new file with this content takes the place of the one that is there; whoever has that open
  // keeps it.
  void replace_file(std::string_view path, std::string_view content);
  // New content, and the time of modification set back to what it was.
  void rewrite_unseen(std::string_view path, std::string_view content);
  // The same as make_file() in two steps, as a slow write() does it: the time is new at once, and
  // the content that was; then the new content, at the same time.
  void begin_write(std::string_view path);
  void end_write(std::string_view path, std::string_view content);
  // The next change is at this time, those that follow a second apart.
  void set_clock(std::int64_t nanoseconds) noexcept { clock_ns_ = nanoseconds - change_step_ns; }
  void make_directory(std::string_view path);
  void make_link(std::string_view path, std::string_view target);
  void make_pipe(std::string_view path);
  // Whoever has it open keeps it.
  void remove(std::string_view path);

  // Looks a path up below `directory`, following links that stay below it. `one_path`: there were
  // none.
  [[nodiscard]] error find(node& directory, std::string_view path, std::shared_ptr<node>& out,
                           bool& one_path) noexcept;
  node& top() noexcept { return *top_; }

 private:
  struct lookup {
    node* root;
    node* at;
    int links = 0;
  };
  static error walk(lookup& l, std::string_view path) noexcept;
  static error step(lookup& l, std::string_view name) noexcept;
  node& make(std::string_view path, node_type type);

  listener listener_;
  std::shared_ptr<node> top_;
  std::uint64_t inodes_ = 1;
  static constexpr std::int64_t change_step_ns = 1'000'000'001;
  std::int64_t clock_ns_ = 1'600'000'000'000'000'000;
};

}  // namespace quire::io::sim
