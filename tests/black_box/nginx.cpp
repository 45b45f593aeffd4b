#include "tests/black_box/nginx.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <stdexcept>
#include <string>

namespace quire::test {
namespace {

namespace fs = std::filesystem;

// A socket that listens on a port of its own.
int listening_socket(std::uint16_t& port) {
  int const s = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof where;
  auto* const plain = reinterpret_cast<sockaddr*>(&where);
  if (s < 0 || ::bind(s, plain, size) != 0 || ::listen(s, 64) != 0 ||
      ::getsockname(s, plain, &size) != 0) {
    throw std::runtime_error("no port for nginx");
  }
  port = ntohs(where.sin_port);
  return s;
}

std::string configuration(fs::path const& root, fs::path const& scratch, std::uint16_t port) {
  std::string text = "daemon off; user root; worker_processes 1; pid " +
                     (scratch / "pid").string() + "; error_log " +
                     (scratch / "error.log").string() +
                     ";\nevents { worker_connections 64; }\nhttp {\n  access_log off;\n";
  for (char const* name : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
    text.append("  ").append(name).append("_temp_path ").append((scratch / name).string());
    text.append(";\n");
  }
  return text + "  keepalive_requests 1000000;\n  gzip_static on; gzip_vary on;\n" +
         "  types { text/html html; text/css css; text/plain txt; }\n  server { listen 127.0.0.1:" +
         std::to_string(port) + "; root " + root.string() + "; }\n}\n";
}

}  // namespace

nginx::nginx(fs::path const& root, fs::path const& scratch) {
  std::uint16_t port = 0;
  int const s = listening_socket(port);
  where_ = {"127.0.0.1", port};

  fs::path const file = scratch / "nginx.conf";
  std::ofstream(file) << configuration(root, scratch, port);
  std::string const log = (scratch / "output").string();
  // One process alone ends by a fault when it inherits a socket, so there is a worker.
  std::string const inherited = "NGINX=" + std::to_string(s) + ";";
  std::array<char const*, 6> const words = {"nginx", "-p",         scratch.c_str(),
                                            "-c",    file.c_str(), nullptr};
  std::array<char const*, 3> const variables = {inherited.c_str(), "PATH=/usr/sbin:/usr/bin",
                                                nullptr};
  ::setenv("PATH", (std::string(::getenv("PATH")) + ":/usr/sbin").c_str(), 1);
  id_ = ::fork();
  if (id_ < 0) throw std::runtime_error("cannot fork");
  if (id_ == 0) {  // Only what is safe between fork and exec.
    int const out = ::open(log.c_str(), O_WRONLY | O_CREAT, 0600);
    ::dup2(out, STDERR_FILENO);
    ::fcntl(s, F_SETFD, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    ::execvpe(words[0], const_cast<char**>(words.data()), const_cast<char**>(variables.data()));
    ::_exit(127);
  }
  ::close(s);
}

nginx::~nginx() {
  ::kill(id_, SIGTERM);  // It ends its worker, too.
  ::waitpid(id_, nullptr, 0);
}

}  // namespace quire::test
