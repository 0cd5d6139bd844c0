"""The overview counts themes by declarations, and stays a page when there are very many of them."""

from datetime import date

import pytest
from factories import make_published, make_source

from recommendations import overview
from recommendations.models import Theme

pytestmark = pytest.mark.django_db


def test_it_counts_each_theme_of_each_declaration_and_all_of_them():
    entry = make_published(make_source("SAMPLE-2031", issued_on=date(2031, 5, 1)))
    entry.themes.add(Theme.objects.get(slug="smes"))
    entry.publish("Sample correction.")
    matrix = overview.matrix()
    assert [source.code for source in matrix.sources] == ["SAMPLE-2031", "PARIS-2025"]
    counts = {row.theme.slug: ([cell.count for cell in row.cells], row.total) for row in matrix.rows}
    assert counts["skills"] == ([1, 3], 4)
    assert counts["smes"] == ([1, 2], 3)
    assert [cell.count for cell in matrix.totals] == [1, 10]
    assert (matrix.total, matrix.declarations) == (11, 2)


def test_of_very_many_declarations_the_newest_are_shown_and_all_are_counted(client, monkeypatch):
    monkeypatch.setattr(overview, "MOST", 2)
    for year in (2030, 2029, 2031):
        make_published(make_source(f"SAMPLE-{year}", issued_on=date(year, 5, 1)))
    matrix = overview.matrix()
    assert [source.code for source in matrix.sources] == ["SAMPLE-2031", "SAMPLE-2030"]
    assert (matrix.total, matrix.declarations) == (13, 4)
    page = client.get("/overview/").content.decode()
    assert "These are the 2 newest of 4 declarations; “All” counts the others too." in page
    assert "SAMPLE-2029" not in page
