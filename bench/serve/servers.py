"""The servers that are compared: quire over each of its back ends, the limit, and those peers that are
installed. Each is started with one worker, without an access log, and otherwise as its users have it."""
import os
import resource
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

MIME_TYPES = {".html": "text/html", ".js": "text/javascript", ".jpg": "image/jpeg"}

NGINX = """daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log /dev/null;
events {{ worker_connections 16384; multi_accept on; use epoll; }}
http {{
  types {{ text/html html; text/javascript js; image/jpeg jpg; }}
  default_type application/octet-stream;
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_timeout 300;
  keepalive_requests 1000000000;
  open_file_cache max={open_files} inactive=60s;
  open_file_cache_valid 30s;
  open_file_cache_min_uses 1;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port} backlog=4096; root {root}; }}
}}
"""

H2O = """listen:
  host: 127.0.0.1
  port: {port}
num-threads: 1
max-connections: 16384
http1-request-timeout: 300
user: {user}
hosts:
  default:
    paths:
      /:
        file.dir: {root}
"""

LIGHTTPD = """server.port = {port}
server.bind = "127.0.0.1"
server.document-root = "{root}"
server.max-keep-alive-requests = 1000000000
server.max-keep-alive-idle = 300
server.max-connections = 8192
server.max-fds = 16384
server.stat-cache-engine = "simple"
index-file.names = ("index.html")
mimetype.assign = ({types}, "" => "application/octet-stream")
"""

CADDY = """{{
  admin off
  auto_https off
  log default {{
    output discard
  }}
}}
http://127.0.0.1:{port} {{
  root * {root}
  file_server
}}
"""


@dataclass(frozen=True)
class Choice:
    """What the servers are started with."""
    quire: Path
    null_server: Path
    root: Path
    folder: Path
    cpu: int


def _lighttpd_types():
    return ", ".join(f'"{ending}" => "{name}"' for ending, name in MIME_TYPES.items())


def _files_to_keep_open():
    """As many as help, and descriptors for the connections besides: without, nginx answers 500."""
    return max(1000, min(20000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 4096))


def _configured(program, template, *arguments):
    def command(choice, port):
        folder = choice.folder / program
        folder.mkdir(exist_ok=True)
        file = folder / "configuration"
        file.write_text(template.format(port=port, root=choice.root, folder=folder,
                                        user=os.environ.get("USER", "root"), types=_lighttpd_types(),
                                        open_files=_files_to_keep_open()))
        return [program, *[a.format(file=file) for a in arguments]]
    return command


PEERS = {
    "nginx": _configured("nginx", NGINX, "-c", "{file}"),
    "h2o": _configured("h2o", H2O, "-c", "{file}"),
    "lighttpd": _configured("lighttpd", LIGHTTPD, "-D", "-f", "{file}"),
    "caddy": _configured("caddy", CADDY, "run", "--adapter", "caddyfile", "--config", "{file}"),
}


def _quire(io, *more):
    def command(choice, port):
        return [choice.quire, "serve", choice.root, "--listen", f"127.0.0.1:{port}", "--workers", "1",
                "--access-log", "off", "--io", io, *more]
    return command


def _quire_logging(choice, port):
    command = _quire("auto")(choice, port)
    command[command.index("off")] = choice.folder / "access.log"
    return command


def _null(choice, port):
    return [choice.null_server, str(port)]


OURS = {
    "null": _null,
    "quire": _quire("auto"),
    "quire-epoll": _quire("epoll"),
    "quire-uring": _quire("uring"),
    "quire-asio": _quire("asio"),
    "quire-logging": _quire_logging,
}
COMMANDS = OURS | PEERS


def installed():
    """The names that can be compared on this machine, peers last."""
    return [*OURS, *[name for name in PEERS if shutil.which(name)]]


def version(name, choice):
    if name == "null":
        return ""
    if name.startswith("quire"):
        words = [choice.quire, "--version"]
    else:
        words = [name, {"nginx": "-v", "caddy": "version"}.get(name, "--version")]
    done = subprocess.run(words, capture_output=True, text=True)
    line = (done.stdout or done.stderr).strip().splitlines()[0]
    return line.removeprefix("nginx version: ").split(" (")[0]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """One server that runs. Ends with its `with` block, and all its children with it."""

    def __init__(self, name, choice, options=None):
        """`options`: of the command, with their values, in place of those that it has or besides them."""
        self.name = name
        self.cpu = choice.cpu
        self.port = free_port()
        command = [str(word) for word in COMMANDS[name](choice, self.port)]
        for option, value in (options or {}).items():
            if option in command:
                command[command.index(option) + 1] = str(value)
            else:
                command += [option, str(value)]
        self._errors = choice.folder / f"{name}.err"
        with open(self._errors, "w") as errors:
            self._process = subprocess.Popen(
                ["taskset", "-c", str(choice.cpu), *command], stdout=subprocess.DEVNULL, stderr=errors,
                cwd=choice.folder, start_new_session=True,
                env={**os.environ, "HOME": str(choice.folder), "GOMAXPROCS": "1"})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for sign in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, sign)
                self._process.wait(5)
                return
            except subprocess.TimeoutExpired:
                continue
            except ProcessLookupError:
                return

    def wait_until_it_listens(self):
        """False when it has ended instead; why() then tells what it said."""
        for _ in range(400):
            if self._process.poll() is not None:
                return False
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return True
            except OSError:
                time.sleep(0.025)
        return False

    def why(self):
        return self._errors.read_text().strip()[-300:]

    def _tasks(self):
        todo = [self._process.pid]
        while todo:
            pid = todo.pop()
            try:
                threads = os.listdir(f"/proc/{pid}/task")
                yield pid, threads
                for thread in threads:
                    todo += Path(f"/proc/{pid}/task/{thread}/children").read_text().split()
            except OSError:
                continue

    def cpu_seconds(self):
        """What the server and its children have used, by the scheduler's own count."""
        total = 0
        for pid, threads in self._tasks():
            for thread in threads:
                try:
                    total += int(Path(f"/proc/{pid}/task/{thread}/schedstat").read_text().split()[0])
                except OSError:
                    continue
        return total / 1e9

    def memory(self, kind="Pss"):
        """Proportional set size in bytes, children included."""
        total = 0
        for pid, _ in self._tasks():
            try:
                for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                    if line.startswith(kind + ":"):
                        total += int(line.split()[1]) * 1024
            except OSError:
                continue
        return total
