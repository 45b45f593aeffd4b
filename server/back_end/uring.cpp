#include <quire/io/uring/proactor.hpp>
#include <quire/io/uring/support.hpp>
#include <quire/server/back_end.hpp>
#include <quire/server/serve.hpp>

namespace quire::server {

extern back_end const uring_back_end;
back_end const uring_back_end = {io::uring::proactor::name,
                                 [] { return io::uring::check_support().reason; },
                                 &serve<io::uring::proactor>};

}  // namespace quire::server
