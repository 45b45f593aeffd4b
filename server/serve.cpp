#include <quire/server/descriptor_need.hpp>
#include <quire/server/serve.hpp>

#include <algorithm>
#include <array>

namespace quire::server {
namespace {

std::string text(io::endpoint const& e) {
  std::array<char, io::endpoint_text_max> memory;
  return std::string(io::format_endpoint(e, memory));
}

std::string_view advice(start_failure const& failure, io::endpoint const& e) {
  switch (failure.error) {
    case io::error::address_in_use:
      return "; another program listens there: choose another port";
    case io::error::access_denied:
      return e.port < 1024 ? "; ports below 1024 need the right to bind them" : "";
    case io::error::address_unavailable:
      return "; this machine does not have that address";
    default:
      return "";
  }
}

}  // namespace

void say_start_failure(start_failure const& failure, settings const& s,
                       std::vector<io::endpoint> const& listen) {
  std::string_view const why = io::message(failure.error);
  switch (failure.where) {
    case start_failure::what::listen: {
      io::endpoint const& e = listen[failure.listener];
      fmt::print(stderr, "quire: cannot listen on {}: {}{}\n", text(e), why, advice(failure, e));
      return;
    }
    case start_failure::what::root:
      fmt::print(stderr, "quire: cannot serve {}: {}\n", s.root, why);
      return;
    case start_failure::what::loop:
    case start_failure::what::none:
      fmt::print(stderr, "quire: cannot start a worker with {}: {}\n", s.io, why);
      return;
  }
}

void say_listening(settings const& s, std::vector<io::endpoint> const& listen,
                   std::string_view back_end, std::size_t workers, std::string_view note) {
  if (!note.empty()) fmt::print(stderr, "quire: {}\n", note);
  for (io::endpoint const& e : listen) {
    fmt::print("quire: serving {} on http://{}/ ({}, {} {})\n", s.root, text(e), back_end, workers,
               workers == 1 ? "worker" : "workers");
  }
  std::fflush(stdout);
}

bool fit_to_descriptor_limit(settings& s, std::size_t workers, bool connections_max_given) {
  std::uint64_t const limit = process::raise_descriptor_limit();
  std::uint64_t const fixed = fixed_descriptors(workers, s.listen.size());
  std::uint64_t const connections = connections_max_given ? s.connections_max : connections_min;
  std::uint64_t const need = fixed + connection_descriptors * connections;
  if (limit < need) {
    fmt::print(stderr,
               "quire: the limit of open files is {}, but {} are needed for {} connections and {} "
               "workers: raise it (ulimit -n) or set --connections-max or --workers lower\n",
               limit, need, connections, workers);
    return false;
  }
  s.connections_max = std::min(s.connections_max, (limit - fixed) / connection_descriptors);
  return true;
}

}  // namespace quire::server
