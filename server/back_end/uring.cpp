#include <quire/io/uring/proactor.hpp>
#include <quire/io/uring/support.hpp>
#include <quire/server/back_end.hpp>
#include <quire/server/connection.hpp>
#include <quire/server/serve.hpp>

namespace quire::server {

// All that a connection costs while it waits for a request.
static_assert(sizeof(void*) != 8 ||
              sizeof(connection<io::uring::proactor>) + sizeof(io::uring::reception) <= 256);

namespace {

std::string obstacle() {
  return io::uring::check_support().reason;
}

std::vector<finding> examine() {
  std::vector<finding> found;
  if (int const setting = io::uring::disabled_setting(); setting >= 0) {
    finding f{"kernel.io_uring_disabled", std::to_string(setting), verdict::good};
    if (setting != 0) {
      f.judged = verdict::costs;
      f.cost = "io_uring is not for everybody here; epoll serves instead";
      f.advice = "sysctl -w kernel.io_uring_disabled=0";
    }
    found.push_back(std::move(f));
  }
  for (io::uring::feature const& feature : io::uring::probe_features()) {
    finding f{std::string(feature.name), "yes", verdict::good};
    if (!feature.there) {
      f.value = "no";
      f.judged = verdict::costs;
      f.cost = feature.needed ? "epoll serves instead, at a little more processor time a request; "
                                "this would give: "
                              : "more processor time with --file-io direct; this would give: ";
      f.cost += feature.gives;
      f.advice = feature.needed ? "Linux 6.1, and a container that allows io_uring" : "Linux 6.15";
    }
    found.push_back(std::move(f));
  }
  return found;
}

}  // namespace

extern back_end const uring_back_end;
back_end const uring_back_end = {io::uring::proactor::name, obstacle, &serve<io::uring::proactor>,
                                 examine};

}  // namespace quire::server
