// What a connection needs while all that is left to do is the rest of a body in a memory file:
// however slowly its client takes it, there is neither an exchange nor a page. Taken from a pool.
#pragma once

#include <quire/io/proactor.hpp>
#include <quire/server/kept_record.hpp>
#include <quire/server/memory_file_body.hpp>
#include <quire/server/representation.hpp>

#include <memory>
#include <utility>

namespace quire::server {

template <io::proactor Proactor>
struct transfer {
  transfer(memory_file_body<Proactor> const& what, representation<Proactor>& of,
           std::unique_ptr<kept_record> record, bool last) noexcept
      : body(what), held(of), logged(std::move(record)), close_after(last) {}

  memory_file_body<Proactor> body;
  representation<Proactor>& held;       // What the body is of; released at the end.
  std::unique_ptr<kept_record> logged;  // If the log wants it: until it was written.
  bool close_after;                     // The response ends the connection.
  typename Proactor::send_operation send;
};

}  // namespace quire::server
