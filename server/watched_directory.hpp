// A directory of the site whose changes are told, and the entries of the cache that they are about.
#pragma once

#include <quire/server/file_entry.hpp>

#include <cstdint>
#include <utility>

namespace quire::server {

template <io::proactor Proactor>
struct watched_directory;

// Links lie in the entries; an entry is in one list at most. Each call costs a few steps.
template <io::proactor Proactor>
struct watched_names {
  explicit watched_names(watched_directory<Proactor>& d) noexcept : of(d) {}
  watched_names(watched_names const&) = delete;
  watched_names& operator=(watched_names const&) = delete;

  void push(file_entry<Proactor>& e) noexcept {
    e.listed_in = this;
    e.previous_listed = nullptr;
    e.next_listed = std::exchange(first, &e);
    if (e.next_listed != nullptr) e.next_listed->previous_listed = &e;
  }
  // It is covered no more.
  void remove(file_entry<Proactor>& e) noexcept {
    (e.previous_listed != nullptr ? e.previous_listed->next_listed : first) = e.next_listed;
    if (e.next_listed != nullptr) e.next_listed->previous_listed = e.previous_listed;
    e.listed_in = nullptr;
    e.watched = false;
  }

  watched_directory<Proactor>& of;
  file_entry<Proactor>* first = nullptr;
};

enum class watch_state : std::uint8_t {
  wanted,
  watched,
  blind,  // Nothing is told of it and of what lies below.
};

template <io::proactor Proactor>
struct watched_directory {
  bool empty() const noexcept { return here.first == nullptr && below.first == nullptr; }

  watch_state state = watch_state::wanted;
  int number = -1;                       // Of the watch.
  io::instant since = never;             // It is watched.
  watched_names<Proactor> here{*this};   // Of its files, and of names that it does not hold.
  watched_names<Proactor> below{*this};  // Of paths whose next directory it does not hold.
};

}  // namespace quire::server
