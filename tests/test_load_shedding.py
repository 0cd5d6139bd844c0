"""Slow senders and floods leave readers their pages, and one client leaves others their share."""

import threading
from contextlib import ExitStack
from io import BytesIO

import pytest
from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIRequest
from django.db import OperationalError
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from recommendations.operations import load_shedding
from recommendations.operations.load_shedding import (
    BUFFERED,
    LARGEST_BODY,
    RECEIVING,
    RUNNING,
    ConcurrencyLimiter,
    buffer_bodies,
    limit_concurrency,
)

GREEDY, OTHER, THIRD = "192.0.2.1", "192.0.2.2", "192.0.2.3"


def request(address=GREEDY, path="/recommendations/", **meta):
    return RequestFactory().get(
        path, REMOTE_ADDR="203.0.113.1", HTTP_FORWARDED=f"for={address}", **meta
    )


@pytest.fixture
def behind_a_proxy(settings):
    settings.TRUSTED_PROXIES = 1


@pytest.fixture
def without_waiting(monkeypatch):
    monkeypatch.setattr(load_shedding, "LONGEST_WAIT", 0.0)


# --- Slots -----------------------------------------------------------------


def taken(limiter, *addresses) -> list[bool]:
    """Ask for a slot from each address in turn, and keep those that are given until the end."""
    with ExitStack() as held:
        return [held.enter_context(limiter.slot(request(address))) for address in addresses]


def test_one_client_has_half_of_the_slots_and_leaves_the_others_to_others(behind_a_proxy):
    given = taken(ConcurrencyLimiter(12), *[GREEDY] * 8, *[OTHER] * 5, THIRD, THIRD)
    assert given == [True] * 6 + [False] * 2 + [True] * 5 + [True, False]


def test_a_single_slot_is_for_any_client(behind_a_proxy):
    assert taken(ConcurrencyLimiter(1), GREEDY, OTHER) == [True, False]


def test_a_household_of_ipv6_addresses_is_one_client(behind_a_proxy):
    addresses = ["2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1"]
    assert taken(ConcurrencyLimiter(4), *addresses) == [True, True, False, True]


def test_a_forged_forwarded_address_makes_no_second_client(behind_a_proxy):
    addresses = [f"198.51.100.{n}, for={GREEDY}" for n in range(4)]
    assert taken(ConcurrencyLimiter(4), *addresses) == [True, True, False, False]


def test_where_no_proxy_is_declared_nobody_is_taken_for_all(settings):
    settings.TRUSTED_PROXIES = 0
    assert taken(ConcurrencyLimiter(4), *[GREEDY] * 6) == [True] * 4 + [False] * 2


def test_slots_come_back_even_after_a_fault_and_nothing_is_kept_of_clients(behind_a_proxy):
    limiter = ConcurrencyLimiter(2)

    def fail(address):
        with limiter.slot(request(address)) as has_slot:
            raise ValueError(f"{address} had a slot: {has_slot}")

    for n in range(3):
        with pytest.raises(ValueError, match="had a slot: True"):
            fail(f"192.0.2.{n}")
    assert dict(limiter.taken) == {}


def test_who_waits_is_let_in_when_a_slot_comes_back(behind_a_proxy):
    limiter, asked, answers = ConcurrencyLimiter(2), threading.Event(), []

    def wait():
        with limiter.slot(request(), 60.0) as has_slot:
            answers.append(has_slot)

    has_room = limiter.has_room
    limiter.has_room = lambda client: (
        asked.set() if threading.current_thread() is waiter else None,
        has_room(client),
    )[1]
    waiter = threading.Thread(target=wait)
    with limiter.slot(request()) as has_slot:
        waiter.start()
        asked.wait()
        assert (has_slot, answers) == (True, [])
    waiter.join()
    assert answers == [True]


# --- A flood ---------------------------------------------------------------


