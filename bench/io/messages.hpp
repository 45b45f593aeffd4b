// Messages of 128 bytes through one connection: what sending and receiving them costs the measured
// thread. What is at the other end runs on the platform's native back end, on another core.
#pragma once

#include "bench/io/back_end.hpp"
#include "bench/io/measure.hpp"
#include "bench/io/message_peer.hpp"

#include <cstddef>
#include <utility>

namespace quire::bench {

template <io::proactor P>
class message_sender {
 public:
  message_sender(loop<P>& l, std::size_t count, after_send how) : p_(l.p), left_(count), how_(how) {
    connect_.template bind<&message_sender::on_connected>(this);
    send_.template bind<&message_sender::on_sent>(this);
    posted_.template bind<&message_sender::send_next>(this);
  }
  ~message_sender() { p_.close(stream_); }
  message_sender(message_sender const&) = delete;
  message_sender& operator=(message_sender const&) = delete;

  void connect(io::endpoint const& sink) { p_.connect(stream_, sink, connect_); }
  bool connected() const { return connected_; }
  void start() noexcept { send_next(); }
  bool done() const { return left_ == 0; }

 private:
  void on_connected() noexcept {
    require(connect_.result(), "cannot connect");
    connected_ = true;
  }
  void send_next() noexcept {
    span_ = {message().data() + sent_, message_size - sent_};
    p_.send(stream_, send_, {&span_, 1});
  }
  void on_sent() noexcept {
    require(send_.result(), "cannot send");
    sent_ += send_.transferred();
    if (sent_ == message_size) {
      sent_ = 0;
      if (--left_ == 0) return;
    }
    how_ == after_send::queue ? p_.post(posted_) : send_next();
  }

  P& p_;
  typename P::stream stream_;
  typename P::connect_operation connect_;
  typename P::send_operation send_;
  typename P::posted_operation posted_;
  const_span span_;
  std::size_t sent_ = 0;  // Of the message under way.
  std::size_t left_;
  after_send how_;
  bool connected_ = false;
};

template <io::proactor P>
sample send_round(std::size_t count, after_send how) {
  pin_to_core(measured_core);
  message_sink sink(count);
  stop_watch watch;
  {
    loop<P> l;
    message_sender<P> sender(l, count, how);
    sender.connect(sink.where());
    l.run_until([&] { return sender.connected(); });
    watch.start();
    sender.start();
    l.run_until([&] { return sender.done(); });
    watch.stop();
  }
  sink.wait();
  return {watch.thread_ns(count), watch.rate(count)};
}

// Takes what comes on one stream, counts it and forgets it.
template <io::proactor P>
class message_receiver {
 public:
  message_receiver(loop<P>& l, io::receive_policy policy) : loop_(l) {
    accept_.template bind<&message_receiver::on_accepted>(this);
    receive_.template bind<&message_receiver::on_received>(this);
    receive_.policy(policy);
    require(loop_.p.listen(listener_, loopback(), {}), "cannot listen");
    loop_.p.accept(listener_, accept_);
  }
  ~message_receiver() {
    while (page* const p = bytes_.pop()) loop_.pool.release(p);
    if (stream_.is_open()) loop_.p.close(stream_);
    loop_.p.close(listener_);
  }
  message_receiver(message_receiver const&) = delete;
  message_receiver& operator=(message_receiver const&) = delete;

  io::endpoint where() const { return loop_.p.local_endpoint(listener_); }
  bool accepted() const { return stream_.is_open(); }
  bool ended() const { return ended_; }
  std::size_t bytes() const { return received_; }
  std::size_t completions() const { return completions_; }

 private:
  void on_accepted() noexcept {
    require(accept_.result(), "cannot accept");
    require(loop_.p.adopt(stream_, accept_), "cannot adopt");
    loop_.p.receive(stream_, receive_, bytes_);
  }
  void on_received() noexcept {
    require(receive_.result(), "cannot receive");
    ended_ = receive_.transferred() == 0;
    if (ended_) return;
    ++completions_;
    for (auto run = bytes_.pages_begin(); run != bytes_.pages_end(); ++run) {
      require(is_of_messages((*run).data, (*run).size, received_), "a message is wrong");
      received_ += (*run).size;
    }
    bytes_.commit_read(bytes_.size());
    while (page* const p = bytes_.pop()) loop_.pool.release(p);
    loop_.p.receive(stream_, receive_, bytes_);
  }

  loop<P>& loop_;
  typename P::listener listener_;
  typename P::accept_operation accept_;
  typename P::stream stream_;
  typename P::receive_operation receive_;
  buffer bytes_;
  std::size_t received_ = 0;
  std::size_t completions_ = 0;
  bool ended_ = false;
};

template <io::proactor P>
sample receive_round(std::size_t count, io::receive_policy policy) {
  pin_to_core(measured_core);
  loop<P> l;
  message_receiver<P> receiver(l, policy);
  message_source source(receiver.where(), count);
  l.run_until([&] { return receiver.accepted(); });
  stop_watch watch;
  source.start();
  l.run_until([&] { return receiver.ended(); });
  watch.stop();
  require(receiver.bytes() == count * message_size, "messages are missing");
  return {watch.thread_ns(count), watch.rate(count),
          static_cast<double>(count) / static_cast<double>(receiver.completions())};
}

}  // namespace quire::bench
