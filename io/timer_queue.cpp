#include <quire/io/timer_queue.hpp>

#include <utility>

namespace quire::io {
namespace {

// In the operation's flags: the timer is in the heap.
constexpr std::uint8_t queued = 1;

}  // namespace

void timer_queue::schedule(timer& t, instant deadline) noexcept {
  if ((operation_access::flags(t) & queued) == 0) {
    operation_access::submit(t);
    operation_access::flags(t) = queued;
    t.deadline_ = deadline;
    insert(t);
    return;
  }
  t.deadline_ = deadline;
  if (deadline >= t.key_) return;
  t.key_ = deadline;
  if (root_ == &t) return;
  detach(t);
  root_ = merge(root_, &t);
}

bool timer_queue::remove(timer& t) noexcept {
  if ((operation_access::flags(t) & queued) == 0) return false;
  operation_access::flags(t) = 0;
  timer* const children = merge_siblings(std::exchange(t.child_, nullptr));
  if (root_ == &t) {
    root_ = children;
    return true;
  }
  detach(t);
  if (children != nullptr) root_ = merge(root_, children);
  return true;
}

timer* timer_queue::pop_expired(instant now) noexcept {
  while (root_ != nullptr && root_->key_ <= now) {
    timer& t = *root_;
    root_ = merge_siblings(std::exchange(t.child_, nullptr));
    if (t.key_ == t.deadline_) {
      operation_access::flags(t) = 0;
      return &t;
    }
    insert(t);
  }
  return nullptr;
}

void timer_queue::insert(timer& t) noexcept {
  t.key_ = t.deadline_;
  t.previous_ = nullptr;
  set_sibling(t, nullptr);
  root_ = root_ == nullptr ? &t : merge(root_, &t);
}

timer* timer_queue::merge(timer* a, timer* b) noexcept {
  if (b->key_ < a->key_) std::swap(a, b);
  set_sibling(*b, a->child_);
  if (a->child_ != nullptr) a->child_->previous_ = b;
  b->previous_ = a;
  a->child_ = b;
  return a;
}

// First in pairs from the left, then all pairs from the right: this order gives the logarithmic
// bound.
timer* timer_queue::merge_siblings(timer* first) noexcept {
  timer* pairs = nullptr;  // The last pair in front.
  while (first != nullptr) {
    timer* const a = first;
    timer* const b = sibling(*a);
    first = b == nullptr ? nullptr : sibling(*b);
    timer* const pair = b == nullptr ? a : merge(a, b);
    set_sibling(*pair, pairs);
    pairs = pair;
  }
  timer* root = nullptr;
  while (pairs != nullptr) {
    timer* const pair = pairs;
    pairs = sibling(*pair);
    root = root == nullptr ? pair : merge(pair, root);
  }
  if (root != nullptr) {
    set_sibling(*root, nullptr);
    root->previous_ = nullptr;
  }
  return root;
}

void timer_queue::detach(timer& t) noexcept {
  timer* const next = sibling(t);
  if (t.previous_->child_ == &t) {
    t.previous_->child_ = next;
  } else {
    set_sibling(*t.previous_, next);
  }
  if (next != nullptr) next->previous_ = t.previous_;
  t.previous_ = nullptr;
  set_sibling(t, nullptr);
}

timer* timer_queue::sibling(timer const& t) noexcept {
  return static_cast<timer*>(operation_access::next(t));
}

void timer_queue::set_sibling(timer& t, timer* next) noexcept {
  operation_access::set_next(t, next);
}

}  // namespace quire::io
