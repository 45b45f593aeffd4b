// A coroutine whose frame lies in memory of the caller: it takes an allocator as its first
// parameter, or, as a member function or a lambda, as the first after the object.
//
//   task<int> answer(frame_pool& frames, ...) { co_return 42; }
//
// Nothing is taken from the global heap: a coroutine without an allocator does not compile. When
// the allocator has no memory the task is empty, which is seen by testing it; nothing has run then.
//
// A task does nothing until it is awaited, by one other, or until detach() lets it run for itself.
// Tasks belong to one thread. An exception that leaves one ends the program.
#pragma once

#include <cassert>
#include <concepts>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <new>
#include <optional>
#include <utility>

namespace quire::io {

// allocate() gives memory aligned as by operator new, or nullptr. The allocator outlives the tasks.
template <class A>
concept frame_allocator = requires(A& a, void* memory, std::size_t size) {
  { a.allocate(size) }
  noexcept->std::same_as<void*>;
  { a.deallocate(memory, size) }
  noexcept;
};

template <class Value>
class task;

namespace detail {

// Before each frame: who takes it back.
struct alignas(__STDCPP_DEFAULT_NEW_ALIGNMENT__) frame_header {
  void* allocator;
  void (*deallocate)(void* allocator, void* memory, std::size_t size) noexcept;
};

template <frame_allocator A>
void* allocate_frame(A& allocator, std::size_t size) noexcept {
  void* const memory = allocator.allocate(size + sizeof(frame_header));
  if (memory == nullptr) return nullptr;
  return ::new (memory) frame_header{&allocator,
                                     [](void* a, void* m, std::size_t n) noexcept {
                                       static_cast<A*>(a)->deallocate(m, n);
                                     }} +
         1;
}

class promise_base {
 public:
  template <frame_allocator A, class... Rest>
  static void* operator new(std::size_t size, A& allocator, Rest&...) noexcept {
    return allocate_frame(allocator, size);
  }
  template <class Object, frame_allocator A, class... Rest>
  requires(!frame_allocator<Object>) static void* operator new(std::size_t size, Object&,
                                                               A& allocator, Rest&...) noexcept {
    return allocate_frame(allocator, size);
  }
  static void operator delete(void* frame, std::size_t size) noexcept {
    frame_header* const h = static_cast<frame_header*>(frame) - 1;
    h->deallocate(h->allocator, h, size + sizeof(frame_header));
  }

  std::suspend_always initial_suspend() const noexcept { return {}; }

  struct final_awaiter {
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> h) const noexcept {
      std::coroutine_handle<> const next = h.promise().continuation;
      if (h.promise().detached) h.destroy();
      return next ? next : std::noop_coroutine();
    }
    void await_resume() const noexcept {}
  };
  final_awaiter final_suspend() const noexcept { return {}; }

  [[noreturn]] void unhandled_exception() const noexcept { std::terminate(); }

  std::coroutine_handle<> continuation;
  bool detached = false;
};

template <class Value>
class promise : public promise_base {
 public:
  task<Value> get_return_object() noexcept;
  static task<Value> get_return_object_on_allocation_failure() noexcept;
  void return_value(Value v) noexcept { value_.emplace(std::move(v)); }
  Value take() noexcept { return std::move(*value_); }

 private:
  std::optional<Value> value_;
};

template <>
class promise<void> : public promise_base {
 public:
  task<void> get_return_object() noexcept;
  static task<void> get_return_object_on_allocation_failure() noexcept;
  void return_void() const noexcept {}
  void take() const noexcept {}
};

}  // namespace detail

template <class Value = void>
class [[nodiscard]] task {
 public:
  using promise_type = detail::promise<Value>;

  task() = default;
  task(task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  task& operator=(task&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  // Requires: it has not begun, or has ended.
  ~task() {
    if (handle_) handle_.destroy();
  }

  // False: there was no memory for it.
  explicit operator bool() const noexcept { return static_cast<bool>(handle_); }

  // Runs it until it first waits; from then on it belongs to itself, and goes away at its end.
  // Requires:
  // not empty.
  void detach() && noexcept {
    assert(handle_);
    handle_.promise().detached = true;
    std::exchange(handle_, nullptr).resume();
  }

  // Runs it to its end and gives what it returned. Requires: not empty.
  auto operator co_await() && noexcept {
    struct awaiter {
      std::coroutine_handle<promise_type> handle;
      bool await_ready() const noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiting) const noexcept {
        handle.promise().continuation = waiting;
        return handle;
      }
      Value await_resume() const noexcept { return handle.promise().take(); }
    };
    assert(handle_);
    return awaiter{handle_};
  }

 private:
  friend promise_type;
  explicit task(std::coroutine_handle<promise_type> h) noexcept : handle_(h) {}

  std::coroutine_handle<promise_type> handle_;
};

namespace detail {

template <class Value>
task<Value> promise<Value>::get_return_object() noexcept {
  return task<Value>(std::coroutine_handle<promise>::from_promise(*this));
}
template <class Value>
task<Value> promise<Value>::get_return_object_on_allocation_failure() noexcept {
  return {};
}
inline task<void> promise<void>::get_return_object() noexcept {
  return task<void>(std::coroutine_handle<promise>::from_promise(*this));
}
inline task<void> promise<void>::get_return_object_on_allocation_failure() noexcept {
  return {};
}

}  // namespace detail

}  // namespace quire::io
