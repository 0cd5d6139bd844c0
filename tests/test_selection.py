"""A selection is answered or refused, never silently everything; facets count under all filters but their own."""

import pytest
from django.http import QueryDict
from factories import make_many, make_published, make_source

from recommendations.models import Recommendation
from recommendations.selection import BadSelection, selection

pytestmark = pytest.mark.django_db


def codes(query: str) -> list[str]:
    return [entry.code.removeprefix("PARIS-2025-") for entry in selection(QueryDict(query)).whole()]


def problems(query: str) -> list[tuple[str, str, str]]:
    with pytest.raises(BadSelection) as caught:
        _ = selection(QueryDict(query)).page
    return [(problem.message, problem.advice, problem.url) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "1 2 3 4 5 6 7 8 9 10"),
        ("theme=skills", "4 5 6"),
        ("theme=skills&theme=smes", "2 3 4 5 6"),
        ("theme=infrastructure-security&theme=standards", "1 7 8 9"),
        ("theme=infrastructure-security&tag=partnerships", "8"),
        ("tag=education&tag=productivity", "2 4 5 6"),
        ("source=PARIS-2025&year=2025&issuer=tech7", "1 2 3 4 5 6 7 8 9 10"),
        ("addressee=summit-participants", "2"),
        ("q=reskilling&theme=skills&sort=code", "4 5 6"),
        ("q=curricula", "5"),
        ("q=paris-2025-7", "7"),
        ("q=&theme=skills", "4 5 6"),
        ("sort=code", "1 2 3 4 5 6 7 8 9 10"),
    ],
)
def test_values_of_a_facet_are_or_and_facets_are_and(query, found):
    assert codes(query) == found.split()


def test_each_facet_counts_without_itself():
    chosen = selection(QueryDict("theme=skills&tag=education"))
    counted = {group.name: {v.option.value: v.count for v in [*group.shown, *group.hidden]} for group in chosen.facets}
    assert counted["theme"] == {"skills": 3}
    assert counted["tag"] == {
        "education": 3,
        "curricula": 1,
        "digital-fluency": 1,
        "partnerships": 1,
        "reskilling": 1,
        "responsible-ai": 1,
        "workplace": 1,
    }
    assert counted["addressee"] == {"g7-governments": 3, "companies": 2, "educational-institutions": 2}
    assert (counted["source"], counted["year"], counted["issuer"]) == ({"PARIS-2025": 3}, {"2025": 3}, {"tech7": 3})


def test_every_facet_count_is_what_choosing_the_value_gives():
    make_published(make_source())
    queries = ["", "theme=skills", "tag=education&theme=smes", "q=sample", "year=2020", "issuer=tech7&q=ai"]
    for query in queries:
        chosen = selection(QueryDict(query))
        for group in chosen.facets:
            alone = {name: values for name, values in chosen.chosen.items() if name != group.name}
            for value in [*group.shown, *group.hidden]:
                url = chosen.url(**alone, **{group.name: [value.option.value]})
                url = url.partition("?")[2]
                assert selection(QueryDict(url)).count == value.count, (query, group.name, value.option)


def test_a_facet_links_to_the_selection_with_its_value_added_or_taken_back():
    chosen = selection(QueryDict("theme=skills&sort=code&page=1"))
    theme = {value.option.value: value for value in chosen.facets[0].shown}
    assert theme["skills"].selected
    assert theme["skills"].url == "/recommendations/?sort=code"
    assert theme["smes"].url == "/recommendations/?theme=skills&theme=smes&sort=code"


def test_chips_name_each_filter_in_use_and_the_address_without_it():
    chosen = selection(QueryDict("q=AI&theme=skills&theme=smes&sort=relevance"))
    assert [(chip.label, chip.url) for chip in chosen.chips] == [
        ("“AI”", "/recommendations/?theme=skills&theme=smes"),
        ("Skills & workforce", "/recommendations/?q=AI&theme=smes&sort=relevance"),
        ("SMEs & AI adoption", "/recommendations/?q=AI&theme=skills&sort=relevance"),
    ]


def test_an_empty_result_says_what_relaxing_each_filter_gives():
    chosen = selection(QueryDict("q=curricula&theme=smes"))
    assert chosen.count == 0
    assert [(r.label, r.count, r.url) for r in chosen.relaxations] == [
        ("“curricula”", 2, "/recommendations/?theme=smes"),
        ("SMEs & AI adoption", 1, "/recommendations/?q=curricula"),
    ]


