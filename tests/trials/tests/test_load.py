"""The trial of load runs, finds nothing, and would find a leak, a slow site and a wrong answer."""

import os
import random
from types import SimpleNamespace

import pytest

from tests.trials import load
from tests.trials.parts.cycle import Step
from tests.trials.parts.desk import Answer


def measured(leak) -> list[str]:
    """Sample this process twelve times, with a leak between, and return what is found."""
    measure = load.Measure({os.getpid()})
    for number in range(12):
        measure.sample()
        leak(number)
    return [fault.partition(" went ")[2].rpartition(" ")[2] for fault in measure.faults()]


def test_a_worker_that_leaks_descriptors_is_found():
    held = []
    try:
        assert measured(lambda number: held.extend(os.dup(0) for _ in range(3))) == ["descriptors"]
    finally:
        for each in held:
            os.close(each)


def test_a_worker_that_leaks_memory_is_found():
    held = []
    assert measured(lambda number: held.append(os.urandom(32 * load.MEGABYTE))) == ["MB"]


def test_a_worker_that_only_warms_up_is_not_blamed():
    held = []
    assert (
        measured(
            lambda number: held.append(os.urandom(64 * load.MEGABYTE)) if number == 0 else None
        )
        == []
    )


def slope(growth: int) -> list[str]:
    """Return what is found of two processes that keep so many bytes of each of 40,000 requests
    between them.
    """
    samples = [(0.0, load.MEGABYTE + growth * request // 2, 9) for request in range(0, 40_000, 100)]
    return load.Measure(set(), {1: samples, 2: samples}).leaks(40_000)


def test_a_leak_of_two_kilobytes_a_request_is_found_and_a_little_growth_is_not():
    assert slope(2048) == ["each request leaves 2048 bytes of memory"]
    assert slope(300) == []
    assert load.Measure(set(), {}).leaks(10) == []


def test_a_process_that_has_died_is_read_no_more():
    measure = load.Measure({os.getpid(), 2**22 + 1})
    measure.sample()
    assert list(measure.samples) == [os.getpid()]


def step(status: int) -> Step:
    """A thing to do at the desk that is answered so."""
    return Step("publish", lambda: Answer(status, {}, b""), {})


def test_what_the_desk_does_not_do_ends_the_editors_work():
    made = load.Trial(0, random.Random(1))
    made.do(step(302))
    assert made.written == 1
    with pytest.raises(RuntimeError, match="usual: “publish” was answered 500"):
        made.do(step(500))


def test_a_page_of_the_desk_that_is_not_answered_is_found():
    made = load.Trial(0, random.Random(1))
    made.look(SimpleNamespace(get=lambda path: Answer(503, {}, b"")))
    assert [each.endswith("/ answered 503") for each in made.faults] == [True]


def trial(monkeypatch, ends: dict, wait: float) -> load.Trial:
    """Make a trial of a site that ends a flood so, and lets good clients wait so long."""
    made = load.Trial(0, random.Random(1))
    made.waits = {"flood, kept": [0.01] * 90 + [wait] * 10}
    monkeypatch.setattr(made, "ask", lambda client, path: 0.01)
    monkeypatch.setattr(made, "capacity", lambda seconds: 100)
    monkeypatch.setattr(made, "be_good", lambda kind, over: None)
    monkeypatch.setattr(
        made, "flood", lambda rate, seconds: load.Counter({"sent": int(rate * seconds), **ends})
    )
    return made


def test_ten_times_what_can_be_served_is_sent_and_every_refusal_must_say_when_to_come_again(
    monkeypatch,
):
    made = trial(
        monkeypatch, {"200": 5, load.TURNED_AWAY: 3, "503": 2, "nothing at all": 1, "500": 1}, 0.01
    )
    assert "10 sent in 0 s, 5 answered, 3 turned away" in made.overload(0.01, 10, 2)
    assert made.faults == [
        "flood: 2 answers 503",
        "flood: 1 answers nothing at all",
        "flood: 1 answers 500",
    ]


def test_a_flood_of_which_nobody_is_turned_away_is_found(monkeypatch):
    monkeypatch.setattr(load, "FLOODED", 0)
    made = trial(monkeypatch, {"200": 10}, 0.01)
    made.overload(0.01, 10, 2)
    assert made.faults == ["flood: nobody was turned away of 10, so that all had to wait"]


def test_good_clients_that_wait_too_long_are_found(monkeypatch):
    made = trial(monkeypatch, {"200": 5}, 11.0)
    made.overload(0.01, 10, 2)
    assert made.faults == ["flood, kept: 99 of 100 good requests took up to 11.0 s"]


@pytest.mark.parametrize(
    ("answer", "end"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\nwell", "200"),
        (b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\n\r\n", load.TURNED_AWAY),
        (b"HTTP/1.1 503 Service Unavailable\r\n\r\nretry-after: 5", "503"),
        (b"HTTP/1.1 500 Error\r\n\r\n", "500"),
        (b"", "nothing at all"),
    ],
)
def test_the_end_of_a_flooding_request_is_told_by_its_head(answer, end):
    assert load.end_of(answer) == end
