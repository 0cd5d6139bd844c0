"""A selection is answered or refused, never silently everything; facets count under all filters but
their own.
"""

import re
from datetime import date

import pytest
from django.core.paginator import Paginator
from django.http import QueryDict
from factories import make_many, make_proposal, make_published, make_source, republish, withdrawn

from recommendations.editorial.audit import recorded
from recommendations.formats.openapi.description import describe
from recommendations.models import Organisation
from recommendations.search import results as result_pages
from recommendations.search import selection as selections
from recommendations.search.query_errors import BadSelection
from recommendations.search.selection import read_selection
from recommendations.views.pager import Pager

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def codes(query: str) -> list[str]:
    return [
        entry.code.removeprefix("PARIS-2025-")
        for entry in read_selection(QueryDict(query)).entries()
    ]


def problems(query: str) -> list[tuple[str, str, str]]:
    with pytest.raises(BadSelection) as caught:
        _ = read_selection(QueryDict(query)).page
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
    chosen = read_selection(QueryDict("theme=skills&tag=education"))
    counted = {
        group.name: {v.option.value: v.count for v in [*group.shown, *group.hidden]}
        for group in chosen.links.facets
    }
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
    assert counted["addressee"] == {
        "g7-governments": 2,
        "companies": 2,
        "educational-institutions": 2,
    }
    assert (counted["source"], counted["year"], counted["issuer"]) == (
        {"PARIS-2025": 3},
        {"2025": 3},
        {"tech7": 3},
    )


def test_every_facet_count_is_what_choosing_the_value_gives():
    make_published(make_source())
    queries = [
        "",
        "theme=skills",
        "tag=education&theme=smes",
        "q=sample",
        "year=2020",
        "issuer=tech7&q=ai",
    ]
    for query in queries:
        chosen = read_selection(QueryDict(query))
        for group in chosen.links.facets:
            alone = {
                name: values for name, values in chosen.links.chosen.items() if name != group.name
            }
            for value in [*group.shown, *group.hidden]:
                url = chosen.url(changes=alone | {group.name: [value.option.value]})
                url = url.partition("?")[2]
                assert read_selection(QueryDict(url)).count == value.count, (
                    query,
                    group.name,
                    value.option,
                )


def test_a_facet_links_to_the_selection_with_its_value_added_or_taken_back():
    chosen = read_selection(QueryDict("theme=skills&sort=code&page=1"))
    theme = {value.option.value: value for value in chosen.links.facets[0].shown}
    assert theme["skills"].selected
    assert theme["skills"].url == "/recommendations/?sort=code"
    assert theme["smes"].url == "/recommendations/?theme=skills&theme=smes&sort=code"


def test_chips_name_each_filter_in_use_and_the_address_without_it():
    chosen = read_selection(QueryDict("q=AI&theme=skills&theme=smes&sort=relevance"))
    assert [(chip.label, chip.url) for chip in chosen.links.in_use] == [
        ("“AI”", "/recommendations/?theme=skills&theme=smes"),
        ("Skills & workforce", "/recommendations/?q=AI&theme=smes&sort=relevance"),
        ("SMEs & AI adoption", "/recommendations/?q=AI&theme=skills&sort=relevance"),
    ]


def test_an_empty_result_says_what_relaxing_each_filter_gives():
    chosen = read_selection(QueryDict("q=curricula&theme=smes"))
    assert chosen.count == 0
    assert [(r.label, r.count, r.url) for r in chosen.links.relaxations] == [
        ("“curricula”", 2, "/recommendations/?theme=smes"),
        ("SMEs & AI adoption", 1, "/recommendations/?q=curricula"),
    ]


