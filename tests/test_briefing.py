"""A briefing: the codes in an address become one page and two documents, and no code is dropped in
silence.
"""

import html
import re
import time
from io import BytesIO

import pytest
from django.conf import settings
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from factories import make_many, make_proposal, make_published, make_source, withdrawn
from markdown_it import MarkdownIt

from recommendations.formats.briefing import LIMIT
from recommendations.formats.markdown import escape, quoted
from recommendations.models import Recommendation, Version
from recommendations.search import facets

pytestmark = pytest.mark.django_db

FOUR, SEVEN = "PARIS-2025-4", "PARIS-2025-7"
TWO = f"/briefing?codes={FOUR},{SEVEN}"


def text(response) -> str:
    return response.content.decode()


def shown(response) -> list[str]:
    """The codes of the recommendations on a page, in order."""
    return re.findall(r'<article class="entry" id="([^"]+)">', text(response))


def links(response) -> dict[str, str]:
    """The addresses of a page's buttons by what they say."""
    found = re.findall(
        r'<a class="button small[^"]*" href="([^"]*)"[^>]*>(.*?)</a>', text(response)
    )
    return {re.sub("<[^>]+>", "", words): html.unescape(address) for address, words in found}


def test_a_page_has_the_recommendations_in_the_order_of_the_address(client):
    assert shown(client.get(TWO)) == [FOUR, SEVEN]
    assert shown(client.get(f"/briefing?codes={SEVEN},{FOUR}")) == [SEVEN, FOUR]


def test_each_recommendation_has_its_words_and_a_source_note_of_its_number(client):
    page = text(client.get(TWO))
    for number, code in enumerate([FOUR, SEVEN], start=1):
        entry = Recommendation.objects.get(code=code)
        assert (
            f'lang="en" cite="/PARIS-2025#{entry.number}"><p>{html.escape(entry.quote)}</p>' in page
        )
        note = re.search(rf'<li id="note-{number}">(.*?)</li>', page)[1]
        assert (
            f"paragraph {entry.passages[0].paragraph} (recommendation {code}, version 1)." in note
        )
        assert f'href="{settings.SITE_URL}/{code}/v/1"' in note


def test_links_order_the_recommendations_and_take_them_out(client):
    found = links(client.get(f"/briefing?codes={FOUR},PARIS-2025-99,{SEVEN}"))
    assert found[f"Move down {FOUR}"] == f"/briefing?codes={SEVEN},PARIS-2025-99,{FOUR}#{FOUR}"
    assert found[f"Move up {SEVEN}"] == f"/briefing?codes={SEVEN},PARIS-2025-99,{FOUR}#{SEVEN}"
    assert found[f"Remove {FOUR}"] == f"/briefing?codes=PARIS-2025-99,{SEVEN}"
    assert found["Remove PARIS-2025-99"] == TWO
    assert f"Move up {FOUR}" not in found
    assert f"Move down {SEVEN}" not in found


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("codes=paris-2025-4,Paris-2025-7", TWO),
        (f"codes={FOUR},{FOUR},{SEVEN}", TWO),
        (f"codes={FOUR}&codes={SEVEN}", TWO),
        (f"codes={FOUR}%20{SEVEN},,", TWO),
        (f"codes={FOUR}&add=paris-2025-7", f"{TWO}#{SEVEN}"),
        (f"codes={FOUR}&add=https://kb.example/paris-2025-7/v/1%23quote", f"{TWO}#{SEVEN}"),
        (f"add=https://kb.example/briefing?codes={FOUR}%252C{SEVEN}", f"{TWO}#{SEVEN}"),
        (f"add=https://kb.example/briefing?codes={FOUR},{SEVEN}", f"{TWO}#{SEVEN}"),
        (f"codes={FOUR},{SEVEN}&add=", TWO),
        (
            f"add={FOUR}&find=digital++skills",
            f"/briefing?codes={FOUR}&find=digital%20skills#{FOUR}",
        ),
        ("codes=&add=", "/briefing"),
    ],
)
def test_every_other_way_to_write_it_leads_to_the_one_address(client, query, place):
    response = client.get(f"/briefing?{query}")
    assert (response.status_code, response["Location"]) == (301, place)
    assert client.get(place.split("#")[0]).status_code == 200


def test_a_comma_may_come_back_encoded(client):
    assert shown(client.get(f"/briefing?codes={FOUR}%2C{SEVEN}")) == [FOUR, SEVEN]


def test_unknown_codes_and_what_is_no_code_are_named(client):
    response = client.get(f"/briefing?codes={FOUR},PARIS-2025-99,<B>NOPE</B>")
    assert response.status_code == 200
    assert shown(response) == [FOUR]
    assert "There is no recommendation PARIS-2025-99." in text(response)
    assert "There is no recommendation &lt;B&gt;NOPE&lt;/B&gt;." in text(response)


