#include <quire/io/epoll/proactor.hpp>
#include <quire/server/back_end.hpp>
#include <quire/server/serve.hpp>

namespace quire::server {

extern back_end const epoll_back_end;
back_end const epoll_back_end = {io::epoll::proactor::name, [] { return std::string(); },
                                 &serve<io::epoll::proactor>};

}  // namespace quire::server
