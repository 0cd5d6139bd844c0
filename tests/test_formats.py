"""Every format of a recommendation, of a selection and of a declaration, from the Paris folder."""

import csv
import hashlib
import io
import json
import time
from datetime import UTC, datetime
from types import SimpleNamespace as Fake
from xml.etree import ElementTree

import pytest
from django.http import QueryDict
from django.test import override_settings
from factories import make_many, make_proposal, make_published, make_source, republish

from recommendations import formats as data_formats
from recommendations.formats import DECLARATION, RECOMMENDATION, RECOMMENDATIONS, atom, tables
from recommendations.models import Recommendation, Source
from recommendations.search import facets
from recommendations.search.selection import read_selection

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
SITE = "https://tech7.example"
SUMMARY = (
    "Digital fluency and AI skills should come first, by reskilling, professional training and "
    "specialised education."
)
QUOTE = (
    "We call for prioritising digital fluency and comprehensive workforce development through "
    "reskilling initiatives, "
    "professional training programs and specialised AI education."
)


@pytest.fixture(autouse=True)
def address():
    """Give the site an address that is nobody's."""
    with override_settings(SITE_URL=SITE):
        yield


def chosen(query: str = ""):
    return read_selection(QueryDict(query))


def fetch(group, extension: str, thing) -> str:
    """Return the text of an answer, streamed or not, exactly as sent."""
    return group[extension].response(thing).getvalue().decode()


def paris(number: int = 4) -> Recommendation:
    return Recommendation.objects.get(code=f"PARIS-2025-{number}")


# --- Types and names -------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "extension", "media_type", "disposition"),
    [
        ("one", "json", "application/json", 'inline; filename="PARIS-2025-4.json"'),
        (
            "one",
            "bib",
            "application/x-bibtex; charset=utf-8",
            'attachment; filename="PARIS-2025-4.bib"',
        ),
        (
            "one",
            "ris",
            "application/x-research-info-systems",
            'attachment; filename="PARIS-2025-4.ris"',
        ),
        (
            "one",
            "csl.json",
            "application/vnd.citationstyles.csl+json",
            'inline; filename="PARIS-2025-4.csl.json"',
        ),
        ("one", "txt", "text/plain; charset=utf-8", 'inline; filename="PARIS-2025-4.txt"'),
        ("many", "json", "application/json", 'inline; filename="tech7-recommendations.json"'),
        (
            "many",
            "csv",
            "text/csv; charset=utf-8; header=present",
            'attachment; filename="tech7-recommendations.csv"',
        ),
        (
            "many",
            "bib",
            "application/x-bibtex; charset=utf-8",
            'attachment; filename="tech7-recommendations.bib"',
        ),
        (
            "many",
            "ris",
            "application/x-research-info-systems",
            'attachment; filename="tech7-recommendations.ris"',
        ),
        (
            "many",
            "atom",
            "application/atom+xml; charset=utf-8",
            'inline; filename="tech7-recommendations.atom"',
        ),
        (
            "many",
            "jsonfeed",
            "application/feed+json",
            'inline; filename="tech7-recommendations.jsonfeed"',
        ),
        ("text", "txt", "text/plain; charset=utf-8", 'inline; filename="PARIS-2025.txt"'),
        ("text", "json", "application/json", 'inline; filename="PARIS-2025.json"'),
    ],
)
def test_media_type_and_file_name(group, extension, media_type, disposition):
    formats, thing = {
        "one": (RECOMMENDATION, paris),
        "many": (RECOMMENDATIONS, chosen),
        "text": (DECLARATION, lambda: Source.objects.get(code="PARIS-2025")),
    }[group]
    response = formats[extension].response(thing())
    assert (response.status_code, response["Content-Type"], response["Content-Disposition"]) == (
        200,
        media_type,
        disposition,
    )


