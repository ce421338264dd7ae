"""A server that costs next to nothing: one canned reply for every request, on kept connections.

Prints its port. Ends when its standard input does.
"""

import os
import socket
import sys
import threading

from buzzeasy_soap.contract.request_callback_service import GET_EWT_BY_SERVICE_ID, GetEWTByServiceIDResponse
from buzzeasy_soap.description.documents import packaged_directory
from buzzeasy_soap.wire.text import write_envelope


def replies() -> dict[bytes, bytes]:
    record = GetEWTByServiceIDResponse(get_ewt_by_service_id_result=5)
    return {
        b"soap": http("text/xml; charset=utf-8", write_envelope(GET_EWT_BY_SERVICE_ID.response, record)),
        b"rest": http("application/json; charset=utf-8", b"5"),
    }


def http(content_type: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def serve(sock: socket.socket, canned: dict[bytes, bytes]) -> None:
    data = b""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while True:
        while b"\r\n\r\n" not in data:
            more = sock.recv(65536)
            if not more:
                return
            data += more
        head, _, data = data.partition(b"\r\n\r\n")
        length = next(
            (
                int(line.split(b":")[1])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length")
            ),
            0,
        )
        while len(data) < length:
            data += sock.recv(65536)
        data = data[length:]
        sock.sendall(canned[b"rest" if b"/rest/" in head.split(b"\r\n", 1)[0] else b"soap"])


def accept(listener: socket.socket) -> None:
    canned = replies()
    while True:
        sock, _ = listener.accept()
        threading.Thread(target=serve, args=(sock, canned), daemon=True).start()


if __name__ == "__main__":
    packaged_directory()
    bound = socket.create_server(("127.0.0.1", 0))
    print(bound.getsockname()[1], flush=True)
    threading.Thread(target=accept, args=(bound,), daemon=True).start()
    sys.stdin.read()
    os._exit(0)
