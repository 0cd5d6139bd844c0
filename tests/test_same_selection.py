"""One query selects the same entries in every format, however they are cut, sorted or asked for
again.
"""

import csv
import io
import json
import random
import re

import bibtexparser
import feedparser
import pytest
import rispy
from django.http import QueryDict
from django.urls import get_resolver
from factories import make_many, make_proposal, make_published, make_source, republish, withdrawn

from recommendations.formats import OPEN, RECOMMENDATIONS
from recommendations.models import Recommendation, Theme
from recommendations.search import results
from recommendations.search import selection as selections
from recommendations.search.filterset import RecommendationFilter
from recommendations.search.selection import read_selection

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SECRET = "Canary words that no reader may see."
WORDS = [
    "sample",
    "skills",
    '"sample action"',
    "action -governance",
    "educat*",
    "alpha1 or partnerships",
    "the",
]


def body(client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return (b"".join(response) if response.streaming else response.content).decode()


def in_html(client, query: str) -> list[str]:
    """Turn the pages to the last."""
    codes, url = [], f"/recommendations/{query}"
    while url:
        page = body(client, url)
        codes += re.findall(
            r'<a href="/([A-Z0-9-]+-[0-9]{4}-[0-9]+)"', page.split('class="entries"')[-1]
        )
        found = re.search(r'<link rel="next" href="([^"]+)"', page)
        url = found[1].replace("&amp;", "&") if found else ""
    return list(dict.fromkeys(codes))


def in_json(client, query: str) -> list[str]:
    """Follow `next` to the end."""
    codes, url = [], f"/recommendations.json{query}"
    while url:
        answer = json.loads(body(client, url))
        assert len(codes) <= answer["count"], "the walk does not end"
        codes += [item["code"] for item in answer["items"]]
        url = (answer["next"] or "").partition("8000")[2]
    assert len(codes) == answer["count"]
    return codes


def in_csv(client, query: str) -> list[str]:
    text = body(client, f"/recommendations.csv{query}").removeprefix("\ufeff")
    return [row["code"] for row in csv.DictReader(io.StringIO(text, newline=""))]


def in_bibtex(client, query: str) -> list[str]:
    library = bibtexparser.parse_string(body(client, f"/recommendations.bib{query}"))
    assert not library.failed_blocks
    return [entry.key for entry in library.entries]


def in_ris(client, query: str) -> list[str]:
    return [entry["id"] for entry in rispy.loads(body(client, f"/recommendations.ris{query}"))]


def in_atom(client, query: str) -> list[str]:
    feed = feedparser.parse(body(client, f"/recommendations.atom{query}"))
    assert not feed.bozo
    return [entry.id.rpartition("/")[2] for entry in feed.entries]


def in_json_feed(client, query: str) -> list[str]:
    items = json.loads(body(client, f"/recommendations.jsonfeed{query}"))["items"]
    return [item["id"].rpartition("/")[2] for item in items]


READERS = [in_html, in_json, in_csv, in_bibtex, in_ris, in_atom, in_json_feed]


def random_query(chance: random.Random, vocabulary: dict) -> str:
    params = QueryDict(mutable=True)
    for name in chance.sample(list(vocabulary), chance.choice([0, 1, 1, 2, 3])):
        values = [option.value for option in vocabulary[name]]
        params.setlist(name, chance.sample(values, min(len(values), chance.choice([1, 1, 2]))))
    if chance.random() < 0.4:
        params["q"] = chance.choice(WORDS)
    if chance.random() < 0.4:
        params["sort"] = chance.choice(
            ["newest", "code", *(["relevance"] if "q" in params else [])]
        )
    return f"?{params.urlencode()}" if params else ""


def test_15_random_selections_hold_the_same_entries_in_every_format(client, monkeypatch):
    monkeypatch.setattr(selections, "SLICE_SIZE", 15)
    monkeypatch.setattr(results, "CHUNK", 20)
    make_many(24)
    make_proposal(
        make_source(text=f"Sample opening. {SECRET}\n"), SECRET, title=SECRET, summary=SECRET
    )
    chance, vocabulary = random.Random(7), RecommendationFilter(QueryDict()).vocabulary
    sizes = set()
    for _ in range(15):
        query = random_query(chance, vocabulary)
        chosen = read_selection(QueryDict(query[1:]))
        expected = [entry.code for entry in chosen.entries()]
        sizes.add(len(expected))
        for read in READERS:
            found = read(client, query)
            assert sorted(found) == sorted(expected), (read.__name__, query)
            if "sort" in chosen.links.chosen or read not in (in_atom, in_json_feed):
                assert found == expected, (read.__name__, query)
    assert len(sizes) > 7


def test_a_draft_is_in_no_format_of_anything(client):
    make_proposal(
        make_source(text=f"Sample opening. {SECRET}\n"), SECRET, title=SECRET, summary=SECRET
    )
    for extension in RECOMMENDATIONS:
        for path in ("/recommendations", "/themes/skills"):
            text = body(client, f"{path}.{extension}")
            assert SECRET not in text
            assert "SAMPLE-2020-1" not in text


@pytest.mark.parametrize("sort", ["newest", "code", "relevance"])
def test_the_parts_of_json_are_the_whole_in_every_order(client, monkeypatch, sort):
    make_many(11)
    make_published(make_source(), title="Take sample action alpha1")
    for size in (1, 5, 12, 13):
        monkeypatch.setattr(selections, "SLICE_SIZE", size)
        whole = [
            entry.code for entry in read_selection(QueryDict(f"q=sample&sort={sort}")).entries()
        ]
        assert in_json(client, f"?q=sample&sort={sort}") == whole
    assert len(whole) == 12


def test_a_place_outlives_the_entry_it_was_made_from(client, monkeypatch):
    monkeypatch.setattr(selections, "SLICE_SIZE", 2)
    entries = make_many(4)
    first = client.get("/recommendations.json?source=MANY-2021").json()
    withdrawn(entries[1], "Sample reason.")
    second = client.get(first["next"]).json()
    assert [item["code"] for item in second["items"]] == ["MANY-2021-3", "MANY-2021-4"]
    assert (second["count"], second["next"]) == (3, None)


def test_a_place_fits_only_the_selection_it_was_made_for(client, monkeypatch):
    monkeypatch.setattr(selections, "SLICE_SIZE", 2)
    token = QueryDict(
        client.get("/recommendations.json?theme=skills").json()["next"].partition("?")[2]
    )["after"]
    wrong = [
        f"theme=skills&after=x{token}",
        f"after={token}",
        f"theme=skills&sort=code&after={token}",
    ]
    for query in [
        *wrong,
        "theme=skills&after=%00",
        "theme=skills&after=%F0%9F%98%80",
        f"after={'a' * 5000}",
    ]:
        response = client.get(f"/recommendations.json?{query}")
        assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
        (problem,) = response.json()["problems"]
        assert problem["parameter"] == "after"
        assert client.get(problem["url"]).status_code == 200


@pytest.mark.parametrize(
    "path",
    [f"/recommendations.{each}?page=2" for each in RECOMMENDATIONS],
)
def test_a_way_of_paging_that_a_format_does_not_have_is_refused(client, path):
    response = client.get(path)
    assert response.status_code == 400
    assert path.partition("?")[2].partition("=")[0] in response.content.decode()


def test_only_json_takes_a_place(client):
    for extension, representation in RECOMMENDATIONS.items():
        assert representation.paging == ("after" if extension == "json" else "")
        assert client.get(f"/recommendations.{extension}?after=x").status_code == 400


def test_a_theme_has_every_format_of_its_selection(client):
    theme = Theme.objects.get(slug="skills")
    for extension in RECOMMENDATIONS:
        assert body(client, f"/themes/skills.{extension}") == body(
            client, f"/recommendations.{extension}?theme=skills"
        )
    narrowed = client.get("/themes/skills.json?tag=education&sort=code").json()
    assert (
        narrowed["count"]
        == Recommendation.objects.filter(themes=theme, tags__slug="education").count()
    )
    refused = client.get("/themes/skills.json?theme=smes&tag=education")
    assert refused.status_code == 400
    assert refused.json()["problems"][0]["url"].endswith(
        "/recommendations.json?theme=skills&tag=education"
    )
    assert [
        client.get(f"/themes/{path}").status_code for path in ("nothing.json", "skills.xyz")
    ] == [404, 404]


def test_a_cell_that_a_spreadsheet_would_run_is_escaped_in_the_file(client):
    make_published(make_source(), title="=1+1", summary="@SUM(A1)")
    (row,) = csv.DictReader(
        io.StringIO(body(client, "/recommendations.csv?source=SAMPLE-2020").removeprefix("\ufeff"))
    )
    assert (row["title"], row["summary"]) == ("'=1+1", "'@SUM(A1)")


# --- Copies, links and who may read ----------------------------------------

ANSWERS = [f"/recommendations.{each}?theme=skills" for each in RECOMMENDATIONS]
ANSWERS += [
    "/themes/smes.csv",
    "/PARIS-2025-4.json",
    "/PARIS-2025-4.bib",
    "/PARIS-2025.txt",
    "/PARIS-2025.json",
]


@pytest.mark.parametrize("path", ANSWERS)
def test_a_copy_is_good_until_something_that_readers_see_changes(client, path):
    def ask(tag: str = ""):
        return client.get(path, headers={"If-None-Match": tag} if tag else {})

    first = ask()
    tag = first["ETag"]
    assert (first["Cache-Control"], first.get("Vary", "")) == (OPEN["Cache-Control"], "")
    again = ask(tag)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert again["Access-Control-Allow-Origin"] == "*"
    make_proposal(make_source())
    assert ask(tag).status_code in (
        200,
        304,
    )  # a declaration that only the desk sees may cost a copy
    tags = [tag]
    theme = Theme.objects.get(slug="skills")
    theme.label = "Skills, renamed"
    for change in (
        theme.save,
        lambda: republish(Recommendation.objects.get(code="PARIS-2025-4"), "Sample correction."),
        lambda: withdrawn(Recommendation.objects.get(code="PARIS-2025-5"), "Sample withdrawal."),
    ):
        change()
        answer = ask(tags[-1])
        assert answer.status_code == 200
        tags.append(answer["ETag"])
    assert len(set(tags)) == 4


def test_a_copy_is_proven_without_rendering(client, django_assert_num_queries):
    tag = client.get("/recommendations.csv?theme=skills")["ETag"]
    with django_assert_num_queries(2):
        client.get("/recommendations.csv?theme=skills", headers={"If-None-Match": tag})


def test_a_wrong_query_is_refused_whatever_copy_a_reader_has(client):
    assert (
        client.get("/recommendations.json?theme=x", headers={"If-None-Match": "*"}).status_code
        == 400
    )


@pytest.mark.parametrize(
    "path", [*ANSWERS, "/recommendations.json?theme=x", "/PARIS-2025-99.json", "/api/schema"]
)
def test_any_page_may_read_a_data_format(client, path):
    headers = client.get(path).headers
    assert (headers["Access-Control-Allow-Origin"], headers["Cross-Origin-Resource-Policy"]) == (
        "*",
        "cross-origin",
    )


def test_a_data_format_only_answers_reading_even_without_a_token(client):
    client.handler.enforce_csrf_checks = True
    for path in (*ANSWERS, "/api/schema"):
        response = client.post(path)
        assert (response.status_code, response["Allow"], response["Content-Type"]) == (
            405,
            "GET, HEAD",
            "application/problem+json",
        )


@pytest.mark.parametrize(
    "path",
    [
        "/recommendations/?q=ai&theme=skills&page=1",
        "/themes/skills",
        "/PARIS-2025-4",
        "/PARIS-2025",
    ],
)
def test_a_page_links_to_its_formats_in_head_and_markup(client, path):
    response = client.get(path)
    in_head = re.findall(r'<([^>]+)>; rel="alternate"', response["Link"])
    in_page = re.findall(r'<link rel="alternate" href="([^"]+)"', response.content.decode())
    assert set(in_head) <= {address.replace("&amp;", "&") for address in in_page}
    assert len(in_head) >= 4
    for address in in_head:
        assert client.get(address).status_code == 200


def test_a_format_links_back_to_its_page(client, settings):
    for path, page in {
        "/recommendations.csv?sort=code&theme=skills": "/recommendations/?theme=skills&sort=code",
        "/themes/skills.atom": "/recommendations/?theme=skills",
        "/PARIS-2025-4.csl.json": "/PARIS-2025-4",
        "/PARIS-2025.txt": "/PARIS-2025",
    }.items():
        assert f'<{settings.SITE_URL}{page}>; rel="canonical"' in client.get(path)["Link"]


def test_a_long_search_does_not_make_a_head_that_servers_refuse(client):
    response = client.get("/recommendations/", {"q": "é" * 900})
    assert (response.status_code, "Link" in response) == (200, False)


def test_a_search_is_not_listed_in_any_format(client):
    for extension in RECOMMENDATIONS:
        assert client.get(f"/recommendations.{extension}?q=ai")["X-Robots-Tag"] == "noindex"
        assert "X-Robots-Tag" not in client.get(f"/recommendations.{extension}?theme=skills")


def test_every_address_of_a_format_is_for_reading_only():
    for pattern in get_resolver("recommendations.urls").url_patterns:
        if pattern.name in ("export", "theme_as", "recommendation_as", "declaration_as", "schema"):
            assert pattern.callback.csrf_exempt