def test_what_is_long_is_streamed():
    streamed = {
        name: RECOMMENDATIONS[name].response(chosen()).streaming for name in RECOMMENDATIONS
    }
    assert streamed == {
        "json": False,
        "csv": True,
        "bib": True,
        "ris": True,
        "atom": True,
        "jsonfeed": True,
    }


@pytest.mark.parametrize(
    "path", ["/recommendations.json", "/PARIS-2025-4.csl.json", "/nothing.RIS", "/a/b.atom"]
)
def test_a_path_that_asks_for_data_is_known(path):
    assert data_formats.is_data(path)


@pytest.mark.parametrize(
    "path", ["/", "/PARIS-2025-4", "/recommendations/", "/a.json/", "/json", "/picture.svg"]
)
def test_a_path_that_asks_for_a_page_is_known(path):
    assert not data_formats.is_data(path)


# --- JSON ------------------------------------------------------------------


def test_json_of_a_recommendation():
    entry = paris()
    version = entry.versions.get()
    found = json.loads(fetch(RECOMMENDATION, "json", entry))
    passage = found.pop("passages")
    published, updated = found.pop("published_at"), found.pop("updated_at")
    assert datetime.fromisoformat(published) == entry.published_at.replace(microsecond=0)
    assert datetime.fromisoformat(updated) == version.published_at.replace(microsecond=0)
    assert (published[-1], updated[-1]) == ("Z", "Z")
    assert [part.pop("quote") for part in passage] == [QUOTE]
    assert passage[0]["paragraph"] == 7
    assert entry.source.text[passage[0]["start"] : passage[0]["end"]] == QUOTE
    assert sorted(passage[0]) == [
        "end",
        "paragraph",
        "prefix",
        "start",
        "suffix",
        "text",
        "text_sha256",
    ]
    assert (passage[0]["text"], passage[0]["text_sha256"]) == (1, entry.source.sha256)
    assert found == {
        "code": "PARIS-2025-4",
        "url": f"{SITE}/PARIS-2025-4",
        "version": 1,
        "title": "Prioritise digital fluency and workforce development",
        "quote": QUOTE,
        "summary": SUMMARY,
        "source": {
            "code": "PARIS-2025",
            "title": "TECH7’s key recommendations for the Paris AI Action Summit",
            "issued_on": "2025-02-07",
            "url": "https://www.digitaleurope.org/resources/tech7s-key-recommendations-for-the-paris-ai-action-summit/",
            "page": f"{SITE}/PARIS-2025",
            "sha256": entry.source.sha256,
            "language": "en",
            "issuers": [{"slug": "tech7", "name": "TECH7"}],
        },
        "themes": [
            {"slug": "skills", "label": "Skills & workforce", "url": f"{SITE}/themes/skills"}
        ],
        "tags": [
            {"slug": slug, "name": name, "url": f"{SITE}/recommendations/?tag={slug}"}
            for slug, name in [
                ("digital-fluency", "Digital fluency"),
                ("education", "Education"),
                ("reskilling", "Reskilling"),
            ]
        ],
        "addressees": [
            {
                "slug": "g7-governments",
                "name": "G7 governments",
                "url": f"{SITE}/recommendations/?addressee=g7-governments",
            }
        ],
        "refers_to": [],
    }


def test_json_is_legible_and_keeps_its_accents():
    text = fetch(RECOMMENDATION, "json", paris())
    assert text.startswith('{\n  "code": "PARIS-2025-4",\n')
    assert "TECH7’s" in text


def test_json_names_the_works_that_a_passage_refers_to():
    works = json.loads(fetch(RECOMMENDATION, "json", paris(10)))["refers_to"]
    assert [work["code"] for work in works] == ["HIROSHIMA-CODE-2023", "OECD-AI-PRINCIPLES-2019"]
    assert works[1] == {
        "code": "OECD-AI-PRINCIPLES-2019",
        "title": "OECD AI Principles",
        "issued_on": "2019-05-22",
        "url": "https://oecd.ai/en/ai-principles",
        "note": "Paragraph 10 says that the code is built on them.",
    }