def test_who_finds_no_slot_is_told_at_once_and_probes_are_not(without_waiting):
    inside = []

    def crowd(request):
        """Ask for more from within an answer, until no slot is left."""
        inside.append(request.path)
        return middleware(request) if request.path == "/recommendations/" else HttpResponse("ok")

    middleware = limit_concurrency(crowd)
    answer = middleware(request())
    assert (len(inside), answer.status_code, answer["Retry-After"]) == (RUNNING, 503, "5")
    inside.clear()
    assert middleware(request(path="/livez")).content == b"ok"
    assert middleware(request(path="/about/")).content == b"ok"  # every slot was given back


def test_readers_who_take_every_slot_leave_editors_theirs(without_waiting):
    def crowd(asked):
        """Ask as a reader from within an answer until no slot is left, then as an editor."""
        if asked.COOKIES:
            return HttpResponse("for the editor")
        answer = middleware(request())
        if answer.status_code == 503:
            editor = request()
            editor.COOKIES[settings.SESSION_COOKIE_NAME] = "sample"
            return middleware(editor)
        return answer

    middleware = limit_concurrency(crowd)
    assert middleware(request()).content == b"for the editor"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "method"),
    [("/recommendations.ris", "get"), ("/addressees/companies.bib", "get"), ("/compare", "post")],
)
def test_what_takes_long_takes_no_slot_of_a_page(without_waiting, path, method):
    inside = []

    def crowd(asked):
        """Ask for another export from within each, and for a page where none is left."""
        inside.append(asked.path)
        if asked.path == "/":
            return HttpResponse("a page")
        answer = middleware(request(path="/themes/skills.csv"))
        return middleware(request(path="/")) if answer.status_code == 503 else answer

    middleware = limit_concurrency(crowd)
    assert middleware(getattr(RequestFactory(), method)(path)).content == b"a page"
    assert inside == [path, "/"]


@pytest.mark.django_db
@pytest.mark.parametrize("end", [b"".join, lambda answer: next(iter(answer)), lambda answer: None])
def test_an_export_keeps_its_slot_until_it_is_sent_or_its_client_has_left(without_waiting, end):
    parts = [b"a" * load_shedding.BUFFERED, b"b", b"c"]
    middleware = limit_concurrency(lambda _request: StreamingHttpResponse(iter(parts)))
    first = middleware(request(path="/recommendations.ris"))
    assert middleware(request(path="/recommendations.ris")).status_code == 503
    end(first)
    first.close()
    assert middleware(request(path="/recommendations.ris")).status_code == 200


