#include <quire/server/encoded_forms.hpp>

#include <quire/server/representation_head.hpp>
#include <quire/server/site/encoding_worth.hpp>

#include <algorithm>
#include <new>
#include <utility>

namespace quire::server {

bool encoded_forms::known::is_gone() const noexcept {
  return std::all_of(forms.begin(), forms.end(), [](auto const& f) { return f.expired(); });
}

std::shared_ptr<encoded_form const> encoded_forms::find(file_content const& of,
                                                        content_coding coding) noexcept {
  std::lock_guard const lock(mutex_);
  auto const at = table_.find(of);
  if (at == table_.end()) return nullptr;
  auto form = at->second.form(coding).lock();
  return form != nullptr ? form : at->second.form(content_coding::identity).lock();
}

encoding_result encoded_forms::get(file_content const& of, content_coding coding,
                                   buffer const& content, std::atomic<bool> const& stop) noexcept {
  if (auto form = find(of, coding)) return {form->outcome(), form};
  try {
    encoding_result made = make(coding, content, stop);
    if (made.form != nullptr) add(of, coding, made);
    return made;
  } catch (std::bad_alloc const&) {
    return {encoding_outcome::no_memory, nullptr};
  }
}

encoding_result encoded_forms::make(content_coding coding, buffer const& content,
                                    std::atomic<bool> const& stop) const {
  std::size_t const size_max = encoded_size_max(content.size());
  encoded_form::memory bytes(static_cast<char*>(std::malloc(size_max)));
  if (bytes == nullptr) throw std::bad_alloc();
  page all(bytes.get(), bytes.get() + size_max);
  buffer out;
  out.push(&all);
  encoding_outcome const outcome = encode(coding, content, out, size_max, stop, memory_);
  if (outcome == encoding_outcome::too_long) {
    return {outcome, std::make_shared<encoded_form const>()};
  }
  if (outcome != encoding_outcome::encoded) return {outcome, nullptr};
  std::string tag = content_entity_tag(out, coding);
  std::size_t const size = out.size();
  if (char* const cut = static_cast<char*>(std::realloc(bytes.get(), size))) {
    static_cast<void>(bytes.release());
    bytes.reset(cut);
  }
  return {outcome, std::make_shared<encoded_form const>(std::move(bytes), size, std::move(tag))};
}

void encoded_forms::add(file_content const& of, content_coding coding, encoding_result& made) {
  std::lock_guard const lock(mutex_);
  forget_some();
  known& k = table_[of];
  bool const is_encoded = made.outcome == encoding_outcome::encoded;
  std::weak_ptr<encoded_form const>& place = k.form(is_encoded ? coding : content_coding::identity);
  if (auto other = place.lock()) {
    made.form = std::move(other);
  } else {
    place = made.form;
  }
}

void encoded_forms::forget_some() noexcept {
  for (int i = 0; i != 2 && !table_.empty(); ++i) {
    if (next_looked_at_ == table_.end()) next_looked_at_ = table_.begin();
    auto const at = next_looked_at_++;
    if (at->second.is_gone()) table_.erase(at);
  }
}

std::size_t encoded_forms::count() noexcept {
  std::lock_guard const lock(mutex_);
  return static_cast<std::size_t>(std::count_if(
      table_.begin(), table_.end(), [](auto const& one) { return !one.second.is_gone(); }));
}

std::size_t encoded_forms::entries() noexcept {
  std::lock_guard const lock(mutex_);
  return table_.size();
}

}  // namespace quire::server