def test_json_of_a_selection_is_the_whole_result_under_its_own_address():
    found = json.loads(fetch(RECOMMENDATIONS, "json", chosen("theme=skills&sort=code")))
    assert (found["self"], found["count"]) == (
        f"{SITE}/recommendations.json?theme=skills&sort=code",
        3,
    )
    assert [item["code"] for item in found["items"]] == [
        "PARIS-2025-4",
        "PARIS-2025-5",
        "PARIS-2025-6",
    ]
    assert found["items"][0] == json.loads(fetch(RECOMMENDATION, "json", paris()))


def test_json_of_a_declaration_places_its_published_recommendations():
    source = Source.objects.get(code="PARIS-2025")
    make_proposal(source, "The TECH7 recognises this initiative", title="Secret draft")
    text = fetch(DECLARATION, "json", source)
    found = json.loads(text)
    assert "Secret draft" not in text
    assert hashlib.sha256(found["text"].encode()).hexdigest() == found["sha256"]
    codes = [entry["code"] for entry in found["recommendations"]]
    assert codes == list(source.recommendations.order_by("number").values_list("code", flat=True))
    places = [place for entry in found["recommendations"] for place in entry["passages"]]
    assert all(found["text"][place["start"] : place["end"]] == place["quote"] for place in places)
    assert [found["text"][start:end] for start, end in found["note_signs"]] == ["1", "2"]


# --- Text and citations ----------------------------------------------------


def test_the_text_of_a_declaration_is_the_stored_one_byte_for_byte(settings):
    stored = (settings.BASE_DIR / "fixtures" / "paris-2025" / "declaration.txt").read_bytes()
    assert DECLARATION["txt"].response(Source.objects.get(code="PARIS-2025")).content == stored


def test_the_text_of_a_recommendation_is_ready_to_paste():
    assert fetch(RECOMMENDATION, "txt", paris()) == (
        "PARIS-2025-4: Prioritise digital fluency and workforce development\n\n"
        f"“{QUOTE}”\n\n"
        "TECH7, TECH7’s key recommendations for the Paris AI Action Summit, declaration of 7 "
        "February 2025, "
        f"paragraph 7 (recommendation PARIS-2025-4, version 1). {SITE}/PARIS-2025-4/v/1\n"
    )


def test_citations_are_pinned_to_the_newest_version():
    entry = paris()
    republish(entry, "Sample second publication.")
    (record,) = json.loads(fetch(RECOMMENDATION, "csl.json", entry))
    assert (record["version"], record["URL"]) == ("2", f"{SITE}/PARIS-2025-4/v/2")
    assert f"url         = {{{SITE}/PARIS-2025-4/v/2}}" in fetch(RECOMMENDATION, "bib", entry)
    assert f"UR  - {SITE}/PARIS-2025-4/v/2\r\n" in fetch(RECOMMENDATION, "ris", entry)


def test_a_selection_in_bibtex_and_ris_holds_one_record_an_entry():
    entries = [paris(4), paris(5), paris(6)]
    query = "theme=skills&sort=code"
    bibtex, ris = (
        fetch(RECOMMENDATIONS, "bib", chosen(query)),
        fetch(RECOMMENDATIONS, "ris", chosen(query)),
    )
    assert bibtex == "".join(fetch(RECOMMENDATION, "bib", entry) + "\n" for entry in entries)
    assert ris == "".join(fetch(RECOMMENDATION, "ris", entry) + "\r\n" for entry in entries)


# --- CSV -------------------------------------------------------------------


