// The back ends beside each other: for each, the rounds that are templates over the proactor.
//
// Which of them are compiled is a list in CMake; each has a file in back_ends/ that puts it here.
#pragma once

#include <quire/io/contract.hpp>
#include <quire/io/error.hpp>

#include "bench/io/frame.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace quire::bench {

// How the sender of a stream of messages goes on after one of them.
enum class after_send {
  ready_list,  // In the completion.
  queue,  // By way of the kernel's queue: it posts to its own loop, and goes on in that completion.
};

struct back_end {
  std::string_view name;
  io::error (*start)();  // Whether this machine allows it.

  // bench/io/echo.hpp
  sample (*echo)(std::size_t connections, std::size_t round_trips, io::receive_policy);
  // bench/io/messages.hpp
  sample (*send_messages)(std::size_t count, after_send);
  sample (*receive_messages)(std::size_t count, io::receive_policy);
  // bench/io/accepts.hpp
  sample (*accepts)(std::size_t count);
  // bench/io/posts.hpp
  sample (*posts)(std::size_t count, unsigned threads);
  // bench/io/idle.hpp; only where clients can be a process of their own.
  sample (*idle)(std::size_t connections, io::receive_policy) = nullptr;
};

// Those that this machine allows, the reference first.
std::vector<back_end> const& back_ends();

// Puts a back end among them; a lesser rank stands before a greater one. For objects of static
// storage duration.
class registered {
 public:
  registered(int rank, back_end const& b);
};

}  // namespace quire::bench
