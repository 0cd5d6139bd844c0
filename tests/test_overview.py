"""The overview counts themes by declarations, and stays a page when there are very many of them."""

import re
from datetime import date

import pytest
from factories import make_published, make_source, republish

from recommendations.models import Theme
from recommendations.search import overview

pytestmark = pytest.mark.django_db


def test_it_counts_each_theme_of_each_declaration_and_all_of_them():
    entry = make_published(make_source("SAMPLE-2031", issued_on=date(2031, 5, 1)))
    entry.themes.add(Theme.objects.get(slug="smes"))
    republish(entry, "Sample correction.")
    matrix = overview.by_declaration()
    assert [source.code for source in matrix.sources] == ["SAMPLE-2031", "PARIS-2025"]
    counts = {
        row.theme.slug: ([cell.count for cell in row.cells], row.total) for row in matrix.rows
    }
    assert counts["skills"] == ([1, 3], 4)
    assert counts["smes"] == ([1, 2], 3)
    assert [cell.count for cell in matrix.totals] == [1, 10]
    assert (matrix.total, matrix.known) == (11, 2)


def test_it_counts_each_theme_of_each_addressee_even_of_one_declaration(client):
    matrix = overview.by_addressee()
    assert [(cell.column.label, cell.count) for cell in matrix.totals[:2]] == [
        ("G7 governments", 6),
        ("Companies", 3),
    ]
    skills = next(row for row in matrix.rows if row.theme.slug == "skills")
    assert [cell.count for cell in skills.cells[:3]] == [2, 2, 2]
    page = client.get("/overview/").text
    assert 'href="/recommendations/?theme=skills&amp;addressee=companies">2<' in page
    assert "By theme and declaration" not in page
    assert "<figure" not in page


def test_of_very_many_declarations_the_newest_are_shown_and_all_are_counted(client, monkeypatch):
    monkeypatch.setattr(overview, "MOST", 2)
    for year in (2030, 2029, 2031):
        make_published(make_source(f"SAMPLE-{year}", issued_on=date(year, 5, 1)))
    matrix = overview.by_declaration()
    assert [source.code for source in matrix.sources] == ["SAMPLE-2031", "SAMPLE-2030"]
    assert (matrix.total, matrix.known) == (13, 4)
    page = client.get("/overview/").content.decode()
    assert "These are the 2 newest of 4 declarations; “All” counts the others too." in page
    assert "SAMPLE-2029" not in page


def test_very_many_declarations_stand_on_pages(client, monkeypatch):
    monkeypatch.setattr("recommendations.views.declarations.PAGE_SIZE", 2)
    for year in (2020, 2021, 2022):
        make_published(make_source(f"SAMPLE-{year}", issued_on=date(year, 5, 1)))
    first, second = (
        client.get(f"/declarations/?page={number}").content.decode() for number in (1, 2)
    )
    codes = ["PARIS-2025", "SAMPLE-2022", "SAMPLE-2021", "SAMPLE-2020"]
    assert [f'id="{code}"' in first for code in codes] == [True, True, False, False]
    assert 'id="SAMPLE-2020"' in second
    assert 'href="/declarations/?page=2"' in first
    assert ("Works they cite" in first, "Works they cite" in second) == (True, False)
    assert '<link rel="canonical" href="http://127.0.0.1:8000/declarations/?page=2">' in second


@pytest.mark.parametrize("page", ["0", "3", "x", "", "-1", "１", "9" * 5000])
def test_a_page_of_declarations_that_is_none_says_so(client, page):
    response = client.get("/declarations/", {"page": page})
    assert response.status_code == 400
    assert 'href="/declarations/"' in response.content.decode()


def test_of_many_entries_that_cite_a_work_the_first_are_named(client, monkeypatch):
    monkeypatch.setattr("recommendations.views.declarations.CITING", 1)
    assert re.search(
        r">PARIS-2025-[0-9]+</a> and [1-9] more</p>", client.get("/declarations/").content.decode()
    )
