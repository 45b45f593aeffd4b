// Pages one behind the other, first in, first out: for who keeps pages that are in no buffer.
//
// Eight bytes: the last page knows the first. Owns nothing; who pushed the pages pops them.
#pragma once

#include <quire/buffer/page.hpp>

#include <cassert>

namespace quire {

class page_list {
 public:
  page_list() = default;
  page_list(page_list const&) = delete;
  page_list& operator=(page_list const&) = delete;

  bool empty() const noexcept { return last_ == nullptr; }

  // Requires: the page is in no list and in no buffer.
  void push(page& p) noexcept {
    assert(p.next_ == nullptr);
    page& first = last_ != nullptr ? *last_->next_ : p;
    if (last_ != nullptr) last_->next_ = &p;
    p.next_ = &first;
    last_ = &p;
  }

  // nullptr when there is none.
  page* pop() noexcept {
    if (last_ == nullptr) return nullptr;
    page* const first = last_->next_;
    if (first == last_) {
      last_ = nullptr;
    } else {
      last_->next_ = first->next_;
    }
    first->next_ = nullptr;
    return first;
  }

 private:
  page* last_ = nullptr;
};

}  // namespace quire