def test_a_flood_from_one_client_leaves_others_their_share(behind_a_proxy, without_waiting):
    inside, go_on, answers = threading.Semaphore(0), threading.Event(), []

    def view(request):
        if request.META["HTTP_FORWARDED"] == f"for={GREEDY}":
            inside.release()
            go_on.wait(60)
        return HttpResponse("sample")

    middleware = limit_concurrency(view)
    flood = [
        threading.Thread(target=lambda: answers.append(middleware(request())))
        for _ in range(RUNNING // 2)
    ]
    for each in flood:
        each.start()
        inside.acquire()
    greedy, other = middleware(request()), middleware(request(OTHER))
    go_on.set()
    for each in flood:
        each.join()
    assert (greedy.status_code, greedy["Retry-After"], other.status_code) == (503, "5", 200)
    assert [answer.status_code for answer in answers] == [200] * len(flood)


def test_what_is_kept_and_what_is_asked_of_editors_is_on_the_right_side_of_the_limit():
    order = settings.MIDDLEWARE
    limit = order.index("recommendations.operations.load_shedding.limit_concurrency")
    assert order.index("recommendations.operations.page_cache.page_cache_middleware") < limit
    assert limit < order.index("django.middleware.csrf.CsrfViewMiddleware")


# --- Bodies ----------------------------------------------------------------


class Slow(BytesIO):
    """A body that comes when it is let go."""

    def __init__(self, begun: threading.Semaphore, let_go: threading.Event):
        super().__init__(b"a=1")
        self.begun, self.let_go = begun, let_go

    def read(self, size: int = -1) -> bytes:
        self.begun.release()
        self.let_go.wait(60)
        return super().read(size)


class Gone(BytesIO):
    """A body whose sender has left."""

    def read(self, size: int = -1) -> bytes:
        raise OSError("gone")


def site(view=lambda request: HttpResponse(request.body)):
    """A site of one view behind both middlewares; returns an answer to a WSGI environment."""
    answers = threading.local()

    def application(environ, start_response):
        answers.made = limit_concurrency(view)(WSGIRequest(environ))

    buffered = buffer_bodies(application)

    def answer(environ):
        buffered(environ, None)
        return answers.made

    return answer


def posted(data: bytes = b"a=1", body=None, address=GREEDY, **meta) -> dict:
    """Return the WSGI environment of a form."""
    kind = "application/x-www-form-urlencoded"
    made = RequestFactory().post(
        "/about/", data, content_type=kind, HTTP_FORWARDED=f"for={address}", **meta
    )
    return made.environ | ({} if body is None else {"wsgi.input": body})


@pytest.mark.parametrize("data", [b"a=1&b=%C3%A9", b"a=" + b"x" * 3_000_000])
def test_a_view_reads_what_was_sent(data):
    assert site()(posted(data)).content == data


def test_more_senders_than_can_be_received_are_told_at_once():
    begun, let_go, said = threading.Semaphore(0), threading.Event(), []
    answer = site()
    senders = [
        threading.Thread(
            target=lambda: said.append(answer(posted(body=Slow(begun, let_go))).content)
        )
        for _ in range(RECEIVING)
    ]
    for sender in senders:
        sender.start()
    for _sender in senders:
        begun.acquire()
    refused = answer(posted())
    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    assert answer(request().environ).content == b""
    let_go.set()
    for sender in senders:
        sender.join()
    assert said == [b"a=1"] * RECEIVING
    assert answer(posted()).content == b"a=1"


def test_slow_senders_from_one_address_leave_others_their_slots(behind_a_proxy):
    begun, let_go, said = threading.Semaphore(0), threading.Event(), []
    answer = site()
    senders = [
        threading.Thread(
            target=lambda: said.append(answer(posted(body=Slow(begun, let_go))).status_code)
        )
        for _ in range(RECEIVING // 2)
    ]
    for sender in senders:
        sender.start()
        begun.acquire()
    greedy, other = answer(posted()).status_code, answer(posted(address=OTHER)).status_code
    let_go.set()
    for sender in senders:
        sender.join()
    assert (greedy, other, said) == (503, 200, [200] * len(senders))


def test_of_what_no_page_takes_nothing_is_kept_but_all_is_read():
    left = BytesIO(b"x" * (LARGEST_BODY + 1))
    answer = site(lambda request: HttpResponse(request.read()))
    environ = posted(body=left, CONTENT_LENGTH=str(LARGEST_BODY + 1))
    assert answer(environ).content == b""
    assert left.read() == b""


@pytest.mark.parametrize(
    "body", [BytesIO(b"title=Take sample actio"), Gone()], ids=["half", "none"]
)
def test_half_a_form_is_not_taken_for_a_whole_one(body):
    with pytest.raises(BadRequest, match="Less was sent"):
        site()(posted(b"title=Take sample action", body))


# --- Streams ---------------------------------------------------------------


def stream(parts):
    answer = limit_concurrency(lambda request: StreamingHttpResponse(iter(parts)))
    return answer(RequestFactory().get("/recommendations.csv"))


def test_what_is_streamed_is_made_before_its_first_byte_leaves():
    made = []
    answer = stream(made.append(part) or part for part in (b"a", b"b", b"c"))
    assert made == [b"a", b"b", b"c"]
    assert b"".join(answer) == b"abc"


def test_a_stream_that_breaks_is_an_error_and_not_a_file_that_ends_early():
    def broken():
        yield b"a"
        raise OperationalError("sample")

    with pytest.raises(OperationalError):
        stream(broken())


def test_a_stream_too_large_to_hold_goes_on_as_it_is_made():
    made, half = [], b"x" * (BUFFERED // 2)
    answer = stream(made.append(part) or part for part in (half, half, b"y", b"z"))
    assert made == [half, half]
    assert [len(part) for part in answer] == [BUFFERED // 2, BUFFERED // 2, 1, 1]
