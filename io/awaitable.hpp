// The operations of any back end for coroutines: `co_await io.receive(stream, bytes)`.
//
// Optional: nothing else in this layer knows of coroutines. An operation lies in the awaiter, which
// lies in the frame of the coroutine that waits; nothing is allocated. The outcome is a value;
// nothing throws. The rules are those of contract.hpp: a coroutine goes on from run_once(), on the
// loop's thread, never inside the call that waits.
//
//   io::task<> echo(io::frame_pool& frames, io::awaitable<Proactor> io, ...) {
//     while (auto got = co_await io.receive(stream, bytes)) ...
//   }
//
// Lifetime: the proactor outlives all that waits. A coroutine that waits must not be destroyed:
// cancel it, and let it end.
#pragma once

#include <quire/io/frame_pool.hpp>
#include <quire/io/proactor.hpp>
#include <quire/io/task.hpp>

#include <cassert>
#include <coroutine>
#include <cstddef>
#include <span>
#include <string_view>

namespace quire::io {

// Cancels what waits in it: one coroutine or several, of one loop and its thread. After cancel()
// whatever begins to wait in it is canceled at once, until reset().
class cancel_scope {
 public:
  cancel_scope() = default;
  cancel_scope(cancel_scope const&) = delete;
  cancel_scope& operator=(cancel_scope const&) = delete;
  ~cancel_scope() { assert(first_ == nullptr); }

  // Asks each operation that is in flight to end (clause 10). Nobody goes on inside this call.
  void cancel() noexcept {
    canceled_ = true;
    for (entry* e = first_; e != nullptr; e = e->next_) e->cancel_(*e);
  }
  void reset() noexcept { canceled_ = false; }
  bool canceled() const noexcept { return canceled_; }

  // What waits. For awaiters.
  class entry {
   public:
    explicit entry(cancel_scope* scope, void (*cancel)(entry&) noexcept) noexcept
        : scope_(scope), cancel_(cancel) {}
    bool canceled() const noexcept { return scope_ != nullptr && scope_->canceled_; }
    void enter() noexcept {
      if (scope_ == nullptr) return;
      previous_ = &scope_->first_;
      next_ = scope_->first_;
      if (next_ != nullptr) next_->previous_ = &next_;
      scope_->first_ = this;
    }
    void leave() noexcept {
      if (scope_ == nullptr) return;
      *previous_ = next_;
      if (next_ != nullptr) next_->previous_ = previous_;
    }

   private:
    friend class cancel_scope;
    cancel_scope* scope_;
    void (*cancel_)(entry&) noexcept;
    entry* next_ = nullptr;
    entry** previous_ = nullptr;
  };

 private:
  entry* first_ = nullptr;
  bool canceled_ = false;
};

// Bytes received, sent or read.
struct transfer {
  error result = error::none;
  std::size_t bytes = 0;
  // Something came or went: no error, and not the end of the stream or file.
  explicit operator bool() const noexcept { return result == error::none && bytes != 0; }
};
struct accepted {
  error result = error::none;
  endpoint peer = {};
};
struct opened {
  error result = error::none;
  file_status status = {};
};

namespace detail {

// Waits for one operation, which Start submits; Finish makes the outcome of it.
template <class Proactor, class Operation, class Start, class Finish>
class [[nodiscard]] awaiter : private cancel_scope::entry {
 public:
  awaiter(Proactor& p, cancel_scope* scope, Start start, Finish finish) noexcept
      : entry(scope,
              [](entry& e) noexcept {
                auto& self = static_cast<awaiter&>(e);
                self.proactor_.cancel(self.operation_);
              }),
        proactor_(p),
        start_(start),
        finish_(finish) {
    operation_.template bind<&awaiter::complete>(this);
  }
  awaiter(awaiter const&) = delete;
  awaiter& operator=(awaiter const&) = delete;
  ~awaiter() { assert(operation_.idle()); }

  bool await_ready() const noexcept { return canceled(); }
  void await_suspend(std::coroutine_handle<> waiting) noexcept {
    waiting_ = waiting;
    enter();
    start_(operation_);
  }
  auto await_resume() noexcept {
    return finish_(operation_, waiting_ ? operation_.result() : error::canceled);
  }

 private:
  void complete() noexcept {
    leave();
    waiting_.resume();  // This may be gone afterwards.
  }

