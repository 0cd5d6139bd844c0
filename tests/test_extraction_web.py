"""What is read from a web page: its visible blocks in order, the article kept, the rest with a
reason.
"""

from datetime import date

import pytest
from extraction_samples import page, prose

from recommendations.ingest.extract import Unreadable, compose
from recommendations.ingest.extract.readers import read

ARTICLE = (
    "<article><h1>Sample declaration of "
    f"associations</h1><p>{prose(1)}</p><p>{prose(2)}</p></article>"
)


def web(body: str, head: str = ""):
    return read(page(body, head), "page.html")


def kept(document):
    return [(piece.kind, piece.text) for piece in document.pieces if piece.kept]


def off(document):
    return {piece.text: piece.reason for piece in document.pieces if not piece.kept}


def inside(markup: str):
    """Return what is kept of markup that stands between two paragraphs of an article."""
    document = web(f"<article><p>{prose(1)}</p>{markup}<p>{prose(2)}</p></article>")
    return kept(document)[1:-1]


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<nav><a>Sample place</a></nav>", "navigation"),
        ("<header><p>Sample place</p></header>", "page header"),
        ("<footer><p>Sample place</p></footer>", "page footer"),
        ("<aside><p>Sample place</p></aside>", "sidebar"),
        ("<form><p>Sample place</p></form>", "form"),
        ("<dialog open><p>Sample place</p></dialog>", "pop-up"),
        ("<button>Sample place</button>", "button"),
        ("<div role='complementary'>Sample place</div>", "sidebar"),
        ("<div id='cookie-banner'>Sample place</div>", "cookie notice"),
        ("<div class='cookie'>Sample place</div>", "cookie notice"),
        ("<div class='box related-posts'>Sample place</div>", "related publications"),
        ("<div class='social'>Sample place</div>", "share, follow or subscribe"),
        ("<div>Sample place</div>", "outside the article"),
    ],
)
def test_what_stands_outside_the_article_is_a_piece_with_a_reason(markup, reason):
    document = web(ARTICLE + markup)
    assert off(document) == {"Sample declaration of associations": "title", "Sample place": reason}
    assert kept(document) == [("paragraph", prose(1)), ("paragraph", prose(2))]


def test_a_page_that_is_one_form_or_named_like_furniture_is_read_all_the_same():
    document = web(f"<form><div class='sidebar'>{ARTICLE}</div></form>")
    assert kept(document) == [("paragraph", prose(1)), ("paragraph", prose(2))]


@pytest.mark.parametrize(
    "markup",
    [
        "<script>Sample</script>",
        "<style>Sample</style>",
        "<p hidden>Sample</p>",
        "<p style='color: red; display : none'>Sample</p>",
        "<p aria-hidden='true'>Sample</p>",
        "<span class='sr-only'>Sample</span>",
        "<template><p>Sample</p></template>",
        "<noscript><p>Sample</p></noscript>",
        "<!-- Sample -->",
        "<select><option>Sample</option></select>",
    ],
)
def test_what_a_reader_does_not_see_is_no_piece(markup):
    assert "Sample" not in [piece.text for piece in web(f"{ARTICLE}{markup}").pieces]


@pytest.mark.parametrize(
    ("markup", "pieces"),
    [
        ("<h2>A <em>sample</em> heading</h2>", [("heading", "A sample heading")]),
        ("<ul><li>One<ul><li>Two</li></ul></li></ul>", [("bullet", "One"), ("bullet", "Two")]),
        (
            "<ul><li><p>One</p><p>More of it</p></li></ul>",
            [("bullet", "One"), ("paragraph", "More of it")],
        ),
        ("<ol><li>One<li>Two</ol>", [("numbered", "1. One"), ("numbered", "2. Two")]),
        (
            "<ol start=3 type=a><li>One<li value=7>Two</ol>",
            [("numbered", "c. One"), ("numbered", "g. Two")],
        ),
        (
            "<ol type=I reversed><li>One<li>Two</ol>",
            [("numbered", "II. One"), ("numbered", "I. Two")],
        ),
        (
            "<dl><dt>Sample</dt><dd>A made-up thing</dd></dl>",
            [("paragraph", "Sample"), ("paragraph", "A made-up thing")],
        ),
        (
            "<table><caption>Aims</caption><tr><th>Aim</th><th>Year</th></tr><tr><td><p>One</p></td><td>2030</td></tr></table>",
            [("paragraph", "Aims"), ("paragraph", "Aim | Year"), ("paragraph", "One | 2030")],
        ),
        ("<p>• One<br>• Two</p>", [("bullet", "One"), ("bullet", "Two")]),
        (
            "<figure><img alt='no'><figcaption>A caption</figcaption></figure>",
            [("paragraph", "A caption")],
        ),
        ("<p>so <b>bold</b>ly &amp; plainly</p>", [("paragraph", "so boldly & plainly")]),
    ],
)
def test_blocks_become_pieces(markup, pieces):
    assert inside(markup) == pieces


