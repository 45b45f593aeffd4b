#include <quire/io/posix/error.hpp>
#include <quire/io/posix/notices.hpp>

#include <unistd.h>

namespace quire::io::posix {

error notices::open() noexcept {
  if (notices_) return error::none;
  int const r = open_notices();
  if (r < 0) return translate(-r);
  notices_.reset(r);
  alarm_.open();
  return error::none;
}

void notices::watch(directory const& d, watch_operation& op, std::string_view path) noexcept {
  operation_access::submit(op);
  if (error const e = open(); e != error::none) return ready_.finish(op, e);
  op.notices_ = notices_.get();
  op.directory_ = d.descriptor();
  op.path_ = path;
  pool_.submit(op, [](blocking_call& call) noexcept {
    auto& self = static_cast<watch_operation&>(call);
    self.number_ = watch_beneath(self.notices_, self.directory_, self.path_);
    operation_access::finish(self, self.number_ >= 0 ? error::none : translate(-self.number_), 0);
  });
}

void notices::unwatch(int number) noexcept {
  forget_watch(notices_.get(), number);
}

bool notices::read() noexcept {
  if (!notices_ || !alarm_.is_on()) return false;
  ssize_t const n = ::read(notices_.get(), events_.data(), events_.size());
  position_ = 0;
  size_ = n > 0 ? static_cast<std::size_t>(n) : 0;
  if (n <= 0) alarm_.reset(notices_.get());
  return n > 0;
}

bool notices::next(change_notice& out) noexcept {
  do {
    if (position_ == size_ && !read()) return false;
  } while (!read_notice(events_.data(), position_, out));
  return true;
}

}  // namespace quire::io::posix
