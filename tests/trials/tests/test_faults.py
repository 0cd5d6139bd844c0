"""The trial of faults runs, finds nothing, and would find each defect that it looks for."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import SimpleNamespace

import pytest

from recommendations.models import Theme
from tests.trials import faults
from tests.trials.parts import consistency
from tests.trials.parts.cycle import Step
from tests.trials.parts.desk import Answer, Desk
from tests.trials.parts.outages import Outage

TELLS = {"retry-after": "5", "cache-control": "no-store"}
WORDS = b"The site is back in a moment. Try again in 5 seconds. Nothing was saved."


@contextmanager
def double(answer) -> Iterator[int]:
    """Serve what a function answers to a method and a path: status, headers, body; yields
    the port.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, headers, body = answer(self.command, self.path)
            self.send_response(status)
            for name, value in ({"Content-Length": len(body)} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self):
            self.do_GET()

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def happened(during, after=None, **options) -> list[str]:
    """Let a fault happen to a double that answers so while it lasts and after, and return what the
    trial finds.
    """
    state = {"is_broken": False, "is_over": False}

    def well(method: str, path: str):
        return (302, {"Location": "/admin/"}, b"") if method == "POST" else (200, {}, b"well")

    def answer(method: str, path: str):
        return (during if state["is_broken"] else after if after and state["is_over"] else well)(
            method, path
        )

    end = {"is_broken": False, "is_over": True}
    kind = {name: options[name] for name in ("may_read", "is_hidden") if name in options}
    outage = Outage(
        "planted", lambda: state.update(is_broken=True), lambda: state.update(end), **kind
    )
    with double(answer) as port:
        trial = faults.Trial(
            SimpleNamespace(port=port), [outage], random.Random(1), options.get("within", 60)
        )
        trial.reader = trial.editor = trial.publisher = Desk(port)
        trial.sign_in = trial.check_renewed = lambda: None
        trial.form = []
        trial.check = lambda outage: None
        trial.run(1, 0)
    return trial.faults


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    monkeypatch.setattr(faults, "WARMING", 1)


def right(method: str, path: str):
    return (200, {}, b"well") if path in faults.KEPT else (503, TELLS, WORDS)


def test_a_site_that_does_what_it_should_has_no_faults():
    assert happened(right) == []


PLANTED = {
    "an error of the server": ((500, {}, b"broken"), "page answered 500: broken"),
    "a refusal that does not say when": (
        (503, {"cache-control": "no-store"}, WORDS),
        "page answered 503 without Retry-After",
    ),
    "a refusal that may be kept": (
        (503, {"retry-after": "5"}, WORDS),
        "page answered 503 that may be kept: None",
    ),
    "a refusal in other words": (
        (503, TELLS, b"Sorry"),
        "page answered 503 without the words “The site is back",
    ),
}


@pytest.mark.parametrize(("answer", "found"), PLANTED.values(), ids=PLANTED)
def test_a_wrong_answer_during_a_fault_is_found(answer, found):
    faulty = happened(lambda method, path: right(method, path) if path in faults.KEPT else answer)
    assert [each for each in faulty if found in each]


def test_a_kept_page_that_is_refused_or_altered_is_found():
    for answer in ((503, TELLS, WORDS), (200, {}, b"other")):
        found = happened(
            lambda method, path, answer=answer: (
                answer if path in faults.KEPT else right(method, path)
            )
        )
        assert [each for each in found if each.startswith("round 1, planted: the kept page /")]


def test_a_reader_who_is_refused_where_only_writing_is_impossible_is_found():
    found = happened(right, may_read=True)
    assert {each.partition(" answered ")[0] for each in found} == {
        "round 1, planted: page",
        "round 1, planted: data",
    }


def test_whoever_notices_that_the_clock_is_wrong_is_found_but_for_those_who_have_to_sign_in_again():
    found = happened(right, may_read=True, is_hidden=True)
    assert {each.rpartition(": ")[0].partition(" answered ")[0] for each in found} >= {
        "round 1, planted: saving"
    }
    again = {"Location": "/accounts/login/"}
    away = lambda method, path: (  # noqa: E731
        (302, again, b"") if method == "POST" or path in faults.DESK else (200, {}, b"well")
    )
    assert happened(away, may_read=True, is_hidden=True) == []


def test_a_password_that_comes_back_is_found():
    trial = faults.Trial(SimpleNamespace(port=0), [], random.Random(1), 5)
    trial.ask = lambda send, path, form: Answer(503, TELLS, WORDS + form[1][1].encode())
    with double(right) as port:
        trial.site.port = port
        trial.try_to_sign_in()
    assert trial.faults == ["a password comes back in the answer"]


def test_a_thing_done_at_the_desk_that_is_not_there_is_found():
    state = {"entry": "old"}
    step = Step(
        "publish",
        lambda: Answer(302, {"location": "/admin/"}, b""),
        {"x": (lambda: state["entry"], "new")},
    )
    outage = Outage("planted", lambda: None, lambda: None)
    trial = faults.Trial(SimpleNamespace(port=0), [], random.Random(1), 5)
    trial.do(step, faults.read(step))
    trial.settle(outage)
    assert trial.faults == [
        "“publish” was acknowledged, and {'x': 'old'} is there, not {'x': 'new'}"
    ]
    trial.faults.clear()
    trial.act = step, {"x": "new"}, False
    trial.settle(outage)
    assert trial.faults == [
        "“publish” was not acknowledged, and {'x': 'old'} is there, where {'x': 'new'} was"
    ]


def test_a_page_that_one_worker_has_not_renewed_is_found(monkeypatch):
    monkeypatch.setattr(faults, "KEPT", ("/",))
    trial = faults.Trial(SimpleNamespace(port=0), [], random.Random(1), 5, tags={"/": "old"})
    trial.reader = SimpleNamespace(get=lambda path: Answer(200, {"etag": "old"}, b""))
    trial.check_renewed()
    assert trial.faults == ["/ is not renewed by all workers: ['old']"]


def test_a_site_that_is_not_well_again_is_found():
    found = happened(right, lambda method, path: (500, {}, b"broken"), within=0)
    assert "round 1, planted: not well 0 s after its end" in found


def test_a_fault_that_nobody_felt_is_no_trial():
    well = lambda method, path: (  # noqa: E731
        (302, {"Location": "/admin/"}, b"") if method == "POST" else (200, {}, b"well")
    )
    assert happened(well) == ["round 1, planted: nobody felt the fault, so that nothing was tried"]


@pytest.mark.django_db
def test_what_was_acknowledged_and_is_lost_and_what_was_refused_and_is_there_are_found(monkeypatch):
    monkeypatch.setattr(consistency, "faults", list)
    outage = Outage("planted", lambda: None, lambda: None)
    trial = faults.Trial(SimpleNamespace(port=0), [outage], random.Random(1), 5)
    Theme.objects.create(slug="trial-1", label="Trial trial-1", definition="Sample.")
    trial.saved, trial.refused = {"trial-0"}, {"trial-1"}
    trial.check(outage)
    assert trial.faults == [
        "trial-0 was acknowledged and is lost",
        "trial-1 and its record are not both there",
        "trial-1 was refused and is there",
    ]


def test_a_connection_without_an_answer_is_found():
    trial = faults.Trial(SimpleNamespace(port=0), [], random.Random(1), 5)

    def cut_off(path: str) -> Answer:
        raise ConnectionResetError

    assert trial.ask(cut_off, "/") is None
    assert trial.faults == ["no answer to /: ConnectionResetError"]
