"""The trial of the words, small: it finds nothing, and it finds what is planted."""

import random
import unicodedata
from importlib import import_module

import pytest

from recommendations.editorial import corrections, integrity
from recommendations.formats import atom, mcp_tools, records
from recommendations.models.citation import Citation
from recommendations.text import positions
from recommendations.views import cards
from recommendations.views.recommendation_page import PassageWords
from tests.trials.parts.rules import Kept, undone, unguarded
from tests.trials.parts.server import people
from tests.trials.parts.telling import Told, truths
from tests.trials.parts.traps import TEXT, TRUE, stands
from tests.trials.words import HALVES, WAYS, Trial, everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def trial(tmp_path) -> Trial:
    """A trial with people to try."""
    people()
    trial = Trial(random.Random(1), tmp_path)
    trial.prepare()
    return trial


@pytest.fixture
def told(trial) -> Told:
    """A reader of the published entry, who reads nothing false before anything is planted."""
    reader = Told(trial.faults)
    reader.known, reader.codes = truths(), [trial.published.code]
    return reader


def nfkc(text: str) -> str:
    """Return a text as a mechanism that means well would mend it."""
    return unicodedata.normalize("NFKC", text)


def test_no_quote_is_taken_that_is_not_true(tmp_path):
    people()
    trial = Trial(random.Random(1), tmp_path, few=2)
    trial.run(14)
    assert trial.faults == []
    assert trial.compared > 200


def test_every_change_comes_by_every_way():
    sent = everything(random.Random(1))
    assert len(sent) < 10_000
    for way in WAYS:
        quotes = HALVES if way == "split" else TRUE
        assert {each[1:] for each in sent if each[0] == way} > {
            (quote, f"{quote}\u2060") for quote in quotes
        }
        first = [other for each, _quote, other in sent[:1500] if each == way]
        assert {"\u2060", "\u200b", "\ufeff"} < {other[-1] for other in first}
        assert any(
            other == unicodedata.normalize("NFC", quote) != quote
            for quote in quotes
            for other in first
        )


def test_a_quote_that_is_found_by_its_look_is_found(trial, monkeypatch):
    exact = positions.locate
    monkeypatch.setattr(
        positions, "locate", lambda text, quote: exact(text, quote.replace("\u200b", ""))
    )
    quote = f"{TRUE[3]}\u200b"
    trial.send("review", TRUE[3], quote)
    assert trial.faults == [f"review takes {quote!a}, which stands 0 times in the text"]


def test_a_quote_that_is_stored_otherwise_is_found(trial, monkeypatch):
    monkeypatch.setattr(positions, "locate", lambda text, quote: (0, len(quote)))
    trial.other.citations.get().point(0, 4)
    trial.load(TRUE[2], TRUE[2])
    assert "folder takes" in trial.faults[0]


@pytest.mark.parametrize("way", ["desk", "review", "split"])
def test_a_desk_that_breaks_off_has_refused_nothing(trial, monkeypatch, way):
    def broken(text: str, quote: str) -> tuple[int, int]:
        raise RuntimeError(quote)

    monkeypatch.setattr(positions, "locate", broken)
    trial.send(way, HALVES[0], HALVES[0])
    assert trial.faults == [f"{way} answers 500 to {HALVES[0]!a}"]


def test_a_correction_that_takes_the_first_of_several_places_is_found(trial, monkeypatch):
    def first(_old: str, new: str, start: int, end: int) -> tuple[int, int] | None:
        places = stands(new, TEXT[start:end])
        return (places[0], places[0] + end - start) if places else None

    monkeypatch.setattr(corrections, "moved", first)
    trial.places()
    assert any("once more before" in fault and "in text 2 at 0" in fault for fault in trial.faults)


def test_a_false_quote_beside_a_true_one_is_found(told, monkeypatch):
    exact, code = records.recommendation, told.codes[0]
    monkeypatch.setattr(
        records, "recommendation", lambda entry: exact(entry) | {"quote": nfkc(entry.quote)}
    )
    told.entry(code)
    assert told.faults == [f"/{code}.json, quote of {code} says {nfkc(TRUE[0])!a}, not {TRUE[0]!a}"]


def test_words_that_every_format_mends_alike_are_found(told, monkeypatch):
    for kind in (Citation, PassageWords):
        exact = kind.words.fget
        monkeypatch.setattr(kind, "words", property(lambda each, exact=exact: nfkc(exact(each))))
    told.entry(told.codes[0])
    found = {fault.partition(" says ")[0].rpartition("WORDS-2021-1")[2] for fault in told.faults}
    assert found == {
        ", description",
        ", og:description",
        ", twitter:description",
        ", JSON-LD",
        ", mail",
        ".txt",
        "",
    }


def test_words_that_an_assistant_is_told_otherwise_are_found(told, monkeypatch):
    exact = mcp_tools._described
    monkeypatch.setattr(
        mcp_tools, "_described", lambda entry: exact(entry) | {"quote": nfkc(entry.quote)}
    )
    told.assistants("WORDS-2021")
    assert {fault.partition(",")[0].partition(" says ")[0] for fault in told.faults} == {
        "search_recommendations",
        "cite WORDS-2021-1",
    }


def test_words_that_a_search_shows_otherwise_are_found(told, monkeypatch):
    exact = cards.fulltext.mark
    monkeypatch.setattr(
        cards.fulltext, "mark", lambda text, query: exact(nfkc(text) if query else text, query)
    )
    told.page("/recommendations/?source=WORDS-2021", *told.codes)
    assert told.faults == []
    told.searches(told.codes[0])
    assert all(fault.startswith("/recommendations/?source=WORDS-2021&q=") for fault in told.faults)
    assert len(told.faults) == 4


def test_a_format_that_mends_the_words_is_found(told, monkeypatch):
    exact = atom.markup
    monkeypatch.setattr(atom, "markup", lambda entry: nfkc(exact(entry)))
    told.selections("WORDS-2021")
    assert [fault.partition(" says ")[0] for fault in told.faults] == [
        "/recommendations.atom, WORDS-2021-1"
    ]


def test_a_model_that_does_not_look_is_caught_by_the_database(trial, monkeypatch):
    monkeypatch.setattr(Citation, "verify", lambda passage: [])
    for quote in ("Sample", TRUE[2], f"{TRUE[3]} "):
        trial.models(TRUE[3], quote)
        trial.stored("models", quote)
    assert trial.faults == []


def test_a_rule_that_is_gone_and_a_proof_that_proves_nothing_are_found(trial, monkeypatch):
    unguarded("UPDATE recommendations_recommendation SET number = number")
    unguarded("UPDATE recommendations_formertext SET number = number")
    monkeypatch.setattr(integrity, "quote_faults", lambda citation, texts: [])
    trial.rules()
    found = " ".join(trial.faults)
    assert "nothing says that a code never changes" in found
    assert "a recommendation is never deleted" in found
    assert "nothing says that a former text never changes" in found
    assert found.count("the proof does not see UPDATE recommendations_citation SET") == 7
    assert "the proof does not see UPDATE recommendations_version" not in found


def test_every_rule_of_the_database_is_broken(trial):
    rules = import_module("recommendations.migrations.0002_rules").RULES
    kept = Kept(
        trial.source, trial.published, trial.other, TEXT.replace(TRUE[3], "Sample."), trial.faults
    )
    with undone():
        kept.prepare()
        said = {rule for rule, _statement in kept.statements()}
    assert said == {message for *_rule, message in rules}
