// The directory that is served, and whether its path still leads there.
//
// A root generation is one opened directory. When the path of the root leads elsewhere, because a
// symbolic link on it was moved or another directory took its place, there is a new generation, and
// what was known of the old one is forgotten at once: so each request sees one site or the other. A
// request that began on the old one keeps it, and ends on it. While the path leads nowhere there is
// none, and requests are answered by 503: the site is gone for a while, its pages are not.
//
// Requests make it look, nobody else does: one that comes more than `trust` after the last look
// waits for the next, and one that comes after half of that starts it, so that nobody waits where
// requests are frequent. Never waits on the loop. Allocates when the root changes.
#pragma once

#include <quire/io/proactor.hpp>

#include <chrono>
#include <cstdint>
#include <new>
#include <string_view>
#include <utility>

namespace quire::server {

// Counted references, of one thread.
template <io::proactor Proactor>
struct root_generation {
  typename Proactor::directory directory;
  std::uint32_t references = 0;
};

// One who waits for the next look. Its owner's; in one list at most.
class root_waiter {
 public:
  // The look is over: (owner->*Member)() is called.
  template <auto Member, class Owner>
  void bind(Owner* owner) noexcept {
    owner_ = owner;
    resume_ = [](void* self) noexcept { (static_cast<Owner*>(self)->*Member)(); };
  }
  bool waits() const noexcept { return waits_; }

 private:
  template <io::proactor Proactor>
  friend class site_root;
  void* owner_ = nullptr;
  void (*resume_)(void*) noexcept = nullptr;
  root_waiter* next_ = nullptr;
  bool waits_ = false;
};

template <io::proactor Proactor>
class site_root {
 public:
  using generation = root_generation<Proactor>;

  // No answer is older than that after the root has changed.
  static constexpr std::chrono::nanoseconds trust = std::chrono::milliseconds(500);

  explicit site_root(Proactor& p) noexcept : proactor_(p) {
    look_.template bind<&site_root::on_looked>(this);
  }
  site_root(site_root const&) = delete;
  site_root& operator=(site_root const&) = delete;
  ~site_root() {
    if (current_ != nullptr) release(*current_);
    delete spare_;
  }

  // (owner->*Member)() is called each time that there is another generation, or none any more. The
  // text of the path stays.
  template <auto Member, class Owner>
  void bind(Owner* owner, std::string_view path) noexcept {
    owner_ = owner;
    changed_ = [](void* self) noexcept { (static_cast<Owner*>(self)->*Member)(); };
    path_ = path;
  }

  // At once: for the start of a program.
  [[nodiscard]] io::error open() noexcept {
    if (!make_spare()) return io::error::no_memory;
    io::error e = io::error::none;
    proactor_.open(spare_->directory, path_, e);
    if (e == io::error::none) replace(std::exchange(spare_, nullptr));
    looked_ = proactor_.now();
    return e;
  }
  // Looks no more; idle() follows.
  void stop() noexcept {
    stopped_ = true;
    if (!look_.idle()) proactor_.cancel(look_);
  }
  bool idle() const noexcept { return look_.idle(); }

  // nullptr: there is none.
  generation* current() const noexcept { return current_; }
  // Whether current() is known to be what the path leads to. If not, wait() is to be called.
  [[nodiscard]] bool is_known(io::instant now) noexcept {
    auto const age = now - looked_;
    if (stopped_ || (current_ != nullptr && age <= trust / 2)) return true;
    if (age == age.zero()) return true;  // In this turn.
    // Without memory for another one the site stays what it is.
    return !look() || (current_ != nullptr && age <= trust);
  }
  // The path may lead elsewhere by now.
  void distrust() noexcept { looked_ = long_ago; }
  void wait(root_waiter& w) noexcept {
    w.waits_ = true;
    w.next_ = std::exchange(first_waiter_, &w);
  }
  void leave(root_waiter& w) noexcept {
    root_waiter** link = &first_waiter_;
    while (*link != &w) link = &(*link)->next_;
    *link = w.next_;
    w.waits_ = false;
  }

  void retain(generation& g) noexcept { ++g.references; }
  void release(generation& g) noexcept {
    if (--g.references != 0) return;
    proactor_.close(g.directory);
    delete &g;
  }

 private:
  static constexpr io::instant long_ago = io::instant::min() / 2;

  bool make_spare() noexcept {
    if (spare_ == nullptr) spare_ = new (std::nothrow) generation;
    return spare_ != nullptr;
  }
  // False when there is no memory to do so.
  bool look() noexcept {
    if (!look_.idle()) return true;
    if (!make_spare()) return false;
    asked_ = proactor_.now();
    proactor_.open(spare_->directory, look_, path_);
    return true;
  }

  void on_looked() noexcept {
    switch (look_.result()) {
      case io::error::none:
        if (current_ != nullptr && current_->directory.same_as(spare_->directory)) {
          proactor_.close(spare_->directory);
        } else {
          replace(std::exchange(spare_, nullptr));
        }
        break;
      case io::error::not_found:
      case io::error::not_a_directory:
      case io::error::too_many_links:
      case io::error::access_denied:
        if (current_ != nullptr) replace(nullptr);
        break;
      default:
        break;  // Nothing is known of the path.
    }
    looked_ = asked_;
    while (first_waiter_ != nullptr) {
      root_waiter& w = *first_waiter_;
      leave(w);
      w.resume_(w.owner_);
    }
  }

  void replace(generation* next) noexcept {
    generation* const last = std::exchange(current_, next);
    if (next != nullptr) retain(*next);
    changed_(owner_);
    if (last != nullptr) release(*last);
  }

  Proactor& proactor_;
  void* owner_ = nullptr;
  void (*changed_)(void*) noexcept = nullptr;
  std::string_view path_;
  generation* current_ = nullptr;
  generation* spare_ = nullptr;  // Is being opened.
  root_waiter* first_waiter_ = nullptr;
  io::instant looked_ = long_ago;
  io::instant asked_{};
  bool stopped_ = false;
  typename Proactor::directory_operation look_;
};

}  // namespace quire::server
