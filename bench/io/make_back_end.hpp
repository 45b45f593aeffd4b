// What is measured of a back end on every platform, from its type alone.
#pragma once

#include "bench/io/accepts.hpp"
#include "bench/io/back_end.hpp"
#include "bench/io/echo.hpp"
#include "bench/io/messages.hpp"
#include "bench/io/posts.hpp"

namespace quire::bench {

template <io::proactor P>
io::error try_start() {
  page_pool pool(page_pool::slab_size);
  io::error e = io::error::other;
  P const p({.pool = &pool, .blocking_threads = 1}, e);
  return e;
}

template <io::proactor P>
back_end make_back_end() {
  return {.name = P::name,
          .start = &try_start<P>,
          .echo = &echo_round<P>,
          .send_messages = &send_round<P>,
          .receive_messages = &receive_round<P>,
          .accepts = &accept_round<P>,
          .posts = &post_round<P>};
}

}  // namespace quire::bench
