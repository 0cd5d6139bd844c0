"""No ordinary search ends with nothing: fewer words, other spellings, the declarations' texts."""

import pytest
from django.http import QueryDict
from factories import make_proposal, make_published, make_source, withdrawn

from recommendations.models import Source
from recommendations.search import suggestions
from recommendations.search.selection import read_selection

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def searched(q: str, **filters: str):
    query = QueryDict(mutable=True)
    query.update({"q": q} | filters)
    return read_selection(query)


@pytest.mark.parametrize(
    "q",
    [
        *("critical infra", "SME skills", "MSME reskilling", "cybersecuirty", "Paris", "2025"),
        *("OECD", "TECHNATION", "Canadian presidency", "cloud computing", "G7 governments"),
    ],
)
def test_an_ordinary_search_leads_somewhere(q):
    chosen = searched(q)
    assert chosen.count or chosen.partial_matches or chosen.respelled[0] or chosen.in_declarations


def test_the_words_that_are_found_together_are_named_with_their_counts():
    found = searched("SME skills").partial_matches
    assert [(each.words, each.count) for each, _address in found] == [("SME", 2), ("skills", 3)]
    for each, address in found:
        assert searched(each.words).count == each.count
        assert address == f"/recommendations/?q={each.words}"
    narrowed = searched("SME skills", theme="skills").partial_matches
    assert [(each.words, each.count) for each, _address in narrowed] == [("skills", 3)]


def test_a_misspelt_word_is_offered_in_letters_that_a_text_has(client):
    assert searched("cybersecuirty").respelled == (
        "cybersecurity",
        "/recommendations/?q=cybersecurity",
    )
    page = client.get("/recommendations/?q=cybersecuirty").content.decode()
    assert 'Did you mean <a href="/recommendations/?q=cybersecurity">cybersecurity</a>?' in page
    assert searched("xqzvbnm").respelled == ("", "")


def test_a_paragraph_outside_the_recommendations_is_found_and_linked(client):
    (found,) = searched("Canadian presidency").in_declarations
    assert (found.address, "<mark>Canadian</mark>" in found.marked) == ("/PARIS-2025#p3", True)
    assert 'id="p3"' in client.get("/PARIS-2025").content.decode()
    page = client.get("/recommendations/?q=Canadian+presidency").content.decode()
    assert "In the declarations, outside the recommendations" in page
    (said,) = client.get("/recommendations.json?q=Canadian+presidency").json()["in_declarations"]
    assert (said["source"], said["paragraph"]) == ("PARIS-2025", 3)


def test_words_of_a_recommendation_are_not_named_again():
    source = make_source()
    make_published(source)
    assert searched("action alpha1").count == 1
    assert searched("action alpha1").in_declarations == []
    assert [each.number for each in searched("sample closes").in_declarations] == [1]


def test_a_declaration_that_readers_do_not_see_is_not_searched():
    source = make_source("HIDDEN-2020", "Zyxomatic sample text. We call for sample action.")
    make_proposal(source, "We call for sample action.")
    assert searched("zyxomatic").in_declarations == []
    assert searched("zyxomatik").respelled == ("", "")


def test_an_entry_is_found_by_its_declaration_addressees_and_works(client):
    entry = make_published(make_source(occasion="Sample summit"), addressees=["companies"])
    assert searched("sample summit 2020").count == 1
    page = client.get("/recommendations/?q=sample+summit").content.decode()
    assert "its declaration (Sample declaration SAMPLE-2020, Sample summit" in page
    assert entry.pk in searched("companies").results.keys
    withdrawn(entry)
    assert searched("sample summit 2020").count == 0


@pytest.mark.parametrize(
    "q", ['"SME skills"', "SME -skills", "SME or xqz", "skill* xqz", "b c d e f g h"]
)
def test_a_search_with_operators_or_many_words_is_not_taken_apart(q):
    assert suggestions.plain_words(q) == []


def test_small_words_are_not_counted():
    assert suggestions.plain_words("skills for the SME") == ["skills", "SME"]


def test_note_markers_are_no_part_of_a_word():
    (found,) = searched("TECHNATION").in_declarations
    assert "TECH71" not in found.text
    assert Source.objects.get(code="PARIS-2025").text.count("TECH71") == 1


def test_the_words_of_a_withdrawn_entry_are_text_like_any_other():
    entry = make_published(make_source())
    assert searched("action alpha1").in_declarations == []
    other = make_published(make_source("OTHER-2020"))
    withdrawn(entry)
    assert [each.source.code for each in searched("action alpha1").in_declarations] == [
        "SAMPLE-2020"
    ]
    assert other.source.code == "OTHER-2020"


def test_a_search_within_filters_stays_within_them():
    assert searched("Canadian presidency").in_declarations
    assert searched("Canadian presidency", theme="skills").in_declarations == []