def test_of_very_many_odd_codes_the_first_are_named(client):
    odd = ",".join(f"%01{number}" for number in range(5000))
    response = client.get(f"/briefing?codes={FOUR},{odd}")
    assert response.status_code == 400
    assert "There are 4980 more problems." in text(response)
    assert len(response.content) < 3 * len(odd)


def test_a_withdrawn_recommendation_is_named_with_its_reason_and_what_replaces_it(client):
    source = make_source()
    entry, other = (
        make_published(source),
        make_published(source, "It closes sample text 1.", title="Use this sample"),
    )
    withdrawn(entry, "It repeated another sample.", other)
    page = client.get(f"/briefing?codes=SAMPLE-2020-1,{FOUR}")
    assert shown(page) == [FOUR]
    on = Recommendation.with_withdrawn.get(code="SAMPLE-2020-1").withdrawn_at
    said = f"SAMPLE-2020-1 was withdrawn on {on.day} {on:%B %Y}: It repeated another sample."
    assert said in text(page)
    assert 'href="/SAMPLE-2020-2">SAMPLE-2020-2 Use this sample</a>' in text(page)
    assert links(page)["Put SAMPLE-2020-2 in its place"] == f"/briefing?codes=SAMPLE-2020-2,{FOUR}"
    document = text(client.get(f"/briefing.md?codes=SAMPLE-2020-1,{FOUR}"))
    assert f"- {said} Use SAMPLE-2020-2 instead." in document
    assert "We call for sample action" not in document


def chain(count: int, *, is_alive: bool = True) -> list[Recommendation]:
    """Make pairs of withdrawn entries, the first of each replaced by the second, and that by an
    entry of its own.
    """
    entries = make_many(3 * count)
    for start in range(0, 3 * count, 3):
        first, second, third = entries[start : start + 3]
        withdrawn(first, "It repeated another sample.", second)
        withdrawn(second, "It repeated another sample.", third)
        if not is_alive:
            withdrawn(third, "It was no sample.")
    return entries[::3]


def test_the_end_of_a_chain_of_replacements_is_what_to_use_instead(client):
    chain(1)
    page = client.get(f"/briefing?codes=MANY-2021-1,{FOUR}")
    assert 'Use instead: <a href="/MANY-2021-3">MANY-2021-3 Take sample action 3</a>' in text(page)
    assert links(page)["Put MANY-2021-3 in its place"] == f"/briefing?codes=MANY-2021-3,{FOUR}"
    assert "It repeated another sample. Use MANY-2021-3 instead." in text(
        client.get("/briefing.md?codes=MANY-2021-1")
    )
    document = Document(BytesIO(client.get("/briefing.docx?codes=MANY-2021-1").content))
    assert document.paragraphs[-1].text.endswith(
        "It repeated another sample. Use MANY-2021-3 instead."
    )


def test_a_chain_that_ends_in_a_withdrawn_entry_offers_nothing_in_its_place(client):
    chain(1, is_alive=False)
    page = client.get(f"/briefing?codes=MANY-2021-1,{FOUR}")
    said = 'What came after was withdrawn as well: <a href="/MANY-2021-3">MANY-2021-3 Take sample action 3</a>'
    assert said in text(page)
    assert "Put MANY-2021-3 in its place" not in links(page)
    assert "instead" not in text(client.get("/briefing.md?codes=MANY-2021-1"))


@pytest.mark.parametrize("count", [1, 30])
def test_thirty_chains_are_followed_in_as_many_queries_as_one(
    client, django_assert_num_queries, count
):
    codes = ",".join(entry.code for entry in chain(count))
    facets.current()
    with django_assert_num_queries(12):
        assert client.get(f"/briefing?codes={codes}").status_code == 200


def test_a_draft_is_as_unknown_as_a_code_that_never_was(client):
    address = f"codes=SAMPLE-2020-1,{FOUR}"
    before = [client.get(f"/briefing{kind}?{address}").content for kind in ("", ".md")]
    make_proposal(make_source(), title="Canary words")
    assert [client.get(f"/briefing{kind}?{address}").content for kind in ("", ".md")] == before
    assert b"There is no recommendation SAMPLE-2020-1." in before[0]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            "codes=" + ",".join(f"X-2020-{n}" for n in range(1, LIMIT + 2)),
            "A briefing holds at most 100",
        ),
        ("codes=" + "A" * 71, f"“{'A' * 70}” is not a code."),
        ("codes=PARIS-2025-4%00", "“PARIS-2025-4\ufffd” is not a code."),
        ("find=a&find=b", "“find” is given more than once."),
        ("find=" + "a" * 1001, "Search with at most 1000 characters"),
    ],
)
def test_what_cannot_be_answered_is_400_with_a_way_on(client, query, message):
    response = client.get(f"/briefing?{query}")
    assert response.status_code == 400
    assert message in text(response)
    onward = html.unescape(re.search(r'<a href="(/briefing[^"]*)">', text(response))[1])
    assert client.get(onward).status_code == 200
    if "find" not in query:
        answer = client.get(f"/briefing.docx?{query}")
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_a_hundred_codes_are_not_too_many(client):
    assert (
        client.get(
            "/briefing?codes=" + ",".join(f"X-2020-{n}" for n in range(1, LIMIT + 1))
        ).status_code
        == 200
    )


