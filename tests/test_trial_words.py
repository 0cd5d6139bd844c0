"""The trial of the words, small: it finds nothing, and it finds what is planted."""

import random
import unicodedata

import pytest

from recommendations import declaration
from recommendations.declaration import spans
from recommendations.models.citation import Citation
from recommendations.representations import atom
from tests.trials.server import people
from tests.trials.words import TRUE, Trial

pytestmark = pytest.mark.django_db


@pytest.fixture
def trial(tmp_path) -> Trial:
    """A trial with people to try."""
    people()
    return Trial(random.Random(1), tmp_path)


def test_no_quote_is_taken_that_is_not_true(trial):
    trial.run(48)
    assert (trial.faults, trial.ends.total()) == ([], 48)
    assert trial.compared > 200


def test_a_quote_that_is_found_by_its_look_is_found(trial, monkeypatch):
    exact = spans.locate
    monkeypatch.setattr(declaration, "locate", lambda text, quote: exact(text, quote.replace("\u200b", "")))
    trial.prepare()
    quote = f"{TRUE[3]}\u200b"
    trial.review(quote)
    assert trial.faults == [f"review takes {quote!a}, which stands 0 times in the text"]


def test_a_quote_that_is_stored_otherwise_is_found(trial, monkeypatch):
    monkeypatch.setattr(declaration, "locate", lambda text, quote: (0, len(quote)))
    trial.prepare()
    trial.draft.citations.get().point(0, 4)
    trial.load(TRUE[3])
    assert "folder takes" in trial.faults[0]


def test_a_format_that_mends_the_words_is_found(trial, monkeypatch):
    monkeypatch.setattr(atom, "clean", lambda text: unicodedata.normalize("NFKC", text))
    trial.run(0)
    assert any(".atom" in fault and "does not say" in fault for fault in trial.faults)


def test_a_model_that_does_not_look_is_caught_by_the_database(trial, monkeypatch):
    monkeypatch.setattr(Citation, "verify", lambda passage: [])
    trial.prepare()
    for quote in ("Sample", TRUE[2], f"{TRUE[3]} "):
        trial.models(quote)
        trial.stored("models", quote)
    assert trial.faults == []
