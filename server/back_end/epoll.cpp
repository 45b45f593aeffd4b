#include <quire/io/epoll/proactor.hpp>
#include <quire/server/back_end.hpp>
#include <quire/server/connection.hpp>
#include <quire/server/serve.hpp>

namespace quire::server {

// All that a connection costs while it waits for a request: the back end keeps nothing besides.
static_assert(sizeof(void*) != 8 || sizeof(connection<io::epoll::proactor>) <= 256);

extern back_end const epoll_back_end;
back_end const epoll_back_end = {io::epoll::proactor::name, [] { return std::string(); },
                                 &serve<io::epoll::proactor>};

}  // namespace quire::server
