// Looks in which codings a file lies beside itself: page.html.br, page.html.zst, page.html.gz.
//
// One that is older than the file does not count. Never waits on the loop; one start() has one
// completion.
#pragma once

#include <quire/server/file_name.hpp>
#include <quire/server/services.hpp>
#include <quire/server/site/content_coding.hpp>

#include <cstddef>
#include <cstdint>

namespace quire::server {

template <io::proactor Proactor>
class sibling_look {
 public:
  explicit sibling_look(services<Proactor>& s) noexcept : services_(s) {}
  sibling_look(sibling_look const&) = delete;
  sibling_look& operator=(sibling_look const&) = delete;

  // Looks beside the file `name` below `root`, which was changed last at `modified_ns`;
  // (owner->*Member)() is called when all were looked for.
  template <auto Member, class Owner>
  void start(Owner* owner, typename Proactor::directory& root, file_name& name,
             std::int64_t modified_ns) noexcept {
    owner_ = owner;
    finished_ = [](void* self) noexcept { (static_cast<Owner*>(self)->*Member)(); };
    root_ = &root;
    name_ = &name;
    modified_ns_ = modified_ns;
    found_ = {};
    next_ = 0;
    canceled_ = false;
    has_one_path_ = true;
    open_.template bind<&sibling_look::on_opened>(this);
    look();
  }

  bool idle() const noexcept { return open_.idle(); }
  void cancel() noexcept {
    canceled_ = true;
    if (!open_.idle()) services_.proactor.cancel(open_);
  }
  coding_set found() const noexcept { return found_; }
  // Nothing but what notices tell of can change that.
  bool has_one_path() const noexcept { return has_one_path_; }

 private:
  void look() noexcept {
    while (next_ != encoded_codings.size()) {
      content_coding const coding = encoded_codings[next_].coding;
      if (!services_.configuration.precompressed.has(coding)) {
        ++next_;
        continue;
      }
      return services_.proactor.open(*root_, open_, name_->file(coding));
    }
    finished_(owner_);
  }

  void on_opened() noexcept {
    has_one_path_ = has_one_path_ && open_.has_one_path();
    if (open_.result() == io::error::none) {
      io::file_status const& s = open_.status();
      if (s.type == io::file_type::regular && s.modified_ns >= modified_ns_) {
        found_.add(encoded_codings[next_].coding);
      }
      services_.proactor.discard(open_);
    }
    if (canceled_) return finished_(owner_);
    ++next_;
    look();
  }

  services<Proactor>& services_;
  void* owner_ = nullptr;
  void (*finished_)(void*) noexcept = nullptr;
  typename Proactor::directory* root_ = nullptr;
  file_name* name_ = nullptr;
  std::int64_t modified_ns_ = 0;
  coding_set found_;
  std::size_t next_ = 0;  // Of encoded_codings.
  bool canceled_ = false;
  bool has_one_path_ = false;
  typename Proactor::open_operation open_;
};

}  // namespace quire::server
