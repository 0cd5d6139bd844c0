"""The trial of markup in every field runs, finds nothing, and tells of words that became more than
words.
"""

import pytest
from django.template import engines

from recommendations.formats import tables
from tests.trials.parts.desk import Answer
from tests.trials.parts.looking import Looking, became, columns, faults_of, formulas
from tests.trials.parts.markup import LONGEST, MARK, PAYLOADS, marked
from tests.trials.parts.readers import as_xml

PAGE = '<main><p title="{{ words }}">{{ words }}</p><textarea>{{ words }}</textarea></main>'
OWN = "http://127.0.0.1:8000"


def rendered(page: str, words: str) -> str:
    return engines["django"].from_string(page).render({"words": words})


@pytest.mark.parametrize("words", PAYLOADS)
def test_words_that_are_escaped_are_words_and_any_that_are_not_are_told_of(words):
    assert list(became(rendered(PAGE, marked(words)))) == []
    for place in range(3):
        before, after = (
            PAGE.split("{{ words }}")[: place + 1],
            PAGE.split("{{ words }}")[place + 1 :],
        )
        planted = "{{ words }}".join(before) + "{{ words|safe }}" + "{{ words }}".join(after)
        assert list(became(rendered(planted, marked(words)))) != []


def test_no_payload_is_longer_than_its_field():
    assert max(len(marked(each)) for each in PAYLOADS) == LONGEST
    assert {len(marked(each, 70)) <= 70 for each in PAYLOADS} == {True}


@pytest.mark.parametrize(
    "planted",
    [
        '<a href=" JaVaScript:ran=1">Sample</a>',
        '<img src="//hostile.invalid/16">',
        '<p data-name="sample" x"y="">Sample</p>',
        "<p onclick=x()>Sample</p>",
        "<script>ran=1</script>",
        '<script type="application/ld+json">{"name": "Sample</script>',
        '<base href="/">',
        '<meta http-equiv="Refresh" content="0;/">',
    ],
)
def test_what_would_run_or_lead_away_is_told_of(planted):
    assert len(list(became(f"<main>{planted}</main>"))) == 1


def test_an_answer_to_a_form_is_looked_through_like_any_page(monkeypatch):
    headers = {"content-type": "text/html; charset=utf-8"}
    answer = Answer(409, headers, f"<dd>{MARK}</dd>".encode())
    monkeypatch.setattr("tests.trials.parts.desk.Desk.request", lambda *args, **more: answer)
    somebody = Looking(8000)
    somebody.post("/admin/recommendations/source/1/review/2/", [])
    assert somebody.faults[0].startswith(
        "POST /admin/recommendations/source/1/review/2/ (409): not escaped"
    )


@pytest.mark.parametrize(
    "address",
    ["https://hostile.invalid/", "//hostile.invalid/", "/\\hostile.invalid", "javascript:x"],
)
def test_an_answer_that_leads_away_is_told_of(address):
    assert len(list(faults_of(Answer(302, {"location": address}, b""), OWN))) == 1


@pytest.mark.parametrize(
    "address", ["/admin/", f"{OWN}/accounts/", "/recommendations/?q=a:b", "?q=https://a", "#a:b"]
)
def test_an_answer_that_leads_on_within_the_site_is_none(address):
    assert list(faults_of(Answer(302, {"location": address}, b""), OWN)) == []


def test_a_frame_whose_title_breaks_out_is_told_of():
    broken = '<oembed><html>&lt;iframe title="Sample"planted &lt;b planted&gt;"&gt;&lt;/iframe&gt;</html></oembed>'
    assert as_xml(broken.encode()) != []
    assert (
        as_xml(b"<oembed><html>&lt;iframe title='Sample'&gt;&lt;/iframe&gt;</html></oembed>") == []
    )


@pytest.mark.parametrize("words", ["=1+1", "\uff1d1+1", "Sample; =1+1", "\u200b=1"])
def test_a_formula_in_a_table_is_told_of_in_every_width_and_place(words):
    assert formulas(f'code,title\r\nSAMPLE-2025-1,"{words}"\r\n'.encode()) != []
    assert formulas(f'code,title\r\nSAMPLE-2025-1,"{tables.cell(words)}"\r\n'.encode()) == []


@pytest.mark.parametrize("name", tables.COLUMNS)
def test_a_column_whose_cells_are_not_made_safe_is_told_of(monkeypatch, name):
    """Only a moment can never be unsafe: it begins with a figure."""
    assert list(columns()) == []
    column = tables.COLUMNS[name]
    monkeypatch.setattr(
        tables,
        "cell",
        lambda value, cell=tables.cell: value if isinstance(value, Bare) else cell(value),
    )
    monkeypatch.setitem(tables.COLUMNS, name, lambda row: Bare(column(row)))
    is_moment = name in ("issued_on", "published_at", "updated_at")
    assert bool(list(columns())) == (not is_moment)


class Bare(str):
    """A cell that is written as it is."""

    __slots__ = ()
