"""Clients that do what no library does, and how what they bring about is waited for."""

import contextlib
import socket
import time


@contextlib.contextmanager
def begun(server, path, length=10_000, content_type="multipart/form-data; boundary=a", **headers):
    """A request whose body does not come."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as client:
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {content_type}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        client.sendall(f"{head}Content-Length: {length}\r\n\r\n".encode())
        yield client


def received(client):
    """All that comes until the server closes."""
    found = b""
    with contextlib.suppress(ConnectionResetError):
        while data := client.recv(65_536):
            found += data
    return found


def until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "in vain"
        time.sleep(0.02)
