"""The trial of the sockets, small: the real server stands it, and servers that do not are found."""

import random
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from smallest import finds_nothing
from trials import sockets
from trials.sockets import HIDDEN, Trial, get, left_over, post

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@contextmanager
def server(answer: Callable[[bytes], bytes], *, is_patient: bool = False) -> Iterator[Trial]:
    """Serve one client at a time, as no server should: a double that waits for a whole head from each."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as made:

        def serve() -> None:
            while True:
                try:
                    client, _address = made.accept()
                except OSError:
                    return
                client.settimeout(None if is_patient else 0.05)
                with client:
                    said = b""
                    try:
                        while b"\r\n\r\n" not in said and (got := client.recv(65536)):
                            said += got
                        client.sendall(answer(said))
                    except OSError:
                        continue

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield Trial(made.getsockname()[1], random.Random(1))
        finally:
            made.shutdown(socket.SHUT_RDWR)
            thread.join()


def test_the_real_server_stands_it():
    finds_nothing("sockets", "--cases", "10", "--slow", "2", "--seconds", "0.3")


def test_a_server_error_is_found():
    with server(lambda said: OK.replace(b"200 OK", b"500 X") if b"\x00" in said else OK) as trial:
        trial.exchange("NUL", get(b"/\x00"), 1)
        trial.exchange("no NUL", get(), 1)
    assert trial.faults == [f"NUL: answers 500: {get(b'/\x00')!r}"]


def test_a_smuggled_request_that_is_answered_is_found():
    with server(lambda said: OK * said.count(b"HTTP/1.1")) as trial:
        trial.exchange("hidden", post(b"Content-Length: 4\r\n", HIDDEN), 1)
    assert trial.faults[0].startswith("hidden: 2 answers, where 1 would do: ")


def test_a_host_that_comes_back_is_found():
    with server(lambda said: OK.replace(b"\r\n\r\n", b"\r\nLocation: http://evil.invalid/about/\r\n\r\n")) as trial:
        trial.exchange("another host", get(host=b"Host: evil.invalid\r\n"), 1)
    assert trial.faults[0].startswith("another host: the host comes back in the head: ")


def test_a_server_that_waits_for_slow_clients_is_found(monkeypatch):
    monkeypatch.setattr(sockets, "PATIENCE", 0.2)
    with server(lambda said: OK, is_patient=True) as trial:
        trial.besiege(1, 0.5)
    assert any("a good client is answered TimeoutError" in fault for fault in trial.faults)
    assert any("beside 1 clients slow in their heads" in fault for fault in trial.faults)


def test_a_server_that_keeps_something_is_found():
    assert left_over({7: (100, 20)}, {7: (120, 24)}) == []
    assert left_over({7: (100, 20)}, {7: (300, 60)}) == [
        "a worker grew by 200 MB",
        "a worker holds 40 descriptors more",
    ]
    assert left_over({7: (100, 20)}, {8: (100, 20)}) == ["workers before: [7], after: [8]"]
