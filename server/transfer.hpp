// What a connection needs while all that is left to do is the rest of a body in a memory file:
// however slowly its client takes it, there is neither an exchange nor a page. Taken from a pool.
#pragma once

#include <quire/io/proactor.hpp>
#include <quire/server/memory_file_body.hpp>
#include <quire/server/representation.hpp>

namespace quire::server {

template <io::proactor Proactor>
struct transfer {
  transfer(memory_file_body<Proactor> const& what, representation<Proactor>& of, bool last) noexcept
      : body(what), held(of), close_after(last) {}

  memory_file_body<Proactor> body;
  representation<Proactor>& held;  // What the body is of; released at the end.
  bool close_after;                // The response ends the connection.
  typename Proactor::send_operation send;
};

}  // namespace quire::server
