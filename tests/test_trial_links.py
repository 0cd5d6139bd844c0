"""The trial of the links, small: it finds nothing, and it finds what is planted."""

import random
import re

import pytest
from django.http import HttpResponse, HttpResponsePermanentRedirect

from recommendations.views import record, themes
from tests.trials.links import Trial
from tests.trials.server import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def trial() -> Trial:
    """A trial with people to act in it."""
    people()
    return Trial(random.Random(1), few=14)


def after(trial: Trial, act: str, like: str) -> list[str]:
    """Read a little, let the editors do one thing, and ask for the addresses of a kind that were emitted before."""
    trial.run(0, 1, 1, 1)
    assert getattr(trial.editors, act)().status_code == 302
    for address in [each for each in trial.known if re.fullmatch(like, each)]:
        trial.check(address)
    return trial.faults


def test_every_address_answers_after_thirty_acts(trial):
    trial.run(30, 30, 36, 60)
    assert (trial.faults, trial.editors.done.total()) == ([], 30)
    assert len(trial.known) > 300
    assert trial.ends["200"] > 60


def test_a_withdrawn_entry_that_answers_404_is_found(trial, monkeypatch):
    monkeypatch.setattr(record, "gone", lambda request, entry: HttpResponse(status=404))
    assert any("answers 404" in fault for fault in after(trial, "withdraw", r"/[A-Z-]+-\d{4}-\d+"))


def test_two_redirects_in_a_row_are_found(trial, monkeypatch):
    monkeypatch.setattr(themes, "moved", lambda request, address: HttpResponsePermanentRedirect(address.upper()))
    assert any("which answers 301" in fault for fault in after(trial, "rename", r"/themes/[a-z-]+"))
