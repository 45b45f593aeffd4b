#include <quire/io/asio/proactor.hpp>
#include <quire/io/posix/signals.hpp>

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/post.hpp>

namespace quire::io::asio {

proactor::proactor(options const& o, error& e)
    : pages_(o.pool),
      work_(context_.get_executor()),
      blocking_(
          [](void* loop) noexcept {
            auto& self = *static_cast<proactor*>(loop);
            boost::asio::post(self.context_, boost::asio::bind_allocator(
                                                 handler_allocator<void>(self.collecting_),
                                                 [&self] { self.blocking_.collect(self.ready_); }));
          },
          this),
      files_(ready_, blocking_) {
  posix::signals_blocked const blocked;  // The threads inherit it: signals are the program's.
  read_clock();
  e = blocking_.open(o.blocking_threads, o.blocking_calls_max);
}

proactor::~proactor() {
  blocking_.stop();
}

void proactor::post(posted_operation& op) noexcept {
  if (!posts_.push(op)) return;
  boost::asio::post(context_, boost::asio::bind_allocator(handler_allocator<void>(posting_),
                                                          [this] { posts_.take(ready_); }));
}

std::size_t proactor::run_once(wait w) noexcept {
  blocking_.start();
  instant const time_max = wait_max(w);
  if (time_max == forever) {
    context_.run_one();
  } else if (time_max != instant::zero()) {
    context_.run_one_for(time_max);
  }
  context_.poll();
  read_clock();
  return deliver();
}

}  // namespace quire::io::asio
