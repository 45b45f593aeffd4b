#include <quire/io/asio/proactor.hpp>
#include <quire/server/back_end.hpp>
#include <quire/server/serve.hpp>

namespace quire::server {

extern back_end const asio_back_end;
back_end const asio_back_end = {io::asio::proactor::name, [] { return std::string(); },
                                &serve<io::asio::proactor>};

}  // namespace quire::server
