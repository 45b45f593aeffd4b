"""The examples that echo, over sockets: echo_test.py PROGRAM"""

import socket
import subprocess
import sys

LARGE = bytes(range(256)) * 4096


def connect(port):
    return socket.create_connection(('127.0.0.1', port), timeout=60)


def read(connection, size):
    answer = bytearray()
    while len(answer) < size:
        octets = connection.recv(65536)
        assert octets, f'the connection ended after {len(answer)} of {size} octets'
        answer += octets
    return bytes(answer)


def main():
    with subprocess.Popen([sys.argv[1]], stdout=subprocess.PIPE, text=True) as program:
        try:
            port = int(program.stdout.readline().removeprefix('echo on port '))
            # Several at once, each with its own words.
            connections = [connect(port) for _ in range(20)]
            for turn in range(3):
                for i, c in enumerate(connections):
                    c.sendall(b'%d of %d' % (i, turn))
                for i, c in enumerate(connections):
                    words = b'%d of %d' % (i, turn)
                    assert read(c, len(words)) == words
            for c in connections:
                c.close()
            # More than the sockets hold: sends are short.
            with connect(port) as c:
                for at in range(0, len(LARGE), 65536):
                    piece = LARGE[at:at + 65536]
                    c.sendall(piece)
                    assert read(c, len(piece)) == piece
                c.shutdown(socket.SHUT_WR)
                assert c.recv(1) == b'', 'the server closes when the client has'
            # One that goes away with a reset harms nobody.
            with connect(port) as c:
                c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b'\1\0\0\0\0\0\0\0')
                c.sendall(b'gone')
            with connect(port) as c:
                c.sendall(b'still there')
                assert read(c, 11) == b'still there'
        finally:
            program.kill()


main()
