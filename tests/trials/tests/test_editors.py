"""The trial of two editors and a publisher runs, and finds nothing; and it finds what is
planted.
"""

import random

import pytest
from django.forms import ModelForm

from recommendations.admin.optimistic_lock import OptimisticLockForm
from recommendations.editorial import themes
from recommendations.editorial.review import decisions
from recommendations.models.proposal import Proposal
from tests.trials import editors
from tests.trials.parts.server import people


@pytest.fixture
def trial(db, monkeypatch):
    people()
    made = editors.Trial(random.Random(3))
    made.prepare()
    made.next_round(1)
    monkeypatch.setattr(editors, "ACTS", ("save",))
    return made


def act(trial, *acts):
    """Do acts one after another, until the trial finds something."""
    for trial.step in range(2, 40):
        for each in acts:
            each()
        if trial.faults:
            return trial.faults[0]
    return "nothing"


def test_a_form_of_the_vocabulary_in_which_the_last_one_wins_is_found(trial, monkeypatch):
    monkeypatch.setattr(OptimisticLockForm, "clean", ModelForm.clean)
    assert "was not refused: " in act(trial, trial.change_vocabulary)


def test_what_was_typed_and_is_not_saved_is_found(trial, monkeypatch):
    put = decisions.ProposalDetails.put

    def without_tags(particulars, proposal):
        tags = proposal.tags
        put(particulars, proposal)
        proposal.tags = tags

    monkeypatch.setattr(decisions.ProposalDetails, "put", without_tags)
    assert "tags of ('proposal', " in act(trial, trial.decide)


def test_deciding_at_once_on_what_nobody_has_seen_is_found(trial, monkeypatch):
    def blind(who, source_pk, seen, act):
        found = Proposal.objects.filter(source=source_pk).in_bulk([pk for pk, _revision in seen])
        return [decisions.ACTS[act](who, found[pk], found[pk].revision) for pk in found]

    monkeypatch.setattr(decisions, "decide_all", blind)
    assert "at once of stale" in act(trial, trial.decide, trial.decide_all)


def test_an_act_that_changes_a_proposal_and_does_not_count_is_found(trial, monkeypatch):
    def follow(who, slug, successor, reason):
        for proposal in Proposal.objects.filter(published_at=None):
            named = [successor if each == slug else each for each in proposal.themes]
            Proposal.objects.filter(pk=proposal.pk).update(themes=[each for each in named if each])

    monkeypatch.setattr(themes, "follow", follow)
    assert "changed, and has no other revision" in act(
        trial, trial.look, trial.decide, trial.decide, trial.end_theme
    )