def test_a_line_break_is_tight_and_two_are_a_new_paragraph():
    document = web(
        f"<article><p>{prose(1)}</p><p>One sample line.<br>Another one.<br><br>A "
        f"third.</p><p>{prose(2)}</p></article>"
    )
    assert (
        compose(document.pieces)[0]
        == f"{prose(1)}\n\nOne sample line.\nAnother one.\n\nA third.\n\n{prose(2)}\n"
    )


def test_lines_in_a_table_that_lays_out_a_page_are_paragraphs():
    document = web(
        f"<table><tr><td>News<br>Members</td><td><p>{prose(1)}<br><br>{prose(2)}</p><p>{prose(3)}</p></td></tr></table>"
    )
    assert [piece.text for piece in document.pieces] == [
        "News",
        "Members",
        prose(1),
        prose(2),
        prose(3),
    ]


@pytest.mark.parametrize(
    ("markup", "text", "signs"),
    [
        ("town<sup>1</sup> and", "town1 and", ["1"]),
        ("town<sup><a href='#fn1'>[1]</a></sup> and", "town[1] and", ["[1]"]),
        ("town<a href='#_ftn2'>[2]</a> and", "town[2] and", ["[2]"]),
        ("the TECH7<sup>1</sup> and", "the TECH71 and", ["1"]),
        ("town<sup>*</sup>.", "town*.", ["*"]),
        ("in 2023<sup>4</sup> and", "in 20234 and", ["4"]),
        (
            "the 2<sup>nd</sup> of 5 km<sup>2</sup> and 10<sup>9</sup>",
            "the 2nd of 5 km2 and 109",
            [],
        ),
        ("CO<sub>2</sub> and <a href='/x'>2</a>", "CO2 and 2", []),
    ],
)
def test_raised_footnote_signs_are_signs_and_powers_are_not(markup, text, signs):
    piece = web(f"<article><p>{prose(1)}</p><p>{markup}</p><p>{prose(2)}</p></article>").pieces[1]
    assert (piece.text, [piece.text[start:end] for start, end in piece.markers]) == (
        text,
        signs,
    )


def test_footnotes_are_notes():
    document = web(
        f"<article><p>{prose(1)}</p><ol class='notes'><li id='fn1'>A sample note. <a "
        "href='#'>↩</a></li></ol></article>"
    )
    assert [
        (piece.kind, piece.text) for piece in document.pieces if piece.reason == "footnote"
    ] == [("note", "1. A sample note.")]


def test_title_date_and_address_come_from_the_page():
    head = (
        "<title>Sample declaration of associations – Sample Site</title>"
        "<meta property='article:published_time' content='2026-03-04T10:00:00Z'>"
        "<link rel='canonical' href='https://sample.example/declaration'>"
    )
    document = web(
        "<h1>Sample Site</h1><article><h2>Sample declaration of "
        f"associations</h2><p>{prose(1)}</p></article>",
        head,
    )
    assert document.title == "Sample declaration of associations"
    assert (document.issued_on, document.url) == (
        date(2026, 3, 4),
        "https://sample.example/declaration",
    )
    assert kept(document) == [("paragraph", prose(1))]


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ('<script type=\'application/ld+json\'>{"datePublished": "2026-03-04"}</script>', ""),
        ("<meta itemprop='datePublished' content='2026-03-04'>", ""),
        ("", "<time datetime='2026-03-04T00:00'>last week</time>"),
        ("", "<p>4 March 2026</p>"),
        ("", "<nav>" + "<a>Place</a><br>" * 99 + "</nav><div>4 March 2026</div>"),
    ],
)
def test_the_date_is_found_where_pages_keep_it(head, body):
    assert web(body + ARTICLE, head).issued_on == date(2026, 3, 4)


@pytest.mark.parametrize("href", ["/declaration", "javascript:alert(1)", "ftp://sample.example/"])
def test_an_address_that_is_no_web_address_is_not_proposed(href):
    assert web(ARTICLE, f"<link rel='canonical' href='{href}'>").url == ""


@pytest.mark.parametrize(
    ("charset", "declared"),
    [
        ("iso-8859-1", "iso-8859-1"),
        ("shift_jis", "shift_jis"),
        ("utf-16", ""),
        ("utf-8-sig", ""),
        ("cp1252", ""),
    ],
)
def test_a_page_is_decoded_as_it_declares(charset, declared):
    words = (
        "日本語の見本です。" if charset == "shift_jis" else "Une phrase d'exemple à lire, en été."
    )
    markup = f"<html><head><meta charset='{declared}'></head><body><p>{words}</p></body></html>"
    assert read(markup.encode(charset), "page.html").pieces[0].text == words


def test_a_page_nested_beyond_reason_is_refused():
    with pytest.raises(Unreadable, match="nested too deeply"):
        web("<div>" * 5_000 + "Sample")


def test_a_page_with_an_entity_or_a_base_fetches_nothing():
    entity = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><head><base href="http://127.0.0.1:9/"></head>'
    document = read(f"{entity}<body><p>Sample &x; text.</p></body></html>".encode(), "page.html")
    assert "root:" not in str(document.pieces)


def test_a_huge_attribute_does_no_harm():
    assert kept(web(f"<p class='{'x ' * 1_000_000}'>{prose(1)}</p>")) == [("paragraph", prose(1))]