  Proactor& proactor_;
  Operation operation_;
  Start start_;
  Finish finish_;
  std::coroutine_handle<> waiting_;
};

template <class Operation, class Proactor, class Start, class Finish>
auto await(Proactor& p, cancel_scope* scope, Start start, Finish finish) noexcept {
  return awaiter<Proactor, Operation, Start, Finish>(p, scope, start, finish);
}

inline constexpr auto take_error = [](auto&, error e) noexcept { return e; };
inline constexpr auto take_transfer = [](auto& op, error e) noexcept {
  return transfer{e, op.transferred()};
};

}  // namespace detail

// What to await, on one back end. Copied freely. What a call is given stays until it is done; so
// does the scope, which may be left out.
template <proactor P>
class awaitable {
 public:
  explicit awaitable(P& p) noexcept : p_(&p) {}

  P& loop() const noexcept { return *p_; }

  // A connection that has come becomes the stream.
  auto accept(typename P::listener& l, typename P::stream& s, cancel_scope* c = nullptr) const {
    return detail::await<typename P::accept_operation>(
        *p_, c, [p = p_, &l](auto& op) noexcept { p->accept(l, op); },
        [p = p_, &s](auto& op, error e) noexcept {
          if (e != error::none) return accepted{e};
          return accepted{p->adopt(s, op), op.peer()};
        });
  }
  // Gives an error.
  auto connect(typename P::stream& s, endpoint const& to, cancel_scope* c = nullptr) const {
    return detail::await<typename P::connect_operation>(
        *p_, c, [p = p_, &s, to](auto& op) noexcept { p->connect(s, to, op); }, detail::take_error);
  }
  // Gives a transfer; 0 bytes without an error: the end of the stream.
  auto receive(typename P::stream& s, buffer& into, cancel_scope* c = nullptr) const {
    return detail::await<typename P::receive_operation>(
        *p_, c, [p = p_, &s, &into](auto& op) noexcept { p->receive(s, op, into); },
        detail::take_transfer);
  }
  // May be short.
  auto send(typename P::stream& s, std::span<const_span const> spans,
            cancel_scope* c = nullptr) const {
    return detail::await<typename P::send_operation>(
        *p_, c, [p = p_, &s, spans](auto& op) noexcept { p->send(s, op, spans); },
        detail::take_transfer);
  }
  // A file or directory below `d` becomes `f`.
  auto open(typename P::directory& d, std::string_view path, typename P::file& f,
            cancel_scope* c = nullptr) const {
    return open(d, path, f, file_mode::buffered, c);
  }
  // The same, to be read in this mode.
  auto open(typename P::directory& d, std::string_view path, typename P::file& f, file_mode mode,
            cancel_scope* c = nullptr) const {
    return detail::await<typename P::open_operation>(
        *p_, c, [p = p_, &d, path, mode](auto& op) noexcept { p->open(d, op, path, mode); },
        [p = p_, &f](auto& op, error e) noexcept {
          if (e != error::none) return opened{e};
          opened const outcome{e, op.status()};
          p->adopt(f, op);
          return outcome;
        });
  }
  auto read(typename P::file& f, std::uint64_t offset, std::span<mutable_span const> spans,
            cancel_scope* c = nullptr) const {
    return detail::await<typename P::read_operation>(
        *p_, c, [p = p_, &f, offset, spans](auto& op) noexcept { p->read(f, op, offset, spans); },
        detail::take_transfer);
  }
  // Gives error::none when the range can be read without waiting.
  auto make_resident(typename P::mapping& m, std::uint64_t offset, std::uint64_t length,
                     cancel_scope* c = nullptr) const {
    return detail::await<typename P::resident_operation>(
        *p_, c,
        [p = p_, &m, offset, length](auto& op) noexcept {
          p->make_resident(m, op, offset, length);
        },
        detail::take_error);
  }
  // Gives error::none when the time has come.
  auto wait_until(instant deadline, cancel_scope* c = nullptr) const {
    return detail::await<typename P::timer>(
        *p_, c, [p = p_, deadline](auto& op) noexcept { p->schedule(op, deadline); },
        detail::take_error);
  }
  auto wait_for(instant duration, cancel_scope* c = nullptr) const {
    return wait_until(p_->now() + duration, c);
  }

  // The coroutine goes on on the loop's thread. The only one that any thread may await.
  auto resume_on_loop() const {
    struct awaiter {
      explicit awaiter(P& p) noexcept : p_(p) {
        operation_.template bind<&awaiter::complete>(this);
      }
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<> waiting) noexcept {
        waiting_ = waiting;
        p_.post(operation_);
      }
      void await_resume() const noexcept {}
      void complete() noexcept { waiting_.resume(); }
      P& p_;
      typename P::posted_operation operation_;
      std::coroutine_handle<> waiting_;
    };
    return awaiter(*p_);
  }

 private:
  P* p_;
};

}  // namespace quire::io
