"""A sentence that somebody attributes to a declaration: verbatim, altered, or not found."""

import random

import pytest
from factories import changed, make_proposal, make_published, make_source, withdrawn

from recommendations.formats.mcp_tools import Refused, ask
from recommendations.models import Source
from recommendations.search.quote_check import check
from recommendations.text import claims

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

TEXT = (
    "Sample heading\n"
    "We call on sample governments to support “sample companies”1 and their workers. It ends here.\n"
    "They shall not\u00a0forget  sample skills.\n"
)


@pytest.fixture
def sample():
    at = TEXT.index("1 and")
    source = make_source("SAMPLE-2021", TEXT, note_signs=[[at, at + 1]])
    return make_published(
        source, "We call on sample governments to support “sample companies”1 and their workers."
    )


def test_words_of_a_text_are_verbatim_and_lead_to_their_place_and_version(sample):
    found = check("We call on sample governments to support “sample companies” and their workers.")
    (place,) = found.places
    assert (found.verdict, place.address, place.is_part) == ("verbatim", "/SAMPLE-2021#p2", False)
    (quoting,) = place.quoting
    assert quoting.version.get_absolute_url() == f"/{sample.code}/v/1"
    assert (quoting.is_latest, quoting.is_withdrawn) == (True, False)


@pytest.mark.parametrize(
    "pasted",
    [
        'We call on  sample\ngovernments to support "sample companies" and their workers.',
        '"They shall not forget sample skills."',
        "support “sample companies”1 and their workers",
    ],
)
def test_white_space_quotation_marks_and_note_markers_make_no_difference(sample, pasted):
    assert check(pasted).verdict == "verbatim"


@pytest.mark.parametrize(
    "pasted",
    [
        "They shall forget sample skills.",
        "They shall not forget Sample skills.",
        "They shall not forget sample skill",
        "hey shall not forget sample skills.",
        "They shall not forget, sample skills.",
    ],
)
def test_a_changed_word_is_altered_with_the_nearest_passage(sample, pasted):
    found = check(pasted)
    assert (found.verdict, found.places) == ("altered", ())
    assert found.nearest.words.startswith("They shall not")
    assert 60 <= found.percent <= 99


def test_part_of_a_sentence_says_that_it_is_a_part(sample):
    (place,) = check("not forget sample skills").places
    assert place.is_part
    assert place.around == ("They shall ", ".")


def test_what_stands_nowhere_is_not_found_in_so_many_texts(sample):
    found = check("Sample unicorns dance on rainbows over purple mountains")
    assert (found.verdict, found.searched) == ("not found", 2)


def test_a_withdrawn_entry_and_a_former_version_say_so(sample):
    source = Source.objects.get(code="SAMPLE-2021")
    start = source.text.index("They")
    changed(sample, passages=[(start, len(source.text) - 1, 1)])
    (place,) = check("We call on sample governments to support").places
    ((version, is_latest),) = [(each.version.number, each.is_latest) for each in place.quoting]
    assert (version, is_latest) == (1, False)
    withdrawn(sample)
    (place,) = check("They shall not forget sample skills.").places
    assert [each.is_withdrawn for each in place.quoting] == [True]


def test_the_text_of_a_proposal_is_no_text_that_readers_may_see():
    hidden = "A hidden sample sentence stands here."
    make_proposal(make_source("SAMPLE-2022", f"{hidden}\n"), hidden)
    assert check(hidden).verdict == "not found"


def mutated(chance: random.Random, sentence: str) -> str:
    """Return a sentence with one word left out, put in, in other letters, cut or joined."""
    words = sentence.split()
    at = chance.randrange(1, len(words) - 1)
    kinds = [
        words[:at] + words[at + 1 :],
        [*words[:at], "not", *words[at:]],
        [*words[:at], words[at].swapcase(), *words[at + 1 :]],
        [*words[:at], words[at][1:] or "x", *words[at + 1 :]],
        [*words[:at], words[at] + words[at + 1], *words[at + 2 :]],
    ]
    return " ".join(chance.choice(kinds))


def test_no_mutated_quote_is_ever_verbatim_and_every_true_one_is():
    text = Source.objects.get(code="PARIS-2025").text
    folded = claims.fold(text)
    sentences = [found[0] for found in claims.SENTENCE.finditer(text) if len(found[0].split()) > 6]
    assert all([*claims.places_of(claims.claim_of(each), folded)] for each in sentences)
    chance = random.Random(7)
    for _ in range(5000):
        claim = claims.claim_of(mutated(chance, chance.choice(sentences)))
        if claim not in folded.text:  # swapping the case of digits changes nothing
            assert not [*claims.places_of(claim, folded)]
            assert claims.nearest(claim, folded)


def test_the_page_shows_the_words_in_place_and_is_never_kept(client, sample):
    response = client.get("/check", {"q": "They shall not forget sample skills."})
    page = response.content.decode()
    assert "<mark>They shall not\u00a0forget  sample skills.</mark>" in page
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("no-store", "noindex")
    altered = client.get("/check", {"q": "They shall forget sample skills."}).content.decode()
    assert "Not in these words." in altered
    assert "removed: </span>not" in altered


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=two+words", "at least 3 words"),
        ("q=" + "word+" * 201, "at most 1,000 characters"),
        ("q=a+b+c+d&q=e+f+g+h", "once"),
        ("q=a+b+c%00d", "control characters"),
        ("q=", "at least 3 words"),
    ],
)
def test_what_cannot_be_checked_is_said_in_one_line(client, query, said):
    response = client.get(f"/check?{query}")
    assert response.status_code == 400
    assert said in response.content.decode()
    answer = client.get(f"/check.json?{query}")
    if "3 words" in said:
        assert (answer.status_code, answer.json()["verdict"]) == (200, "too short")
    else:
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_json_and_the_assistants_tool_say_the_same(client, sample):
    quote = "They shall not forget sample skills."
    answer = client.get("/check.json", {"q": quote})
    assert answer.json() == ask("check_quote", {"quote": quote})
    assert answer.json()["verdict"] == "verbatim"
    assert answer["Cache-Control"] == "no-store"
    assert client.get("/check.json?q=a+b+c&x=1").status_code == 400
    with pytest.raises(Refused, match="at least 3 words"):
        ask("check_quote", {"quote": "two words"})
    with pytest.raises(Refused, match="at most 1000"):
        ask("check_quote", {"quote": ["x"]})
