"""Clients that write to a server's socket byte by byte, as no library of HTTP would."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=60)


def head(method: str, path: str, *headers: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: text/html", *headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def said(client: socket.socket) -> tuple[int, str]:
    """Status and text of all that the server says until it ends the connection."""
    data = b""
    with contextlib.suppress(ConnectionResetError):
        while more := client.recv(65536):
            data += more
    first, _line, rest = data.decode().partition("\r\n")
    return int(first.split()[1]), rest.partition("\r\n\r\n")[2]


def asked(port: int, method: str, path: str, *headers: str, body: bytes = b"") -> tuple[int, str]:
    with connect(port) as client:
        client.sendall(head(method, path, "Connection: close", *headers) + body)
        return said(client)


def seconds(port: int, path: str) -> float:
    """How long a page takes that has to be there."""
    began = time.monotonic()
    status, _text = asked(port, "GET", path)
    assert status == 200
    return time.monotonic() - began


def p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


@contextlib.contextmanager
def dripping(port: int, path: str, clients: int, every: float) -> Iterator[list[socket.socket]]:
    """So many clients that post a file of 1,000 bytes, one byte in so many seconds."""
    form = "Content-Type: multipart/form-data; boundary=x"
    open_ = [connect(port) for _client in range(clients)]
    ended = threading.Event()

    def drip() -> None:
        while not ended.wait(every):
            for client in open_:
                with contextlib.suppress(OSError):  # the server has ended it
                    client.send(b"-")

    for client in open_:
        client.sendall(head("POST", path, form, "Content-Length: 1000") + b"--x\r\n")
    dripper = threading.Thread(target=drip)
    dripper.start()
    try:
        yield open_
    finally:
        ended.set()
        dripper.join()
        for client in open_:
            client.close()