def test_an_empty_briefing_explains_itself_and_has_no_document(client):
    page = client.get("/briefing")
    assert page.status_code == 200
    assert "Add recommendations here" in text(page)
    for kind in ("md", "docx"):
        answer = client.get(f"/briefing.{kind}")
        assert (answer.status_code, answer.json()["problems"][0]["detail"]) == (
            400,
            "The briefing is empty.",
        )
    assert client.get(f"/briefing.pdf?codes={FOUR}").status_code == 404


def test_a_search_offers_what_is_not_in_the_briefing_yet(client):
    page = text(client.get("/briefing?find=curricula"))
    assert re.findall('name="add" value="([^"]+)"', page) == ["PARIS-2025-5"]
    page = text(client.get("/briefing?codes=PARIS-2025-5&find=curricula"))
    assert "No other recommendation matches “curricula”." in page


def test_a_button_on_every_recommendation_starts_a_briefing(client):
    for path in (f"/{FOUR}", "/recommendations/", "/themes/skills"):
        form = re.search(
            rf'<form action="/briefing" data-briefing="{FOUR}">\s*<input type="hidden" name="add" value="{FOUR}">',
            text(client.get(path)),
        )
        assert form, path


def test_no_search_engine_lists_a_briefing(client):
    for path in (
        TWO,
        "/briefing",
        f"/briefing?add={FOUR}",
        f"/briefing.md?codes={FOUR}",
    ):
        assert client.get(path)["X-Robots-Tag"] == "noindex", path
    assert 'name="robots" content="noindex"' in text(client.get(TWO))
    assert "Disallow: /briefing\n" in text(client.get("/robots.txt"))


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(("kind", "queries"), [("", 10), (".md", 10), (".docx", 10)])
def test_thirty_take_as_many_queries_as_one(
    client, django_assert_num_queries, count, kind, queries
):
    codes = ",".join(entry.code for entry in make_many(count))
    facets.current()
    with django_assert_num_queries(queries):
        assert client.get(f"/briefing{kind}?codes={codes}").status_code == 200


def plain(rendered: str) -> str:
    """The words of rendered Markdown, with the line breaks that were asked for."""
    return html.unescape(re.sub("<[^>]+>", "", rendered))


HARD = [
    "1. Not a list *and* _no_ emphasis",
    "# no heading #",
    "- no item\n+ none\n= none\n12) none\n> no quote",
    "    no code\n\ttabs  \nend",
    r"a \ backslash, `code`, [a](b) ![c](d) <b>&amp; &copy;</b> a|b ~~c~~ $x$ --- *** ___",
    "First line\n\nthird line",
    "<https://a.example> https://b.example/_x_ ÉéüœŌ 日本語 😀",
    "---\n===\n```\n~~~",
    "|a|b|\n|-|-|\n|1|2|",
]


@pytest.mark.parametrize("words", HARD)
def test_words_in_markdown_come_back_exactly(words):
    rendered = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(quoted(words))
    assert rendered.startswith("<blockquote>\n<p>")
    assert (
        rendered.count("<")
        == rendered.replace("<br />", "").count("<") + words.count("\n")
        == 4 + words.count("\n")
    )
    assert plain(rendered.replace("<br />\n", "\n")).strip("\n") == words


@pytest.mark.parametrize("words", HARD)
def test_titles_in_markdown_come_back_on_one_line(words):
    rendered = (
        MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(f"## 1. {escape(words)}")
    )
    assert rendered.startswith("<h2>")
    assert rendered.count("<") == 2
    assert plain(rendered).strip("\n") == "1. " + re.sub(r"\s+", " ", words).strip()