def test_csv_opens_in_a_spreadsheet_with_its_accents():
    text = fetch(RECOMMENDATIONS, "csv", chosen("sort=code"))
    assert text.startswith("\ufeffcode,url,version,title,quote,")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert [row["code"] for row in rows] == list(
        Recommendation.objects.order_by("source__code", "number").values_list("code", flat=True)
    )
    row = next(row for row in rows if row["code"] == "PARIS-2025-5")
    assert row["addressees"] == "Companies; Educational institutions; G7 governments"
    assert row["source_title"] == "TECH7’s key recommendations for the Paris AI Action Summit"
    assert (row["paragraphs"], row["version"], row["issued_on"]) == ("7", "1", "2025-02-07")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_cell_that_a_spreadsheet_would_run_is_escaped(sign):
    assert tables.cell(f"{sign}SUM(A1)") == f"'{sign}SUM(A1)"


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        ("＝1+1", "'＝1+1"),
        ("\ufeff=1", "\ufeff'=1"),
        (" \u200b＠SUM(A1)", " \u200b'＠SUM(A1)"),
        ("\u202e-1", "\u202e'-1"),
        ("education; =1+1", "education; '=1+1"),
        ("a\t=1", "a\t'=1"),
        ("a\r\n+1;-1", "a\r\n'+1;'-1"),
        ("\t=1", "'\t'=1"),
    ],
)
def test_a_formula_is_stopped_behind_what_is_not_seen_and_behind_what_may_end_a_cell(value, seen):
    assert tables.cell(value) == seen


def test_a_cell_of_many_breaks_costs_no_more_than_its_length():
    began = time.process_time()
    assert tables.cell("a" + ";\n" * 200_000) == "a" + ";\n" * 200_000
    assert time.process_time() - began < 2


def test_a_cell_that_is_only_text_is_left_alone():
    values = ("a=b", "", None, 3, "’quoted’", "a; b", "a - b\nc")
    assert [tables.cell(value) for value in values] == [
        "a=b",
        "",
        "",
        "3",
        "’quoted’",
        "a; b",
        "a - b\nc",
    ]


def test_a_hostile_title_stays_in_its_cell():
    make_published(make_source(), title='=HYPERLINK("x"),\r\nPARIS-2025-99')
    text = fetch(RECOMMENDATIONS, "csv", chosen("source=SAMPLE-2020"))
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert row["title"] == '\'=HYPERLINK("x"),\r\nPARIS-2025-99'


# --- Atom ------------------------------------------------------------------


def test_atom_has_stable_ids_and_the_moment_of_the_newest_version():
    entry = paris()
    version = republish(entry, "Sample second publication.")
    feed = ElementTree.fromstring(fetch(RECOMMENDATIONS, "atom", chosen("theme=skills&sort=code")))
    own = f"{SITE}/recommendations.atom?theme=skills&sort=code"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {"alternate": f"{SITE}/recommendations/?theme=skills&sort=code", "self": own}
    assert (feed.findtext(f"{ATOM}id"), feed.findtext(f"{ATOM}title")) == (
        own,
        "TECH7 Recommendations: Skills & workforce",
    )
    assert datetime.fromisoformat(feed.findtext(f"{ATOM}updated")) == version.published_at
    items = feed.findall(f"{ATOM}entry")
    assert [item.findtext(f"{ATOM}id") for item in items] == [
        f"{SITE}/PARIS-2025-{number}" for number in (4, 5, 6)
    ]
    assert datetime.fromisoformat(items[0].findtext(f"{ATOM}updated")) == version.published_at
    assert datetime.fromisoformat(items[0].findtext(f"{ATOM}published")) == entry.published_at
    assert items[0].findtext(f"{ATOM}author/{ATOM}name") == "TECH7"
    assert items[0].findtext(f"{ATOM}summary") == (
        f'<blockquote lang="en"><p>{QUOTE}</p></blockquote><p>{SUMMARY}</p>'
    )
    terms = [category.get("term") for category in items[0].findall(f"{ATOM}category")]
    assert terms == ["Skills & workforce", "Digital fluency", "Education", "Reskilling"]