@pytest.mark.parametrize(
    ("query", "message", "advice", "url"),
    [
        ("themes=skills", "There is no filter “themes”.", "Use theme", "/recommendations/?theme=skills"),
        ("utm_source=x", "There is no filter “utm_source”.", "Leave it out", "/recommendations/"),
        ("zzz=1&theme=smes", "There is no filter “zzz”.", "Leave it out", "/recommendations/?theme=smes"),
        ("theme=skils", "There is no theme “skils”.", "Use Skills & workforce", "/recommendations/?theme=skills"),
        ("theme=", "There is no theme “”.", "Leave it out", "/recommendations/"),
        ("theme=1", "There is no theme “1”.", "Leave it out", "/recommendations/"),
        ("tag=Education", "There is no tag “Education”.", "Use Education", "/recommendations/?tag=education"),
        ("year=20250", "There is no year “20250”.", "Use 2025", "/recommendations/?year=2025"),
        ("source=paris-2025", "There is no source “paris-2025”.", "Use Paris AI Action Summit 2025", None),
        ("page=2", "There is no page 2: the last is 1.", "Page 1", "/recommendations/"),
        ("page=0", "“0” is not a page.", "The first page", "/recommendations/"),
        ("page=x", "“x” is not a page.", "The first page", "/recommendations/"),
        ("page=99999999999999999999", "“99999999999999999999” is not a page.", "The first page", None),
        ("page=٣", "“٣” is not a page.", "The first page", None),
        ("page=", "“” is not a page.", "The first page", None),
        ("sort=best", "There is no order “best”.", "The usual order", "/recommendations/"),
        ("sort=relevance", "Best match needs a search.", "The usual order", "/recommendations/"),
        ("q=a&q=b", "“q” is given 2 times.", "Keep the first", "/recommendations/?q=a"),
        ("q=%00", "Search with at most 1000 characters, and without control signs.", "Leave the search out", None),
        (
            f"q={'a' * 1001}",
            "Search with at most 1000 characters, and without control signs.",
            "Leave the search out",
            None,
        ),
    ],
)
def test_bad_input_is_refused_with_a_way_on(query, message, advice, url):
    found = problems(query)
    assert found[0][0].startswith(message)
    assert found[0][1] == advice
    if url is not None:
        assert found[0][2] == url


@pytest.mark.parametrize(
    "query",
    ["themes=skills", "theme=skils&tag=educaton&x=y", "page=0&theme=nonsense", "q=a&q=b&sort=x", "thme=zzz", "pages=2"],
)
def test_the_way_on_works_however_much_was_wrong(query):
    for _message, _advice, url in problems(query):
        assert selection(QueryDict(url.partition("?")[2])).page is not None


def test_values_that_only_drafts_have_are_unknown():
    make_published(make_source())
    draft = Recommendation.objects.create(source=make_source("HIDDEN-2019"), title="Sample hidden draft")
    draft.tags.add("Canary")
    for query in ("source=HIDDEN-2019", "tag=canary", "q=canary&tag=canary"):
        assert "There is no" in problems(query)[0][0]


def test_pages_say_where_they_are():
    make_many(24)
    chosen = selection(QueryDict("page=2"))
    page = chosen.page
    assert (page.start_index(), page.end_index(), page.paginator.count) == (11, 20, 34)
    assert [entry.code for entry in chosen.entries] == [f"MANY-2021-{number}" for number in range(1, 11)]


def test_a_search_sorts_by_best_match_unless_told_otherwise():
    found = [entry.code for entry in selection(QueryDict("q=standards")).whole()]
    assert set(found) == {"PARIS-2025-1", "PARIS-2025-8"}
    assert selection(QueryDict("q=standards")).sort == "relevance"
    assert selection(QueryDict("q=standards&sort=newest")).sort == "newest"


def test_the_selection_is_put_in_words():
    assert selection(QueryDict("")).description == "All recommendations"
    assert selection(QueryDict("q=ai&theme=skills")).description == "“ai”, Skills & workforce"


def test_a_facet_of_very_many_values_lists_the_most_frequent_and_those_chosen(monkeypatch):
    monkeypatch.setattr("recommendations.selection.MOST_VALUES", 8)
    tags = selection(QueryDict("tag=workplace")).facets[1]
    counts = [value.count for value in [*tags.shown, *tags.hidden]]
    assert (len(counts), tags.total > 8) == (8, True)
    assert tags.shown[0].option.value == "workplace"
    assert counts[1:] == sorted(counts[1:], reverse=True)
