"""The trial of a deploy runs, loses nothing, and would count what is lost."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from types import SimpleNamespace

import pytest
from smallest import finds_nothing

from tests.trials import deploy
from tests.trials.clients import Client

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
DIES = """
import socket, time
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
held = [server.accept() for _ in range(2)]
time.sleep(60)
"""


def test_the_trial_loses_nothing_at_its_smallest():
    finds_nothing("deploy", "--reloads", "1", "--clients", "2")


@contextmanager
def double(answers: list[bytes]) -> Iterator[int]:
    """Answer each connection with the next of these, and close it; yields the port."""
    server, is_done = socket.create_server(("127.0.0.1", 0)), Event()

    def serve() -> None:
        for answer in answers:
            held, _address = server.accept()
            with held:
                held.recv(10_000)
                held.sendall(answer)
        is_done.set()

    thread = Thread(target=serve)
    thread.start()
    yield server.getsockname()[1]
    thread.join()
    server.close()


def test_a_connection_that_was_kept_and_is_closed_is_tried_once_more_and_a_new_one_is_lost():
    with double([ANSWER, ANSWER, b""]) as port:
        load, client = deploy.Load(port), Client(port, 5)
        load.ask(client, "/")
        load.ask(client, "/")
        assert (client.again, load.lost, load.answers) == (1, [], {200: 2})
        client.close()
        load.ask(client, "/PARIS-2025")
    assert load.lost == ["/PARIS-2025: RemoteDisconnected"]


@pytest.mark.parametrize("answer", [b"HTTP/1.1 500 Sample\r\n", b"HTTP/1.1 503 Sample\r\n"])
def test_an_answer_that_is_none_is_lost(answer):
    with double([answer + b"Content-Length: 0\r\nConnection: close\r\n\r\n"]) as port:
        load = deploy.Load(port)
        load.ask(Client(port, 5), "/")
    assert load.lost == [f"/ answered {answer[9:12].decode()}"]


def test_an_answer_that_ends_early_is_lost():
    with double([b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok"]) as port:
        load = deploy.Load(port)
        load.ask(Client(port, 5), "/")
    assert load.lost == ["/: IncompleteRead"]


def test_a_server_that_drops_what_is_under_way_is_found():
    with subprocess.Popen([sys.executable, "-c", DIES], stdout=subprocess.PIPE, text=True) as process:
        lost = deploy.stop(SimpleNamespace(port=int(process.stdout.readline()), process=process), 2)
    assert lost[-1] == "the server ended with -15"
    assert [each.partition(":")[0] for each in lost[:-1]] == ["under way at SIGTERM"] * 2
