#include <quire/io/asio/proactor.hpp>
#include <quire/io/posix/error.hpp>
#include <quire/io/posix/signals.hpp>

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include <exception>

namespace quire::io::asio {
namespace {

constexpr int handlers_max = 64;

}  // namespace

proactor::proactor(options const& o, error& e) noexcept
    : file_loop(
          [](void* loop) noexcept {
            auto& self = *static_cast<proactor*>(loop);
            boost::asio::post(
                *self.context_,
                boost::asio::bind_allocator(handler_allocator<void>(self.posting_),
                                            [&self] { self.posts_.take(self.ready_); }));
          },
          this),
      pages_(o.pool) {
  e = open(o);
}

error proactor::open(options const& o) noexcept {
  try {
    // Only posting comes from other threads: what belongs to streams needs no lock.
    context_.emplace(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO);
    work_.emplace(context_->get_executor());
    // With the first socket comes what can fail for want of descriptors.
    tcp_socket const first(*context_);
  } catch (boost::system::system_error const& failure) {
    return posix::translate(failure.code().value());
  } catch (std::exception const&) {
    return error::no_memory;
  }
  posix::signals_blocked const blocked;  // The threads inherit it: signals are the program's.
  read_clock();
  return start_threads(o.blocking_threads, o.blocking_calls_max);
}

proactor::~proactor() {
  stop_threads();
}

std::size_t proactor::run_once(wait w) noexcept {
  start_calls();
  instant const time_max = wait_max(w);
  if (time_max == forever) {
    context_->run_one();
  } else if (time_max != instant::zero()) {
    context_->run_one_for(time_max);
  }
  // Few in a turn, as on epoll: what they bring is delivered before more comes.
  for (int i = 0; i != handlers_max && context_->poll_one() != 0; ++i) {
  }
  read_clock();
  return deliver();
}

}  // namespace quire::io::asio