@pytest.mark.parametrize(
    ("query", "message", "advice", "url"),
    [
        (
            "themes=skills",
            "There is no filter “themes”.",
            "Use theme",
            "/recommendations/?theme=skills",
        ),
        (
            "utm_source=x",
            "There is no filter “utm_source”.",
            "Continue without it",
            "/recommendations/",
        ),
        (
            "zzz=1&theme=smes",
            "There is no filter “zzz”.",
            "Continue without it",
            "/recommendations/?theme=smes",
        ),
        (
            "theme=skils",
            "There is no theme “skils”.",
            "Use Skills & workforce",
            "/recommendations/?theme=skills",
        ),
        ("theme=", "There is no theme “”.", "Continue without it", "/recommendations/"),
        ("theme=1", "There is no theme “1”.", "Continue without it", "/recommendations/"),
        (
            "tag=Education",
            "There is no tag “Education”.",
            "Use Education",
            "/recommendations/?tag=education",
        ),
        ("year=20250", "There is no year “20250”.", "Use 2025", "/recommendations/?year=2025"),
        (
            "source=paris-2025",
            "There is no source “paris-2025”.",
            "Use Paris AI Action Summit 2025",
            None,
        ),
        ("page=2", "There is no page 2: the last is 1.", "Go to page 1", "/recommendations/"),
        ("page=0", "“0” is not a page number.", "Go to the first page", "/recommendations/"),
        ("page=x", "“x” is not a page number.", "Go to the first page", "/recommendations/"),
        (
            "page=99999999999999999999",
            "“99999999999999999999” is not a page number.",
            "Go to the first page",
            None,
        ),
        ("page=٣", "“٣” is not a page number.", "Go to the first page", None),
        ("page=", "“” is not a page number.", "Go to the first page", None),
        ("sort=best", "There is no order “best”.", "Use the default order", "/recommendations/"),
        (
            "sort=relevance",
            "Best match needs a search.",
            "Use the default order",
            "/recommendations/",
        ),
        ("q=a&q=b", "“q” is given 2 times.", "Use the first one", "/recommendations/?q=a"),
        (
            "q=%00",
            "Search with at most 1000 characters, without control characters.",
            "Continue without the search",
            None,
        ),
        (
            f"q={'a' * 1001}",
            "Search with at most 1000 characters, without control characters.",
            "Continue without the search",
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
    [
        "themes=skills",
        "theme=skils&tag=educaton&x=y",
        "page=0&theme=nonsense",
        "q=a&q=b&sort=x",
        "thme=zzz",
        "pages=2",
    ],
)
def test_the_way_on_works_however_much_was_wrong(query):
    for _message, _advice, url in problems(query):
        assert read_selection(QueryDict(url.partition("?")[2])).page is not None


def test_of_very_many_faults_the_first_are_named_and_all_are_mended():
    names = ("tag", "theme", "addressee")
    found = problems(
        "q=skills&" + "&".join(f"{name}=educatiom{n}" for name in names for n in range(10))
    )
    assert len(found) == 21
    assert found[-1][:2] == ("There are 10 more problems.", "Correct all of them")
    (url,) = {url for _message, _advice, url in found}
    assert "educatiom" not in url


def test_a_query_of_more_values_than_anybody_chooses_is_refused_before_any_is_read():
    ((message, advice, url),) = problems("&".join(f"tag=x{number}" for number in range(11)))
    assert message == "“tag” has 11 values; at most 10 are read."
    assert advice == "Continue with the first of them"
    assert url.endswith("tag=x8&tag=x9")
    ((message, _advice, _url),) = problems("&".join(f"x{number}=1" for number in range(31)))
    assert message == "The link has 31 settings; at most 30 are read."


def test_values_that_only_drafts_have_are_unknown():
    make_published(make_source())
    make_proposal(make_source("HIDDEN-2019"), title="Sample hidden draft", tags=["Canary"])
    for query in ("source=HIDDEN-2019", "tag=canary", "q=canary&tag=canary"):
        assert "There is no" in problems(query)[0][0]


def test_a_value_that_readers_once_saw_stays_good_when_its_last_entry_loses_it(client):
    entry = make_published(make_source())
    entry.tags.add("Sample rare tag")
    entry.addressees.add(Organisation.objects.create(slug="sample-city", name="Sample city"))
    republish(entry, "Sample.")
    entry.tags.clear()
    entry.addressees.clear()
    republish(entry, "Sample.")
    make_proposal(entry.source, tags=["Sample hidden tag"])
    for query, label in (
        ("tag=sample-rare-tag", "Sample rare tag"),
        ("addressee=sample-city", "Sample city"),
    ):
        answer = client.get(f"/recommendations/?{query}")
        assert (answer.status_code, answer.context["selection"].count) == (200, 0)
        assert [chip.label for chip in answer.context["links"].in_use] == [label]
        assert client.get(f"/recommendations.csv?{query}").status_code == 200
    assert client.get("/recommendations/?tag=sample-hidden-tag").status_code == 400


def test_a_year_and_an_issuer_that_readers_saw_stay_good_when_they_are_corrected(client):
    city, council = (
        Organisation.objects.create(slug=name, name=f"Sample {name}")
        for name in ("city", "council")
    )
    shown, hidden = (
        make_source("SHOWN-1991", issued_on=date(1991, 5, 1)),
        make_source("HIDDEN-1992"),
    )
    make_published(shown)
    for source, day, issuer in (
        (shown, date(1993, 5, 1), city),
        (hidden, date(1992, 5, 1), council),
    ):
        source.issuers.set([issuer])
        with recorded("rosa", "change", source):
            source.issued_on = day
            source.issuers.set([Organisation.objects.get(slug="tech7")])
            source.save()
    city.delete()
    for query, status in (
        ("year=1991", 200),
        ("issuer=city", 200),
        ("year=2020", 400),
        ("issuer=council", 400),
    ):
        answer = client.get(f"/recommendations.json?{query}")
        assert (answer.status_code, answer.json().get("count")) == (
            status,
            0 if status == 200 else None,
        )
    assert [
        chip.label for chip in read_selection(QueryDict("issuer=city&year=1991")).links.in_use
    ] == [
        "1991",
        "city",
    ]


def test_a_search_of_too_many_words_says_that_the_rest_is_left_out(client):
    page = client.get("/recommendations/", {"q": "skills " * 65}).content.decode()
    assert (
        "A search takes 64 words, 8 of them with a star. What came after them was left out." in page
    )
    assert "was left out" not in client.get("/recommendations/?q=skills").content.decode()


def test_a_place_that_is_none_is_refused_whatever_copy_one_has(client):
    for headers in ({}, {"If-None-Match": "*"}):
        assert client.get("/recommendations.json?after=x", headers=headers).status_code == 400


def test_scripts_of_other_sites_may_follow_a_spelling_to_its_data(client):
    answer = client.get("/paris-2025.JSON")
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (301, "*")


def test_a_page_that_may_have_been_there_is_gone_and_one_that_never_was_is_wrong(client):
    entries = make_many(11)
    assert client.get("/recommendations/?page=3").status_code == 200
    for entry in entries:
        withdrawn(entry, "Sample.")
    gone, never = (client.get(f"/recommendations/?page={number}") for number in (3, 4))
    assert (gone.status_code, never.status_code) == (410, 400)
    assert "There is no page 3: the last is 1." in gone.content.decode()


def test_pages_say_where_they_are():
    make_many(24)
    chosen = read_selection(QueryDict("page=2"))
    page = chosen.page
    assert (page.start_index(), page.end_index(), page.paginator.count) == (11, 20, 34)
    assert chosen.codes == [f"MANY-2021-{number}" for number in range(1, 11)]


def test_a_search_sorts_by_best_match_unless_told_otherwise():
    found = [entry.code for entry in read_selection(QueryDict("q=standards")).entries()]
    assert set(found) == {"PARIS-2025-1", "PARIS-2025-8"}
    assert read_selection(QueryDict("q=standards")).results.sort == "relevance"
    assert read_selection(QueryDict("q=standards&sort=newest")).results.sort == "newest"


@pytest.mark.parametrize(
    ("query", "most", "found", "order", "is_too_wide"),
    [
        ("q=skills", 3, "6 4 5", "relevance", False),
        ("q=skills", 2, "4 5 6", "newest", True),
        ("q=skills&sort=relevance", 2, "4 5 6", "newest", True),
        ("q=skills&sort=newest", 2, "4 5 6", "newest", False),
        ("q=skills&sort=code", 2, "4 5 6", "code", False),
        ("q=digital&theme=skills", 3, "4 6 5", "relevance", False),  # of 4 that the search finds
        ("q=digital&theme=skills", 2, "4 5 6", "newest", True),
        ("theme=skills", 2, "4 5 6", "newest", False),
    ],
)
def test_a_search_that_leaves_too_many_to_rank_is_newest_first(
    monkeypatch, query, most, found, order, is_too_wide
):
    monkeypatch.setattr(result_pages, "MOST_RANKED", most)
    chosen = read_selection(QueryDict(query))
    assert codes(query) == found.split()
    assert chosen.results.order == order
    assert chosen.results.is_too_wide == is_too_wide


def test_the_page_says_why_a_wide_search_is_newest_first_and_what_to_do(client, monkeypatch):
    def said(query: str) -> tuple[list[str], list[str]]:
        page = client.get(f"/recommendations/?{query}").content.decode()
        bar = page.partition('<header class="bar')[2].partition("</header>")[0]
        return re.findall(r'<p class="small" id="too-wide">(.+?)</p>', bar), re.findall(
            r'aria-current="true".+?>(.+?)<', bar
        )

    assert said("q=skills") == ([], ["Best match"])
    monkeypatch.setattr(result_pages, "MOST_RANKED", 2)
    why = (
        "More than 2 recommendations match, so the newest come first. "
        "Add one more word, or a filter, to see the best match first."
    )
    assert said("q=skills&theme=skills") == ([why], ["Newest"])
    assert said("q=skills&sort=newest&theme=skills") == ([], ["Newest"])
    assert said("q=skills+programmes&theme=skills")[0] == []
    assert said("theme=skills") == ([], [])  # of one declaration, which every order shows alike
    monkeypatch.setattr(result_pages.Results, "is_too_wide", True)
    monkeypatch.setattr(result_pages, "MOST_RANKED", 5000)
    assert said("q=skills+curricula")[0] == [why.replace("2", "5,000")]


def test_a_wide_search_is_newest_first_in_json_too(client, monkeypatch):
    monkeypatch.setattr(result_pages, "MOST_RANKED", 2)
    items = client.get("/recommendations.json?q=skills").json()["items"]
    assert [item["code"] for item in items] == ["PARIS-2025-4", "PARIS-2025-5", "PARIS-2025-6"]


def test_a_place_among_ranked_entries_is_none_once_they_are_too_many_to_rank(client, monkeypatch):
    monkeypatch.setattr(selections, "SLICE_SIZE", 1)
    address = client.get("/recommendations.json?q=skills").json()["next"]
    assert [item["code"] for item in client.get(address).json()["items"]] == ["PARIS-2025-4"]
    monkeypatch.setattr(result_pages, "MOST_RANKED", 2)
    response = client.get(address)
    assert (response.status_code, response.json()["problems"][0]["parameter"]) == (400, "after")


def test_a_search_is_ranked_with_one_statement_and_only_where_it_is_sorted_by_match(
    django_assert_num_queries,
):
    for query, asked in (("q=skills", 1), ("q=skills&sort=newest", 0), ("q=skills&sort=code", 0)):
        results = read_selection(QueryDict(query)).results
        with django_assert_num_queries(asked):
            assert (
                len(results[0:10])
                == len(results.keys)
                == len([results.sort_key(key) for key in results.keys])
                == 3
            )


def test_the_description_of_the_api_says_which_searches_are_newest_first():
    (sort,) = [
        each
        for each in describe()["paths"]["/recommendations.json"]["get"]["parameters"]
        if each["name"] == "sort"
    ]
    assert sort["description"] == (
        "The order: newest declaration first, or by code. A search is best match first "
        "(relevance), "
        "or newest first where more than 5,000 recommendations match."
    )


def test_the_selection_is_put_in_words():
    assert read_selection(QueryDict("")).description == "All recommendations"
    assert read_selection(QueryDict("q=ai&theme=skills")).description == "“ai”, Skills & workforce"


def test_a_facet_of_very_many_values_lists_the_most_frequent_and_those_chosen(monkeypatch):
    monkeypatch.setattr("recommendations.search.facet_links.MOST_VALUES", 8)
    tags = read_selection(QueryDict("tag=workplace")).links.facets[1]
    counts = [value.count for value in [*tags.shown, *tags.hidden]]
    assert (len(counts), tags.total > 8) == (8, True)
    assert tags.shown[0].option.value == "workplace"
    assert counts[1:] == sorted(counts[1:], reverse=True)


def test_a_value_of_a_facet_stands_on_the_page_as_it_is_called_and_runs_nothing(client):
    entry = make_published(make_source())
    entry.tags.add("""Sample <b>"a" & 'b'</b>""")
    republish(entry, "Sample publication.")
    tag = entry.tags.get(name__startswith="Sample <b>")
    page = client.get("/recommendations/").content.decode()
    assert ">Sample &lt;b&gt;&quot;a&quot; &amp; &#x27;b&#x27;&lt;/b&gt;</a>" in page
    assert "<b>" not in page
    assert f'href="/recommendations/?tag={tag.slug}"' in page


def test_a_facet_whose_values_count_everything_is_not_shown(client):
    page = client.get("/recommendations/").content.decode()
    assert re.findall("<h3>([A-Z][a-z ]+)</h3>", page) == ["Theme", "Tag", "Addressed to"]
    make_published(make_source())
    page = client.get("/recommendations/").content.decode()
    shown = re.findall("<h3>([A-Z][a-z ]+)</h3>", page)
    assert shown == ["Theme", "Tag", "Declaration", "Year", "Addressed to"]


def test_a_value_is_added_to_those_chosen_or_taken_back():
    tags = read_selection(QueryDict("tag=workplace&q=ai")).links.facets[1]
    values = {value.option.value: value.url for value in [*tags.shown, *tags.hidden]}
    assert values["workplace"] == "/recommendations/?q=ai"
    assert values["education"] == "/recommendations/?q=ai&tag=workplace&tag=education"


def test_the_pager_leaves_numbers_out_between_the_ends_and_the_page():
    def shown(number: int, entries: int) -> list:
        page = Paginator(range(entries), 1).page(number)
        return [each for each, _address in Pager(page, str).links]

    assert shown(1, 1) == [1]
    assert shown(2, 3) == [1, 2, 3]
    assert shown(1, 9) == [1, 2, "…", 9]
    assert shown(5, 9) == [1, "…", 4, 5, 6, "…", 9]
    assert shown(9, 9) == [1, "…", 8, 9]