def test_an_empty_feed_says_the_same_whenever_it_is_read():
    feed = ElementTree.fromstring(fetch(RECOMMENDATIONS, "atom", chosen("q=zzzunheardof")))
    assert feed.findall(f"{ATOM}entry") == []
    assert datetime.fromisoformat(feed.findtext(f"{ATOM}updated")) == datetime(
        1970, 1, 1, tzinfo=UTC
    )


def test_markup_and_control_signs_cannot_break_a_feed():
    make_published(make_source(), title="<b>&\x07 ]]>", summary="<script>\x1b")
    feed = ElementTree.fromstring(fetch(RECOMMENDATIONS, "atom", chosen("source=SAMPLE-2020")))
    item = feed.find(f"{ATOM}entry")
    assert item.findtext(f"{ATOM}title") == "SAMPLE-2020-1: <b>& ]]>"
    assert item.findtext(f"{ATOM}summary").endswith("<p>&lt;script&gt;</p>")


def test_signs_that_no_xml_may_hold_are_left_out():
    assert atom.clean("a\x00\x0b\ufffe\ud800b\té日🙂") == "ab\té日🙂"


# --- What must never happen ------------------------------------------------


@pytest.mark.parametrize("extension", RECOMMENDATIONS)
def test_a_draft_is_in_no_format(extension):
    source = make_source()
    make_published(source, title="Published sample")
    make_proposal(source, "It closes sample text 1.", title="Secret draft")
    text = fetch(RECOMMENDATIONS, extension, chosen("source=SAMPLE-2020"))
    assert "SAMPLE-2020-1" in text
    assert not any(secret in text for secret in ("SAMPLE-2020-2", "Secret draft"))


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(
    ("extension", "queries"),
    [("json", 7), ("csv", 4), ("bib", 4), ("ris", 4), ("atom", 7), ("jsonfeed", 7)],
)
def test_the_number_of_queries_does_not_grow_with_the_rows(
    extension, queries, count, django_assert_num_queries
):
    make_many(count)
    whole = chosen("source=MANY-2021")
    facets.current()
    with django_assert_num_queries(queries):
        text = fetch(RECOMMENDATIONS, extension, whole)
    assert all(f"MANY-2021-{number}" in text for number in range(1, count + 1))


# --- Problems --------------------------------------------------------------


def test_a_problem_says_what_is_wrong_and_offers_the_nearest_query_in_the_same_format():
    wrong = Fake(
        parameter="theme",
        message="There is no theme “skils”.",
        advice="Use Skills",
        url="/recommendations/?theme=skills",
    )
    response = data_formats.problem(
        "/recommendations.json", 400, "The query cannot be answered", problems=[wrong]
    )
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert json.loads(response.content) == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "The query cannot be answered",
        "instance": "/recommendations.json",
        "problems": [
            {
                "parameter": "theme",
                "detail": "There is no theme “skils”.",
                "advice": "Use Skills",
                "url": f"{SITE}/recommendations.json?theme=skills",
            }
        ],
    }


def test_a_problem_says_why_an_entry_is_gone():
    response = data_formats.problem(
        "/PARIS-2025-4.bib", 410, "PARIS-2025-4 has been withdrawn", "It doubled another."
    )
    assert json.loads(response.content) == {
        "type": "about:blank",
        "title": "Gone",
        "status": 410,
        "detail": "PARIS-2025-4 has been withdrawn. It doubled another.",
        "instance": "/PARIS-2025-4.bib",
    }


@pytest.mark.parametrize("extension", ["bib", "ris"])
def test_an_entry_is_cited_alike_alone_and_among_others(client, extension):
    codes = list(Recommendation.objects.order_by("code").values_list("code", flat=True))
    alone = sorted(client.get(f"/{code}.{extension}").content.strip() for code in codes)
    together = client.get(f"/recommendations.{extension}?sort=code").getvalue()
    gap = b"\n\n" if extension == "bib" else b"\r\n\r\n"
    assert sorted(each.strip() for each in together.strip().split(gap)) == alone
