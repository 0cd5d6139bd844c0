"""The trial of a failover runs, finds nothing, and would find readers and editors who were let down."""

from types import SimpleNamespace

import pytest

from recommendations.models import Theme
from tests.trials import failover
from tests.trials.parts.desk import Answer


@pytest.fixture
def answered(monkeypatch):
    """Answer every reader with a status and a page."""

    def answer(status: int, page: str = ""):
        desk = SimpleNamespace(get=lambda path: Answer(status, {}, page.encode()))
        monkeypatch.setattr(failover, "Desk", lambda port: desk)
        return failover.Trial(SimpleNamespace(port=0), [])

    return answer


def test_a_kept_page_that_is_not_answered_is_a_fault(answered):
    made = answered(503)
    made.read("/")
    assert (made.faults, made.answers) == (["/ answered 503"], {503: 1})


@pytest.mark.parametrize(
    ("answer", "is_saved", "faults"),
    [
        (Answer(302, {"location": "/admin/recommendations/theme/"}, b""), True, []),
        (Answer(302, {"location": "/accounts/login/"}, b""), False, 1),
        (Answer(503, {}, b""), False, []),
    ],
)
def test_only_a_form_that_was_taken_counts_as_saved(answered, answer, is_saved, faults):
    made = answered(200)
    publisher = SimpleNamespace(post=lambda path, pairs: answer)
    assert made.save(publisher, []) is is_saved
    assert made.saved == (["trial-0"] if is_saved else [])
    assert len(made.faults) == (faults or 0)


@pytest.mark.django_db
def test_what_was_saved_and_is_lost_or_not_shown_is_found(answered, monkeypatch):
    monkeypatch.setattr(failover.connection, "close", lambda: None)
    Theme.objects.create(slug="trial-1", label="Trial trial-1", definition="Sample.", position=99)
    made = answered(200, "Trial trial-1")
    made.saved = ["trial-1"]
    assert failover.missing(made) == []
    made = answered(200, "Sample")
    made.saved = ["trial-0", "trial-1"]
    assert failover.missing(made) == [
        "trial-0 was saved and is lost",
        "40 of 40 pages do not show what was saved",
    ]
