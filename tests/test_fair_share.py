"""One client takes half of the places at most: a script that asks for all at once shuts out nobody
else.
"""

import threading
from contextlib import ExitStack
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from recommendations import receiving, turns


def request(address="192.0.2.1", **headers):
    return RequestFactory().get(
        "/recommendations/", REMOTE_ADDR="203.0.113.1", HTTP_X_FORWARDED_FOR=address, **headers
    )


@pytest.fixture
def behind_a_proxy(settings):
    settings.TRUSTED_PROXIES = 1


def taken(places, *addresses) -> list[bool]:
    """Ask for a place from each address in turn, and keep those that are given until all have
    asked.
    """
    with ExitStack() as held:
        return [held.enter_context(places.one(request(address))) for address in addresses]


def test_one_client_has_half_of_the_places_and_leaves_the_others_to_others(behind_a_proxy):
    greedy, other, third = "192.0.2.1", "192.0.2.2", "192.0.2.3"
    given = taken(turns.Places(12), *[greedy] * 8, *[other] * 5, third, third)
    assert given == [True] * 6 + [False] * 2 + [True] * 5 + [True, False]


def test_a_household_of_ipv6_addresses_is_one_client(behind_a_proxy):
    given = taken(turns.Places(4), "2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1")
    assert given == [True, True, False, True]


def test_a_forged_forwarded_address_makes_no_second_client(behind_a_proxy):
    given = taken(turns.Places(4), *(f"198.51.100.{n}, 192.0.2.1" for n in range(4)))
    assert given == [True, True, False, False]


def test_where_no_proxy_is_declared_nobody_is_taken_for_all(settings):
    settings.TRUSTED_PROXIES = 0
    assert taken(turns.Places(4), *["192.0.2.1"] * 6) == [True] * 4 + [False] * 2


def test_places_come_back_even_after_a_fault_and_nothing_is_kept_of_clients(behind_a_proxy):
    places = turns.Places(2)

    def fail(address):
        with places.one(request(address)) as has_place:
            raise ValueError(f"{address} had a place: {has_place}")

    for n in range(3):
        with pytest.raises(ValueError, match="had a place: True"):
            fail(f"192.0.2.{n}")
    assert dict(places.taken) == {}


def test_a_flood_from_one_client_leaves_others_their_turn(behind_a_proxy, db, monkeypatch):
    inside, go_on, answers = threading.Semaphore(0), threading.Event(), []

    def view(request):
        if request.META["HTTP_X_FORWARDED_FOR"] == "192.0.2.1":
            inside.release()
            go_on.wait(60)
        return HttpResponse("sample")

    middleware = turns.in_turn(view)
    flood = [
        threading.Thread(target=lambda: answers.append(middleware(request())))
        for _ in range(turns.AT_ONCE // 2)
    ]
    for each in flood:
        each.start()
        inside.acquire()
    monkeypatch.setattr(turns, "TURN", 0.0)
    greedy, other = middleware(request()), middleware(request("192.0.2.2"))
    go_on.set()
    for each in flood:
        each.join()
    assert (greedy.status_code, greedy["Retry-After"], other.status_code) == (503, "5", 200)
    assert [answer.status_code for answer in answers] == [200] * len(flood)


def test_who_waits_is_let_in_when_a_place_comes_back(behind_a_proxy):
    places, asked, answers = turns.Places(2), threading.Event(), []

    def wait():
        with places.one(request(), 60.0) as has_place:
            answers.append(has_place)

    has_room = places.has_room
    places.has_room = lambda client: (
        asked.set() if threading.current_thread() is waiter else None,
        has_room(client),
    )[1]
    waiter = threading.Thread(target=wait)
    with places.one(request()) as has_place:
        waiter.start()
        asked.wait()
        assert (has_place, answers) == (True, [])
    waiter.join()
    assert answers == [True]


def test_slow_senders_from_one_address_leave_others_their_places(behind_a_proxy, db, monkeypatch):
    met = SimpleNamespace(go_on=threading.Event(), inside=threading.Semaphore(0))

    def slow(request, body):
        if request.META["HTTP_X_FORWARDED_FOR"] == "192.0.2.1":
            met.inside.release()
            met.go_on.wait(60)

    monkeypatch.setattr(receiving, "receive", slow)
    middleware, answers = receiving.received(lambda request: HttpResponse("sample")), []

    def send(address="192.0.2.1"):
        answers.append(middleware(request(address, CONTENT_LENGTH="10")).status_code)

    senders = [threading.Thread(target=send) for _ in range(receiving.AT_ONCE // 2)]
    for each in senders:
        each.start()
        met.inside.acquire()
    send()
    send("192.0.2.2")
    met.go_on.set()
    for each in senders:
        each.join()
    assert answers == [503, 200, *[200] * len(senders)]
