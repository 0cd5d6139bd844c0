"""Suggestions while typing: themes, tags, codes, titles, declarations and cited documents."""

import pytest
from factories import make_proposal, make_published, make_source, withdrawn

from recommendations.search.completions import complete

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def offered(typed: str) -> list[tuple[str, str]]:
    return [(each.kind, each.path) for each in complete(typed)]


@pytest.mark.parametrize(
    ("typed", "kind", "path"),
    [
        ("skil", "Theme", "/recommendations/?theme=skills"),
        ("digital fl", "Tag", "/recommendations/?tag=digital-fluency"),
        ("like", "Addressed to", "/recommendations/?addressee=like-minded-nations"),
        ("paris", "Declaration", "/PARIS-2025"),
        ("paris-2025-1", "Recommendation", "/PARIS-2025-10"),
        ("OECD", "Document cited", "/declarations/#OECD-AI-PRINCIPLES-2019"),
        ("curric", "Recommendation", "/PARIS-2025-5"),
    ],
)
def test_each_kind_of_thing_is_offered_by_its_beginning(typed, kind, path):
    assert (kind, path) in offered(typed)


@pytest.mark.parametrize("typed", ["", "s", "  ", "\0", "xqzvb", "’"])
def test_nothing_is_offered_for_too_little_or_for_what_nothing_begins_with(typed):
    assert complete(typed) == []


def test_at_most_eight_are_offered_and_none_twice():
    found = complete("ai")
    assert len(found) == len(set(found)) <= 8


def test_neither_proposals_nor_withdrawn_entries_are_offered():
    source = make_source("HIDDEN-2019")
    make_proposal(source, title="Sample hidden canary", tags=["Canaries"])
    assert offered("hidden") == offered("canar") == []
    entry = make_published(source, "It closes sample text 1.", title="Sample shown canary")
    assert ("Recommendation", entry.get_absolute_url()) in offered("canary")
    withdrawn(entry)
    assert offered("hidden-2019") == offered("canary") == []


def test_the_answer_is_as_browsers_ask_for_it(client):
    answer = client.get("/suggest?q=skil")
    typed, labels, kinds, addresses = answer.json()
    assert answer["Content-Type"] == "application/x-suggestions+json"
    assert (typed, labels[0], kinds[0]) == ("skil", "Skills & workforce", "Theme")
    assert addresses[0].endswith("/recommendations/?theme=skills")
    assert "x-suggestions+json" in client.get("/opensearch.xml").content.decode()
