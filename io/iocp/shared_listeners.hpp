// Listeners of several loops on one address. The acceptors of a process are found here by their
// addresses; each has a completion port and a thread of its own, from its first listener to its
// last.
#pragma once

#include <quire/io/iocp/acceptor.hpp>

namespace quire::io::iocp::shared_listeners {

// The listener shares the address with those that listen there already, or is the first. Errors:
// those of listening; address_in_use also when the options say `sole` and it is not the first.
[[nodiscard]] error listen(listener& l, endpoint const& where, listen_options const& how,
                           acceptor*& joined) noexcept;

// The listener leaves. The last one ends the listening, and waits until the thread has ended.
void leave(listener& l, acceptor& joined) noexcept;

}  // namespace quire::io::iocp::shared_listeners
