"""The trial of the drafts, small: it finds nothing, and it finds what is planted."""

import random
from types import SimpleNamespace

import pytest

from recommendations import assistants, search
from recommendations.models import Recommendation
from recommendations.models.recommendation import RecommendationQuerySet
from recommendations.representations import atom
from tests.trials.drafts import Trial

pytestmark = pytest.mark.django_db


def tried(monkeypatch, *addresses: str) -> list[str]:
    """Run the trial on these addresses, without the desk; return the faults."""
    monkeypatch.setattr(Trial, "addresses", lambda trial: set(addresses))
    monkeypatch.setattr(Trial, "grown", lambda trial, listed: set())
    monkeypatch.setattr(Trial, "behind_the_desk", lambda *_given: None)
    trial = Trial(random.Random(1))
    trial.run()
    return trial.faults


def test_no_canary_leaves_the_desk():
    trial = Trial(random.Random(1), most_of_desk=14)
    trial.run(70, 6)
    assert trial.faults == []
    assert len(trial.seen) > 10
    assert trial.drafts.raised == ["signals", "a hidden declaration", "a work"]


def test_a_draft_in_one_feed_is_found(monkeypatch):
    def title(selection) -> str:
        return str(list(Recommendation.objects.values_list("title", flat=True)))

    monkeypatch.setattr(atom, "title", title)
    faults = tried(monkeypatch, "/recommendations.atom")
    assert any("/recommendations.atom after the desk's work has zqtitlex" in fault for fault in faults)


def test_a_draft_that_the_search_finds_is_found(monkeypatch):
    save = Recommendation.save

    def indexed(entry, *args, **kwargs):
        save(entry, *args, **kwargs)
        search.write([entry.document()])

    monkeypatch.setattr(Recommendation, "save", indexed)
    faults = tried(monkeypatch, "/recommendations/?q=zqtitlex")
    assert "the index of the search has zqtitlex" in faults


def test_a_draft_that_an_assistant_is_told_of_is_found(monkeypatch):
    monkeypatch.setattr(RecommendationQuerySet, "published", lambda entries: entries.all())
    faults = tried(monkeypatch, "/about/")
    assert "an assistant is told otherwise after the desk's work" in faults


def test_an_answer_to_an_assistant_that_breaks_off_is_found(monkeypatch):
    def ask(tool: str, arguments: dict) -> dict:
        raise ValueError(tool)

    monkeypatch.setattr(assistants, "ask", ask)
    trial = Trial(random.Random(1))
    trial.drafts = SimpleNamespace(codes=["SAMPLE-2019-1"], never=[])
    assert set(trial.assistants()) > {"breaks off: ValueError('cite')"}
    assert "an assistant who asks list_themes for {} is told nothing: ValueError('list_themes')" in trial.faults
