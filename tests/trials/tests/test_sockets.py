"""The trial of the sockets, small: the real server stands it, and servers that do not are found."""

import random
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.trials.parts.borders import BORDERS, faults
from tests.trials.sockets import HIDDEN, Trial, get, left_over, post

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@contextmanager
def server(answer: Callable[[bytes], bytes], *, is_patient: bool = False) -> Iterator[Trial]:
    """Serve one client at a time, as no server should: a double that waits for a whole head from
    each.
    """
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


def test_a_server_error_is_found():
    with server(lambda said: OK.replace(b"200 OK", b"500 X") if b"\x00" in said else OK) as trial:
        trial.exchange("NUL", get(b"/\x00"), 1)
        trial.exchange("no NUL", get(), 1)
    assert trial.faults == [f"NUL: answers 500: {get(b'/\x00')!r}"]


def test_a_smuggled_request_that_is_answered_is_found():
    with server(lambda said: OK * said.count(b"HTTP/1.1")) as trial:
        trial.exchange("hidden", post(b"Content-Length: 4\r\n", HIDDEN), 1)
    assert trial.faults[0].startswith("hidden: 2 answers, where 1 would do: ")


def by_length(said: bytes) -> bytes:
    """Answer as a server does that believes the first length and knows no chunks: each head that it
    sees.
    """
    answers = b""
    while said.startswith((b"GET", b"POST", b"HEAD")) and b"\r\n\r\n" in said:
        head, _, rest = said.partition(b"\r\n\r\n")
        length = re.search(rb"\r\nContent-Length: *(\d+)", head)
        said = rest[int(length[1]) if length else 0 :]
        status = 404 if b"/hidden" in head else 303 if head.startswith(b"POST") else 200
        answers += OK.replace(b"200", b"%d" % status)
    return answers


def test_a_server_that_sees_other_borders_is_found():
    with server(by_length, is_patient=True) as trial:
        for name, (data, seen) in BORDERS.items():
            trial.cross(name, data, seen)
    found = {fault.partition(":")[0] for fault in trial.faults}
    assert {
        "a length and chunks",
        "a short length and chunks",
        "two lengths",
        "a folded length",
    } <= found
    assert not {"a form, then a request", "a request as a body", "one length twice"} & found


ANSWERED = {
    "what a strict reader sees": ((303, 404, 200), True, (303, 404, 200), False),
    "a refusal": ((400,), True, (303, 404, 200), False),
    "a refusal after what was seen": ((303, 400), True, (303, None), False),
    "a refusal that does not hang up": ((400,), False, (303, 404, 200), True),
    "a hidden request": ((303, 404, 200), True, (303, None), True),
    "a hidden request alone": ((404,), True, (None,), True),
    "a hidden request after a refusal": ((400, 404), True, (None,), True),
    "what should be refused": ((303,), True, (None,), True),
    "a request that was swallowed": ((303, 200), True, (303, 404, 200), True),
    "a server that waits for more": ((303,), False, (303, 404, 200), True),
    "a server that hangs up early": ((303,), True, (303, 404, 200), True),
    "a server's error": ((500,), True, (None,), True),
    "nothing at all": ((), True, (None,), True),
}


@pytest.mark.parametrize(
    ("statuses", "is_closed", "seen", "is_found"), ANSWERED.values(), ids=ANSWERED
)
def test_answers_at_the_border_are_judged(statuses, is_closed, seen, is_found):
    said = b"".join(OK.replace(b"200", b"%d" % status) for status in statuses)
    assert bool(list(faults("sample", said, is_closed, seen))) is is_found


def test_a_host_that_comes_back_is_found():
    with server(
        lambda said: OK.replace(b"\r\n\r\n", b"\r\nLocation: http://evil.invalid/about/\r\n\r\n")
    ) as trial:
        trial.exchange("another host", get(host=b"Host: evil.invalid\r\n"), 1)
    assert trial.faults[0].startswith("another host: the host comes back in the head: ")


def test_a_server_that_waits_for_slow_clients_is_found():
    with server(lambda said: OK, is_patient=True) as trial:
        trial.within = 0.2
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
