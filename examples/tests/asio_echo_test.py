"""The example asio_echo, over sockets: asio_echo_test.py PROGRAM"""

import socket
import subprocess
import sys

REQUESTS = (b'GET /one HTTP/1.1\r\nHost: a\r\n\r\n'
            b'POST /two HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello')


def response(text, close=False):
    head = f'HTTP/1.1 200 OK\r\nContent-Length: {len(text)}\r\n'
    return (head + ('Connection: close\r\n' if close else '') + '\r\n' + text).encode()


ONE = """\
method GET
target /one
version HTTP/1.1
field-name Host
field-value a
fields-end \n"""
TWO = """\
method POST
target /two
version HTTP/1.1
field-name Host
field-value a
field-name Content-Length
field-value 5
field-name Connection
field-value close
fields-end \n\
content hello
"""
RESPONSES = response(ONE) + response(TWO, close=True)


def exchange(port, pieces):
    """Sends the pieces one by one and returns all that comes until the server closes."""
    answer = bytearray()
    with socket.create_connection(('127.0.0.1', port), timeout=60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in pieces:
            connection.sendall(piece)
        while octets := connection.recv(65536):
            answer += octets
    return bytes(answer)


def main():
    with subprocess.Popen([sys.argv[1]], stdout=subprocess.PIPE) as program:
        try:
            port = int(program.stdout.readline())
            answer = exchange(port, [REQUESTS])
            assert answer == RESPONSES, answer
            # A head may come in any pieces; here the content comes with the rest, so that it is one.
            answer = exchange(port, [REQUESTS[:20], REQUESTS[20:61], REQUESTS[61:]])
            assert answer == RESPONSES, answer
            answer = exchange(port, [b'GET / HTTP/1.1\r\nHost : a\r\n\r\n'])
            assert answer.startswith(b'HTTP/1.1 400 '), answer
            assert b'a field name must not be followed by white space (RFC 9112, 5.1)' in answer, answer
        finally:
            program.kill()


main()
