"""The example fetch against a server that answers one request: fetch_test.py PROGRAM"""

import socket
import subprocess
import sys
import threading

CASES = [
    # What the server sends in pieces, what fetch is to write, and its exit code.
    ([b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world'], b'hello world', 0),
    ([b'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Enc', b'oding: chunked\r\n\r\n5\r',
      b'\nhello\r\n6\r\n world\r\n0\r\n\r\n'], b'hello world', 0),
    ([b'HTTP/1.0 200 OK\r\n\r\nhello', b' world'], b'hello world', 0),
    ([b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello'], b'hello', 1),
    ([b'HTTP/1.1 200 OK\r\nContent-Length : 11\r\n\r\nhello world'], b'', 1),
]


def serve(listener, pieces, received):
    connection, _ = listener.accept()
    with connection:
        while not received.endswith(b'\r\n\r\n'):
            received.extend(connection.recv(4096))
        for piece in pieces:
            connection.sendall(piece)


def run(program, pieces):
    received = bytearray()
    with socket.create_server(('127.0.0.1', 0)) as listener:
        server = threading.Thread(target=serve, args=(listener, pieces, received))
        server.start()
        port = str(listener.getsockname()[1])
        done = subprocess.run([program, '127.0.0.1', port, '/page'], capture_output=True, timeout=60)
        server.join()
    return bytes(received), done.stdout, done.returncode


def main():
    for pieces, content, code in CASES:
        request, output, returned = run(sys.argv[1], pieces)
        assert request == b'GET /page HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n', request
        assert (output, returned) == (content, code), (pieces, output, returned)


main()
