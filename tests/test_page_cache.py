"""After a change, one thread makes a page; other readers get the former one or wait, never 503."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import caches
from django.http import HttpResponse
from django.test import RequestFactory
from factories import changed, make_published, make_source, withdrawn

from recommendations.operations import page_cache
from recommendations.operations.page_cache import PAGES, ContentVersionReader, page_cache_middleware


@pytest.fixture
def seen(monkeypatch):
    """What this process saw of the content version, as the test sets it."""
    caches[PAGES].clear()
    reader = ContentVersionReader()
    reader.number = 1
    monkeypatch.setattr(page_cache, "seen", reader)
    monkeypatch.setattr(page_cache.ContentVersion, "now", lambda: reader.number)
    monkeypatch.setattr(reader, "may_show", lambda number: True)
    return reader


def page(path="/about/"):
    return RequestFactory().get(path)


class Slow:
    """A site that makes a page only when it is told to."""

    def __init__(self, answer=b"new"):
        self.answer, self.made = answer, 0
        self.begun, self.go_on = threading.Event(), threading.Event()

    def __call__(self, request):
        self.made += 1
        self.begun.set()
        assert self.go_on.wait(20)
        return HttpResponse(self.answer)


def test_a_page_that_many_ask_for_at_once_is_made_once(seen):
    site = Slow()
    middleware = page_cache_middleware(site)
    with ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(middleware, page()) for _ in range(20)]
        assert site.begun.wait(20)
        site.go_on.set()
        answers = [each.result() for each in asked]
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, b"new")}
    assert site.made == 1


def after_a_change(seen, former, *, age=0.0):
    """Keep a page of the former content version, and begin to make that of the next."""
    page_cache_middleware(lambda request: HttpResponse(b"old"))(page())
    seen.number, seen.former = 2, former(age)
    site = Slow()
    middleware = page_cache_middleware(site)
    with ThreadPoolExecutor(2) as pool:
        maker = pool.submit(middleware, page())
        assert site.begun.wait(20)
        other = pool.submit(middleware, page())
        if seen.former:
            answer = other.result()
            site.go_on.set()
        else:
            site.go_on.set()
            answer = other.result()
        assert maker.result().content == b"new"
    return answer


def test_who_asks_while_a_page_is_made_anew_gets_the_former_one(seen):
    now = page_cache.time.monotonic()
    answer = after_a_change(seen, lambda _age: ((1, now),))
    assert (answer.content, answer["Age"]) == (b"old", "0")
    again = page_cache_middleware(lambda request: HttpResponse(b"newer"))(page())
    assert (again.content, "Age" in again) == (b"new", False)


def test_without_a_former_page_that_may_be_shown_readers_wait(seen):
    assert after_a_change(seen, lambda _age: ()).content == b"new"


def test_a_former_page_is_shown_instead_of_a_refusal(seen):
    page_cache_middleware(lambda request: HttpResponse(b"old"))(page())
    seen.number, seen.former = 2, ((1, page_cache.time.monotonic()),)
    refusing = page_cache_middleware(lambda request: HttpResponse(b"no", status=503))
    assert refusing(page()).content == b"old"
    seen.former = ((1, page_cache.time.monotonic() - page_cache.STALE - 0.1),)
    assert refusing(page()).status_code == 503


def test_an_invented_header_makes_no_copy_of_a_page(seen):
    site = iter([b"page", b"part", b"again"])
    middleware = page_cache_middleware(lambda _request: HttpResponse(next(site)))
    answers = [
        middleware(RequestFactory().get("/about/", headers={"HX-Request": value})).content
        for value in ("", "x", "true", "y", "true")
    ]
    assert answers == [b"page", b"page", b"part", b"page", b"part"]


@pytest.mark.django_db
@pytest.mark.both_databases
def test_a_former_page_may_be_shown_after_a_change_but_not_after_a_withdrawal():
    entry = make_published(make_source())
    reader = ContentVersionReader()
    first = reader.now()
    changed(entry, title="Take other action")
    second = reader.now()
    assert ([number for number, _ in reader.former], second > first) == ([first], True)
    assert reader.may_show(first)
    withdrawn(entry)
    reader.now()
    assert not any(reader.may_show(number) for number in (first, second))


@pytest.mark.django_db
@pytest.mark.both_databases
def test_a_former_page_is_not_shown_once_it_is_too_old():
    entry = make_published(make_source())
    reader = ContentVersionReader()
    reader.now()
    reader.moment -= page_cache.STALE + 0.1
    changed(entry, title="Take other action")
    reader.now()
    assert reader.former == ()
