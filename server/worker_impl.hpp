// The member functions of worker<Proactor>.
#pragma once

#include <quire/server/connection.hpp>
#include <quire/server/worker.hpp>

#include <utility>

namespace quire::server {

template <io::proactor Proactor>
worker<Proactor>::worker(Proactor& proactor, page_pool& pool, worker_options const& o,
                         std::vector<io::endpoint>& listen, start_failure& failure)
    : proactor_(proactor),
      threads_(o.threads),
      services_(proactor, pool, o.configuration, o.worker_count, o.log, o.time_of_day, o.threads),
      connections_max_((o.configuration.connections_max + o.worker_count - 1) / o.worker_count) {
  using what = start_failure::what;
  pause_.template bind<&worker::on_pause_over>(this);
  drain_timer_.template bind<&worker::on_drain_timeout>(this);
  drain_post_.template bind<&worker::on_drain>(this);
  io::error e = services_.root.open();
  if (e != io::error::none) {
    failure = {e, what::root, 0};
    return;
  }
  for (std::size_t i = 0; i != listen.size(); ++i) {
    acceptors_.push_back(std::make_unique<acceptor>());
    acceptor& a = *acceptors_.back();
    a.owner = this;
    a.accept.template bind<&acceptor::on_accepted>(&a);
    e = proactor_.listen(a.listener, listen[i],
                         {.reuse_port = o.worker_count > 1, .sole = o.is_first});
    if (e != io::error::none) {
      failure = {e, what::listen, i};
      return;
    }
    a.listening = true;
    listen[i] = proactor_.local_endpoint(a.listener);
  }
}

template <io::proactor Proactor>
worker<Proactor>::~worker() {
  for (auto& a : acceptors_) stop_listening(*a);
  for (background_work* const w : {threads_.encoding, threads_.hashing}) {
    if (w != nullptr) w->leave(&services_);
  }
  while (spare_exchanges_ != nullptr) destroy_exchange(make_exchange());
}

template <io::proactor Proactor>
void worker<Proactor>::start() noexcept {
  if (services_.fresh.wants_notices()) services_.changes.start();
  for (auto& a : acceptors_) proactor_.accept(a->listener, a->accept);
}

template <io::proactor Proactor>
bool worker<Proactor>::busy() noexcept {
  if (!services_.draining || first_ != nullptr) return true;
  if (!services_.changes.idle() || !services_.root.idle()) return true;
  for (auto& a : acceptors_) {
    if (!a->accept.idle()) return true;
  }
  if (!services_.variants.idle() || !services_.digests.idle() || !services_.filler.idle())
    return true;
  // Nothing is left to wait for but the time-out that would end it.
  if (!drain_timer_.idle()) proactor_.cancel(drain_timer_);
  return !drain_timer_.idle() || !pause_.idle();
}

template <io::proactor Proactor>
void worker<Proactor>::on_accepted(acceptor& a) noexcept {
  if (a.accept.result() == io::error::none) admit(a);
  if (services_.draining) return stop_listening(a);
  if (a.accept.result() == io::error::too_many_open_files ||
      a.accept.result() == io::error::no_memory) {
    if (pause_.idle()) proactor_.schedule(pause_, proactor_.now() + accept_pause);
    return;
  }
  if (a.accept.result() != io::error::canceled) proactor_.accept(a.listener, a.accept);
}

template <io::proactor Proactor>
void worker<Proactor>::stop_listening(acceptor& a) noexcept {
  if (std::exchange(a.listening, false)) proactor_.close(a.listener);
}

template <io::proactor Proactor>
void worker<Proactor>::admit(acceptor& a) noexcept {
  bool const full = connections_.in_use() - refused_ >= connections_max_;
  if (services_.draining || (full && refused_ == refused_max)) return proactor_.discard(a.accept);
  connection<Proactor>* const c = connections_.make(*this);
  if (c == nullptr) return proactor_.discard(a.accept);
  if (proactor_.adopt(c->stream(), a.accept) != io::error::none) return connections_.destroy(c);
  link(*c);
  services_.date.update(proactor_.now());
  if (full) {
    ++refused_;
    c->refuse(a.accept.peer());
  } else {
    c->start(a.accept.peer());
  }
}

template <io::proactor Proactor>
void worker<Proactor>::on_pause_over() noexcept {
  if (services_.draining) return;
  for (auto& a : acceptors_) {
    if (a->accept.idle()) proactor_.accept(a->listener, a->accept);
  }
}

template <io::proactor Proactor>
void worker<Proactor>::on_drain() noexcept {
  services_.draining = true;
  services_.changes.stop();
  services_.root.stop();
  auto const patience = std::chrono::seconds(services_.configuration.drain_timeout);
  proactor_.schedule(drain_timer_, proactor_.now() + patience);
  services_.variants.stop();
  services_.filler.stop();
  if (!pause_.idle()) proactor_.cancel(pause_);
  for (auto& a : acceptors_) {
    if (a->accept.idle()) {
      stop_listening(*a);
    } else {
      proactor_.cancel(a->accept);
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
