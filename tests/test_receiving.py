"""What is sent is received before a turn is taken, so that slow senders keep nobody waiting."""

import threading
from io import BytesIO

import pytest
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.test import RequestFactory

from recommendations.admin.intake_forms import LARGEST_REQUEST
from recommendations.receiving import AT_ONCE, received

READ = "recommendations.receiving.received"


def posted(data: bytes = b"a=1", **more):
    return RequestFactory().post(
        "/accounts/login/", data, content_type="application/x-www-form-urlencoded", **more
    )


class Slow(BytesIO):
    """A body that comes when it is let go."""

    def __init__(self, begun: threading.Semaphore, let_go: threading.Event):
        super().__init__(b"a=1")
        self.begun, self.let_go = begun, let_go

    def read(self, size: int) -> bytes:
        self.begun.release()
        self.let_go.wait(10)
        return super().read(size)


def test_a_body_is_whole_before_anybody_takes_a_turn():
    middleware = settings.MIDDLEWARE
    assert middleware.index(READ) < middleware.index("recommendations.turns.in_turn")
    assert middleware.index(READ) < middleware.index("django.middleware.csrf.CsrfViewMiddleware")


@pytest.mark.parametrize("data", [b"a=1&b=%C3%A9", b"a=" + b"x" * 3_000_000])
def test_a_view_reads_what_was_sent(data):
    assert received(lambda request: HttpResponse(request.body))(posted(data)).content == data


def test_more_senders_than_can_be_received_are_told_at_once():
    begun, let_go, said = threading.Semaphore(0), threading.Event(), []
    site = received(lambda _request: HttpResponse("received"))

    def send() -> None:
        request = posted()
        request._stream = Slow(begun, let_go)
        said.append(site(request).content)

    senders = [threading.Thread(target=send) for _ in range(AT_ONCE)]
    for sender in senders:
        sender.start()
    for _sender in senders:
        assert begun.acquire(timeout=10)
    refused = site(posted())
    assert (refused.status_code, refused["Retry-After"].isdigit()) == (503, True)
    assert site(RequestFactory().get("/")).content == b"received"
    let_go.set()
    for sender in senders:
        sender.join()
    assert said == [b"received"] * AT_ONCE
    assert site(posted()).content == b"received"


def test_of_what_no_page_takes_nothing_is_kept_but_all_is_read():
    request, left = posted(CONTENT_LENGTH=str(LARGEST_REQUEST + 1)), BytesIO(b"x" * 200_000)
    request._stream = left
    assert received(lambda request: HttpResponse(request.read()))(request).content == b""
    assert left.read() == b""


def test_half_a_form_is_not_taken_for_a_whole_one():
    whole = b"title=Take sample action"
    request = posted(whole)
    request._stream = BytesIO(whole[:-1])
    with pytest.raises(BadRequest, match="Less was sent"):
        received(lambda _request: HttpResponse("saved"))(request)


def test_a_sender_who_leaves_is_no_fault_of_the_site():
    class Gone:
        def read(self, _size: int) -> bytes:
            raise OSError("gone")

    request = posted()
    request._stream = Gone()
    with pytest.raises(BadRequest):
        received(lambda _request: HttpResponse())(request)
