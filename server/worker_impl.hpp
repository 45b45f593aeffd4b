// The member functions of worker<Proactor>.
#pragma once

#include <quire/server/connection.hpp>
#include <quire/server/worker.hpp>

#include <utility>

namespace quire::server {

template <io::proactor Proactor>
worker<Proactor>::worker(settings const& s, std::size_t worker_count, access_log::channel* log,
                         std::vector<io::endpoint>& listen, start_failure& failure, bool is_first)
    : pool_(s.memory_max / worker_count),
      connections_max_((s.connections_max + worker_count - 1) / worker_count) {
  using what = start_failure::what;
  auto const failed = [&failure](io::error e, what where, std::size_t listener = 0) {
    failure = {e, where, listener};
    return e != io::error::none;
  };
  io::error e = io::error::none;
  proactor_ = std::make_unique<Proactor>(io::options{.pool = &pool_}, e);
  if (e != io::error::none && failed(e, what::loop)) return;
  services_ = std::make_unique<services<Proactor>>(*proactor_, pool_, s, worker_count, log);
  proactor_->open(services_->root, s.root, e);
  if (e != io::error::none && failed(e, what::root)) return;
  pause_.template bind<&worker::on_pause_over>(this);
  drain_timer_.template bind<&worker::on_drain_timeout>(this);
  drain_post_.template bind<&worker::on_drain>(this);
  for (std::size_t i = 0; i != listen.size(); ++i) {
    acceptors_.push_back(std::make_unique<acceptor>());
    acceptor& a = *acceptors_.back();
    a.owner = this;
    a.accept.template bind<&acceptor::on_accepted>(&a);
    e = proactor_->listen(a.listener, listen[i],
                          {.reuse_port = worker_count > 1, .sole = is_first});
    if (e != io::error::none && failed(e, what::listen, i)) return;
    a.listening = true;
    listen[i] = proactor_->local_endpoint(a.listener);
  }
}

template <io::proactor Proactor>
worker<Proactor>::~worker() {
  if (proactor_ == nullptr || services_ == nullptr) return;
  for (auto& a : acceptors_) stop_listening(*a);
  proactor_->close(services_->root);
}

template <io::proactor Proactor>
void worker<Proactor>::run() noexcept {
  for (auto& a : acceptors_) proactor_->accept(a->listener, a->accept);
  auto const busy = [this] {
    if (!services_->draining || first_ != nullptr || !drain_timer_.idle() || !pause_.idle())
      return true;
    for (auto& a : acceptors_) {
      if (!a->accept.idle()) return true;
    }
    return false;
  };
  while (busy()) {
    proactor_->run_once(io::wait::yes);
    // Nothing is left to wait for but the time-out that would end it.
    if (services_->draining && first_ == nullptr && !drain_timer_.idle())
      proactor_->cancel(drain_timer_);
  }
}

template <io::proactor Proactor>
void worker<Proactor>::on_accepted(acceptor& a) noexcept {
  if (a.accept.result() == io::error::none) admit(a);
  if (services_->draining) return stop_listening(a);
  if (a.accept.result() == io::error::too_many_open_files ||
      a.accept.result() == io::error::no_memory) {
    if (pause_.idle()) proactor_->schedule(pause_, proactor_->now() + accept_pause);
    return;
  }
  if (a.accept.result() != io::error::canceled) proactor_->accept(a.listener, a.accept);
}

template <io::proactor Proactor>
void worker<Proactor>::stop_listening(acceptor& a) noexcept {
  if (std::exchange(a.listening, false)) proactor_->close(a.listener);
}

template <io::proactor Proactor>
void worker<Proactor>::admit(acceptor& a) noexcept {
  bool const full = connections_.in_use() - refused_ >= connections_max_;
  if (services_->draining || (full && refused_ == refused_max)) return proactor_->discard(a.accept);
  connection<Proactor>* const c = connections_.make(*this);
  if (c == nullptr) return proactor_->discard(a.accept);
  if (proactor_->adopt(c->stream(), a.accept) != io::error::none) return connections_.destroy(c);
  link(*c);
  services_->date.update(proactor_->now());
  if (full) {
    ++refused_;
    c->refuse(a.accept.peer());
  } else {
    c->start(a.accept.peer());
  }
}

template <io::proactor Proactor>
void worker<Proactor>::on_pause_over() noexcept {
  if (services_->draining) return;
  for (auto& a : acceptors_) {
    if (a->accept.idle()) proactor_->accept(a->listener, a->accept);
  }
}

template <io::proactor Proactor>
void worker<Proactor>::on_drain() noexcept {
  services_->draining = true;
  auto const patience = std::chrono::seconds(services_->configuration.drain_timeout);
  proactor_->schedule(drain_timer_, proactor_->now() + patience);
  if (!pause_.idle()) proactor_->cancel(pause_);
  for (auto& a : acceptors_) {
    if (a->accept.idle()) {
      stop_listening(*a);
    } else {
      proactor_->cancel(a->accept);
    }
  }
  for (connection<Proactor>* c = first_; c != nullptr;) {
    connection<Proactor>* const next = c->next_;
    c->drain();
    c = next;
  }
}

template <io::proactor Proactor>
void worker<Proactor>::on_drain_timeout() noexcept {
  if (drain_timer_.result() != io::error::none) return;
  for (connection<Proactor>* c = first_; c != nullptr;) {
    connection<Proactor>* const next = c->next_;
    c->abort();
    c = next;
  }
}

template <io::proactor Proactor>
void worker<Proactor>::link(connection<Proactor>& c) noexcept {
  c.next_ = first_;
  c.previous_ = nullptr;
  if (first_ != nullptr) first_->previous_ = &c;
  first_ = &c;
}

template <io::proactor Proactor>
void worker<Proactor>::ended(connection<Proactor>& c) noexcept {
  (c.previous_ != nullptr ? c.previous_->next_ : first_) = c.next_;
  if (c.next_ != nullptr) c.next_->previous_ = c.previous_;
  if (c.refused_) --refused_;
  connections_.destroy(&c);
}

}  // namespace quire::server
