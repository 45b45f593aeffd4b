#include <quire/io/iocp/proactor.hpp>
#include <quire/server/back_end.hpp>
#include <quire/server/serve.hpp>

namespace quire::server {

extern back_end const iocp_back_end;
back_end const iocp_back_end = {io::iocp::proactor::name, [] { return std::string(); },
                                &serve<io::iocp::proactor>};

}  // namespace quire::server
