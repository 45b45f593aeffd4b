#include "bench/io/message_peer.hpp"

#include "bench/io/messages.hpp"
#include "native_back_end.hpp"

#include <algorithm>
#include <cstring>

namespace quire::bench {

std::array<char, message_size> const& message() {
  static auto const text = [] {
    std::array<char, message_size> made;
    for (std::size_t i = 0; i != made.size(); ++i) made[i] = static_cast<char>(i * 7 + 1);
    return made;
  }();
  return text;
}

bool is_of_messages(char const* data, std::size_t size, std::size_t offset) {
  std::size_t phase = offset % message_size;
  while (size != 0) {
    std::size_t const here = std::min(size, message_size - phase);
    if (std::memcmp(data, message().data() + phase, here) != 0) return false;
    data += here;
    size -= here;
    phase = 0;
  }
  return true;
}

message_sink::message_sink(std::size_t count)
    : expected_(count * message_size), thread_(beside([this] {
        loop<native_back_end> l;
        message_receiver<native_back_end> receiver(l, io::receive_policy::on_demand);
        where_ = receiver.where();
        listening_.open();
        l.run_until([&] { return receiver.ended(); });
        received_ = receiver.bytes();
      })) {
  listening_.wait();
}

void message_sink::wait() {
  thread_.join();
  require(received_ == expected_, "messages are missing");
}

message_source::message_source(io::endpoint const& to, std::size_t count)
    : thread_(beside([this, to, count] {
        loop<native_back_end> l;
        message_sender<native_back_end> sender(l, count, after_send::ready_list);
        sender.connect(to);
        l.run_until([&] { return sender.connected(); });
        go_.wait();
        sender.start();
        l.run_until([&] { return sender.done(); });
      })) {}

}  // namespace quire::bench
