"""The trial of the drafts, small: it finds nothing, and it finds what is planted."""

import random
from types import SimpleNamespace

import pytest

from recommendations.admin.history import ChangeAdmin
from recommendations.formats import atom, mcp_tools
from recommendations.models import Change, Recommendation
from recommendations.models.proposal import Proposal
from recommendations.operations import page_cache
from recommendations.search.indexing import index
from recommendations.views import browse
from tests.trials.drafts import Trial
from tests.trials.parts.addresses import stranger
from tests.trials.parts.fresh import Fresh
from tests.trials.parts.hidden import Drafts, canary

pytestmark = pytest.mark.django_db


def tried(monkeypatch, *addresses: str) -> list[str]:
    """Run the trial on these addresses, without the desk; return the faults."""
    monkeypatch.setattr(Trial, "addresses", lambda trial: set(addresses))
    monkeypatch.setattr(Trial, "grown", lambda trial, listed: set())
    monkeypatch.setattr(Trial, "behind_the_desk", lambda *_given: None)
    monkeypatch.setattr(Fresh, "try_all", lambda fresh: None)
    trial = Trial(random.Random(1))
    trial.run()
    return trial.faults


def test_no_canary_leaves_the_desk():
    trial = Trial(random.Random(1), most_of_desk=14, is_thorough=False)
    trial.run(36, 5)
    assert trial.faults == []
    assert len(trial.seen) > 10
    assert trial.drafts.raised == ["signals", "a hidden declaration", "a work"]


def titles() -> str:
    """Return the titles of all proposals, which readers must not see."""
    return ", ".join(Proposal.objects.values_list("title", flat=True))


def test_a_draft_in_one_feed_is_found(monkeypatch):
    monkeypatch.setattr(atom, "title", lambda selection: titles())
    faults = tried(monkeypatch, "/recommendations.atom")
    assert any(
        "/recommendations.atom after the desk's work has zqtitlex" in fault for fault in faults
    )


def test_a_draft_that_the_search_finds_is_found(monkeypatch):
    save = Proposal.save

    def indexed(proposal, *args, **kwargs):
        save(proposal, *args, **kwargs)
        if proposal.title == canary("title"):
            entry = Recommendation.objects.for_records().first()
            entry.title = proposal.title
            index([entry])

    monkeypatch.setattr(Proposal, "save", indexed)
    faults = tried(monkeypatch, "/recommendations/?q=zqtitlex")
    assert "the index of the search has zqtitlex" in faults


def test_a_draft_that_an_assistant_is_told_of_is_found(monkeypatch):
    exact = mcp_tools.ask
    monkeypatch.setattr(
        mcp_tools, "ask", lambda tool, given: exact(tool, given) | {"waiting": titles()}
    )
    faults = tried(monkeypatch, "/about/")
    assert "an assistant is told otherwise after the desk's work" in faults


def test_an_answer_to_an_assistant_that_breaks_off_is_found(monkeypatch):
    def ask(tool: str, arguments: dict) -> dict:
        raise ValueError(tool)

    monkeypatch.setattr(mcp_tools, "ask", ask)
    trial = Trial(random.Random(1))
    trial.drafts = SimpleNamespace(codes=["SAMPLE-2019-1"], never=[])
    assert set(trial.assistants()) > {"breaks off: ValueError('cite')"}
    assert (
        "an assistant who asks list_themes for {} is told nothing: ValueError('list_themes')"
        in trial.faults
    )


def test_a_tag_that_tells_of_a_draft_is_found(monkeypatch):
    exact = page_cache.digest

    def digest(address: str, number: int) -> str:
        return exact(f"{address} {Proposal.objects.count()}", number)

    monkeypatch.setattr(page_cache, "digest", digest)
    faults = tried(monkeypatch, "/about/")
    assert any(
        fault.startswith("/about/ is answered otherwise after silent acts: 200 and 200")
        for fault in faults
    )


def test_a_draft_that_only_an_answer_in_place_tells_of_is_found(monkeypatch):
    exact = browse.push_url

    def push_url(response, address):
        response["X-Waiting"] = titles()
        return exact(response, address)

    monkeypatch.setattr(browse, "push_url", push_url)
    faults = tried(monkeypatch, "/recommendations/")
    assert "/recommendations/ in place after the desk's work has zqtitlex" in faults


def test_a_page_that_outlives_what_it_shows_is_found(monkeypatch):
    drafts = Drafts()
    drafts.publish_world()
    drafts.do()
    monkeypatch.setattr(page_cache, "digest", lambda address, number: repr(address))
    fresh = Fresh(drafts, [], [""])
    fresh.try_all()
    assert "/PARIS-2025-4 is as it was before a withdrawal" in fresh.faults
    assert "/ is as it was before a publication" in fresh.faults


def test_the_record_of_people_that_an_editor_sees_is_found(monkeypatch):
    monkeypatch.setattr(ChangeAdmin, "get_queryset", lambda admin, request: Change.objects.all())
    trial = Trial(random.Random(1), most_of_desk=3)
    trial.drafts, trial.client = Drafts(), stranger()
    trial.drafts.publish_world()
    trial.drafts.do()
    pages = [
        f"/admin/recommendations/change/{Change.objects.filter(kind='user', act='change').first().pk}/change/"
    ]
    monkeypatch.setattr(Trial, "desk_pages", lambda _trial: pages)
    trial.behind_the_desk({}, [])
    shown = [fault for fault in trial.faults if "of people" in fault]
    assert f"{pages[0]} shows zqformeremailx, of people, to a editor" in shown
    assert not any("superuser" in fault for fault in shown)
