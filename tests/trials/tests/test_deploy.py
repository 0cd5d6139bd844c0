"""The trial of a deploy runs, loses nothing, and would count what is lost."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest

from tests.trials import deploy
from tests.trials.parts.clients import Client

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
DIES = """
import socket, time
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
held = [server.accept() for _ in range(2)]
time.sleep(60)
"""


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


def test_a_server_that_nobody_reaches_is_a_fault_and_no_traceback():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    assert deploy.stop(SimpleNamespace(port=port), 2) == [
        "before SIGTERM nobody answers: ConnectionRefusedError"
    ]


@pytest.mark.django_db
def test_a_site_that_calls_itself_ready_while_a_migration_waits_is_found(monkeypatch):
    monkeypatch.setattr(deploy.connection, "close", lambda: None)
    last = deploy.migrations()[-1]
    ok = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n"
    with double([ok, ok]) as port:
        found = deploy.waiting(port, last)
    assert found == [
        "/readyz answers (200, 'ok\\n'), not (503, 'migrations waiting\\n'), while a migration "
        "waits"
    ]
    assert deploy.migrations()[-1] == last


def locked_out(monkeypatch, code: int, said: str, late: bool = False) -> list[str]:
    """Return what is found of a migration that ends so while it waits for a lock."""

    def prepare():
        if late:
            raise subprocess.TimeoutExpired("prepare", deploy.LONGEST)
        return SimpleNamespace(returncode=code, stderr=said)

    monkeypatch.setattr(deploy.psycopg, "connect", lambda url: MagicMock())
    monkeypatch.setattr(deploy, "migrations", list)
    database = SimpleNamespace(url="")
    made = SimpleNamespace(
        add=lambda number: None, prepare=prepare, made=SimpleNamespace(database=database)
    )
    return deploy.locked_out(made)


def test_a_migration_that_does_not_give_up_or_does_not_say_why_is_found(monkeypatch):
    busy = f"CommandError: The database sample {deploy.BUSY}"
    assert locked_out(monkeypatch, 1, busy) == []
    assert locked_out(monkeypatch, 0, busy) == [
        f"a migration that waits for a lock ended with 0: {busy}"
    ]
    assert locked_out(monkeypatch, 1, "a\nError") == [
        "a migration that waits for a lock ended with 1: Error"
    ]
    assert locked_out(monkeypatch, 0, "", late=True) == [
        "a migration that waits for a lock still waits after 300 s"
    ]


def test_a_server_that_drops_what_is_under_way_is_found():
    with subprocess.Popen(
        [sys.executable, "-c", DIES], stdout=subprocess.PIPE, text=True
    ) as process:
        lost = deploy.stop(SimpleNamespace(port=int(process.stdout.readline()), process=process), 2)
    assert lost[-1] == "the server ended with -15"
    assert [each.partition(":")[0] for each in lost[:-1]] == ["under way at SIGTERM"] * 2