def test_the_markdown_document_holds_the_quotes_and_pinned_notes(client):
    response = client.get(f"/briefing.md?codes={SEVEN},{FOUR}")
    assert response["Content-Type"] == "text/markdown; charset=utf-8; variant=CommonMark"
    assert response["Content-Disposition"] == 'attachment; filename="tech7-briefing.md"'
    rendered = MarkdownIt("commonmark").render(text(response))
    quotes = [
        plain(each).strip()
        for each in re.findall("<blockquote>(.*?)</blockquote>", rendered, re.DOTALL)
    ]
    assert quotes == [
        Recommendation.objects.get(code=code).passages[0].words for code in (SEVEN, FOUR)
    ]
    notes = re.findall(r"<p>\[\^([0-9])\]: .*?</p>", rendered)
    assert notes == ["1", "2"]
    assert re.findall(r"^\[\^[0-9]\]: .*<(.*)>$", text(response), re.MULTILINE) == [
        f"{settings.SITE_URL}/{SEVEN}/v/1",
        f"{settings.SITE_URL}/{FOUR}/v/1",
    ]
    assert [text(response).count(f"[^{number}]") for number in (1, 2)] == [2, 2]


def targets(part) -> list[str]:
    """The addresses that a part of a Word file links to."""
    return [each.target_ref for each in part.rels.values() if each.is_external]


def numbers(element, name: str) -> list[str]:
    """The numbers of the footnotes, or of the references to them, in an element."""
    return [each.get(qn("w:id")) for each in element.iter(qn(name))]


def test_the_word_document_has_styles_links_and_languages(client):
    words = "Nous appelons à l’œuvre & à “l’équité” – 日本語."
    source = make_source("LYON-2019", f"{words}\n", language="fr", title="Été à Lyon")
    make_published(source, words, title="Öffne <b> den Weg")
    response = client.get(f"/briefing.docx?codes=LYON-2019-1,{FOUR},PARIS-2025-99")
    assert response["Content-Disposition"] == 'attachment; filename="tech7-briefing.docx"'
    document = Document(BytesIO(response.content))
    styles = [(each.style.name, each.text) for each in document.paragraphs]
    assert styles[0] == ("Title", "Briefing")
    assert ("Heading 1", "1. Öffne <b> den Weg") in styles
    assert ("Quote", words) in styles
    assert ("Quote", Recommendation.objects.get(code=FOUR).passages[0].words) in styles
    assert ("List Bullet", "There is no recommendation PARIS-2025-99.") in styles
    spoken = [each.get(qn("w:val")) for each in document.element.iter(qn("w:lang"))]
    assert spoken == ["fr", "en"]
    assert next(document.styles.element.iter(qn("w:lang"))).get(qn("w:val")) == "en-GB"
    (footnotes,) = [
        each.target_part for each in document.part.rels.values() if "footnotes" in each.reltype
    ]
    assert f"{settings.SITE_URL}/{FOUR}" in targets(document.part)
    assert targets(footnotes) == [
        f"{settings.SITE_URL}/{code}/v/1" for code in ("LYON-2019-1", FOUR)
    ]
    assert numbers(document.element, "w:footnoteReference") == ["1", "2"]
    assert numbers(parse_xml(footnotes.blob), "w:footnote") == ["-1", "0", "1", "2"]
    latest = Version.objects.filter(recommendation__code="LYON-2019-1").get().published_at
    assert document.core_properties.created == latest.replace(microsecond=0)
    assert f", as of {latest.day} {latest:%B %Y}: " in styles[1][1]
    assert document.core_properties.title == "Briefing"
    assert document.core_properties.author == "TECH7 Recommendations"
    assert not [
        part.partname
        for part in document.part.package.iter_parts()
        if "vba" in str(part.partname).lower()
    ]


def test_signs_that_no_xml_holds_do_not_break_the_word_document(client):
    entry = make_published(make_source(), title="Sample\x0btitle\ufffe")
    assert client.get(f"/briefing.docx?codes={entry.code}").status_code == 200


def test_a_page_of_results_becomes_a_briefing_at_once(client):
    page = client.get("/recommendations/?theme=skills").content.decode()
    assert 'href="/briefing?codes=PARIS-2025-4,PARIS-2025-5,PARIS-2025-6"' in page
    assert "Put these 3 in a briefing" in page
    assert "in a briefing" not in client.get("/recommendations/?q=quantum").content.decode()


def test_the_same_briefing_is_the_same_file(client, monkeypatch):
    first = client.get(f"/briefing.docx?codes={FOUR}").content
    with monkeypatch.context() as later:
        later.setattr(time, "time", lambda: 2_000_000_000)
        assert client.get(f"/briefing.docx?codes={FOUR}").content == first


def test_a_code_that_is_added_leads_to_its_place_also_where_it_cannot_be_shown(client):
    withdrawn(Recommendation.objects.get(code=FOUR), "Sample.")
    for code in (FOUR, SEVEN, "SAMPLE-1999-1"):
        response = client.get(f"/briefing?add={code}")
        assert response["Location"] == f"/briefing?codes={code}#{code}"
        assert f'id="{code}"' in text(client.get(response["Location"]))
