"""Passing a recommendation on: links into the original, QR codes, mail, oEmbed and the page to
frame.
"""

import json
import re
from types import SimpleNamespace as Fake
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree

import brotli
import pytest
import segno
from django.conf import settings
from django.test import override_settings
from factories import make_proposal, make_published, make_source, withdrawn

from recommendations.formats import share
from recommendations.formats.absolute_url import permalink
from recommendations.models import Recommendation

SITE = "https://tech7.example"


@pytest.fixture(autouse=True)
def address(tmp_path):
    """Give the site an address that is nobody's, and its pictures a folder of their own."""
    with override_settings(SITE_URL=SITE, VAR_DIR=tmp_path):
        yield


def passage(quote: str, prefix: str = "", suffix: str = "") -> Fake:
    return Fake(quote=quote, prefix=prefix, suffix=suffix)


# --- Into the original -----------------------------------------------------


@pytest.mark.parametrize(
    ("found", "directive"),
    [
        (passage("Act now."), "text=Act%20now."),
        (passage("a-b, c & d"), "text=a%2Db%2C%20c%20%26%20d"),
        (
            passage("Act now.", "e we stand: ", " Then we g"),
            "text=we%20stand%3A-,Act%20now.,-Then%20we",
        ),
        (passage("Act now.", "s end.\n• ", "\nThe next"), "text=Act%20now."),
        (passage("Über 日本"), "text=%C3%9Cber%20%E6%97%A5%E6%9C%AC"),
        (
            passage(" ".join(f"word{n}" for n in range(60))),
            "text=word0%20word1%20word2%20word3%20word4,word55%20word56%20word57%20word58%20word59",
        ),
        (
            passage("One two three four five.\nSix seven eight nine ten eleven."),
            "text=One%20two%20three%20four%20five.,seven%20eight%20nine%20ten%20eleven.",
        ),
    ],
)
def test_a_text_fragment_names_the_words_and_what_stands_around_them(found, directive):
    assert (
        share.at_words("https://x.example/page", [found])
        == f"https://x.example/page#:~:{directive}"
    )


def test_a_text_fragment_keeps_a_fragment_that_is_there_and_takes_several_passages():
    url = share.at_words("https://x.example/a?b=c#top", [passage("One."), passage("Two.")])
    assert url == "https://x.example/a?b=c#top:~:text=One.&text=Two."


@pytest.mark.django_db
def test_every_paris_entry_links_to_its_words_in_the_original(client):
    for number in range(1, 11):
        entry = Recommendation.objects.get(code=f"PARIS-2025-{number}")
        url = share.at_words(entry.source.url, entry.passages)
        assert url.startswith(f"{entry.source.url}#:~:text=")
        parts = [unquote(part.strip("-")) for part in url.partition("text=")[2].split(",")]
        text, place = " ".join(entry.source.text.split()), 0
        for part in parts:  # each stands in the text, in this order
            place = text.index(part, place) + len(part)


# --- QR code and panel -----------------------------------------------------


def test_the_qr_code_on_the_page_is_drawn_as_segno_draws_it():
    code = share.qr_code(f"{SITE}/PARIS-2025-4")
    matrix = segno.make(f"{SITE}/PARIS-2025-4", error="m", micro=False, mask=share.MASK).matrix
    drawn = {
        (x, int(y) - 4)
        for left, y, width in re.findall(r"M(\d+) (\d+)\.5h(\d+)", code.path)
        for x in range(int(left) - 4, int(left) - 4 + int(width))
    }
    assert drawn == {(x, y) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark}
    assert code.side == len(matrix) + 8


@pytest.mark.django_db
def test_qr_codes_come_as_files(client):
    svg, png = client.get("/PARIS-2025-4.qr.svg"), client.get("/PARIS-2025-4.qr.png")
    root = ElementTree.fromstring(svg.content)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.findtext("{http://www.w3.org/2000/svg}title") == f"{SITE}/PARIS-2025-4"
    assert png.content.startswith(b"\x89PNG")
    assert svg["Content-Disposition"] == 'attachment; filename="PARIS-2025-4.qr.svg"'


@pytest.mark.django_db
def test_the_panel_offers_every_way_to_pass_an_entry_on(client):
    page = client.get("/PARIS-2025-4").content.decode()
    for button in ("Copy link", "Copy quote with citation", "Share…"):
        assert re.search(f"<button [^>]+ hidden>{button}</button>", page)
    mail = urlsplit(re.search('href="(mailto:[^"]+)"', page)[1].replace("&amp;", "&"))
    fields = parse_qs(mail.query)
    entry = Recommendation.objects.get(code="PARIS-2025-4")
    assert fields["subject"] == [f"PARIS-2025-4: {entry.title}"]
    assert fields["body"][0].startswith(f"“{entry.quote}”\n\nTECH7, ")
    assert fields["body"][0].split(", ")[-1] == (
        f"paragraph 7 (recommendation PARIS-2025-4). {permalink('/PARIS-2025-4')}\n"
    )
    assert "+" not in mail.query  # a mail program shows it as it stands
    assert '<svg class="qr"' in page
    assert 'href="/PARIS-2025-4.qr.svg"' in page
    assert f'href="{entry.source.url}#:~:text=' in page


# --- oEmbed ----------------------------------------------------------------


def ask(client, **query):
    return client.get("/oembed", query)


@pytest.mark.django_db
def test_a_page_says_where_its_oembed_is(client):
    page = client.get("/PARIS-2025-4").content.decode()
    for media_type, form in (("application/json+oembed", "json"), ("text/xml+oembed", "xml")):
        href = re.search(
            f'<link rel="alternate" href="([^"]+)" type="{re.escape(media_type)}"', page
        )[1]
        href = href.replace("&amp;", "&")
        assert href == f"{SITE}/oembed?url=https%3A%2F%2Ftech7.example%2FPARIS-2025-4&format={form}"
        assert client.get(href.removeprefix(SITE)).status_code == 200


@pytest.mark.django_db
def test_oembed_is_a_link_unless_something_else_is_asked_for(client):
    response = ask(client, url=f"{SITE}/PARIS-2025-4")
    answer = response.json()
    thumbnail = answer.pop("thumbnail_url")
    assert thumbnail.startswith(f"{SITE}/PARIS-2025-4.png?v=")
    assert answer == {
        "version": "1.0",
        "type": "link",
        "title": "PARIS-2025-4: Prioritise digital fluency and workforce development",
        "author_name": "TECH7",
        "author_url": f"{SITE}/PARIS-2025",
        "provider_name": "TECH7 Recommendations",
        "provider_url": f"{SITE}/",
        "cache_age": 3600,
        "thumbnail_width": 1200,
        "thumbnail_height": 630,
    }
    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.django_db
def test_oembed_says_the_same_in_xml(client):
    query = {"url": f"{SITE}/PARIS-2025-4", "type": "rich"}
    response = ask(client, format="xml", **query)
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)
    assert root.tag == "oembed"
    said = {each.tag: each.text for each in root}
    assert said == {name: str(value) for name, value in ask(client, **query).json().items()}


@pytest.mark.django_db
def test_rich_comes_with_a_frame_within_the_limits(client):
    answer = ask(
        client, url=f"{SITE}/PARIS-2025-4", type="rich", maxwidth=400, maxheight=300
    ).json()
    assert (answer["type"], answer["width"], answer["height"]) == ("rich", 400, 300)
    assert answer["html"] == (
        f'<iframe src="{SITE}/PARIS-2025-4/embed" width="400" height="300" '
        'title="PARIS-2025-4: Prioritise digital fluency and workforce development" '
        'loading="lazy"></iframe>'
    )
    assert "thumbnail_url" not in answer
    assert ask(client, url=f"{SITE}/PARIS-2025-4", type="rich").json()["width"] == 600


@pytest.mark.django_db
@pytest.mark.parametrize(
    "url",
    [
        f"{SITE}/PARIS-2025-4",
        f"{SITE}/paris-2025-4/",
        f"{SITE}/PARIS-2025-4?utm_source=x#quote",
        f"{SITE}/PARIS-2025-4/v/1",
        f"{SITE}/PARIS-2025-4/embed",
        "http://tech7.example/PARIS-2025-4",
        "HTTPS://TECH7.example:443/PARIS-2025-4",
        f" {SITE}/PARIS%2D2025-4 ",
    ],
)
def test_any_spelling_of_an_address_of_ours_will_do(client, url):
    assert ask(client, url=url).json()["title"].startswith("PARIS-2025-4:")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 400),
        ({"url": ""}, 400),
        ({"url": f"{SITE}/PARIS-2025-4", "maxwidth": "wide"}, 400),
        ({"url": f"{SITE}/PARIS-2025-4", "maxheight": "-1"}, 400),
        ({"url": f"{SITE}/PARIS-2025-4", "type": "video"}, 400),
        ({"url": f"{SITE}/PARIS-2025-4", "format": "yaml"}, 501),
        ({"url": "https://elsewhere.example/PARIS-2025-4"}, 404),
        ({"url": "https://tech7.example.evil.example/PARIS-2025-4"}, 404),
        ({"url": "https://tech7.example@evil.example/PARIS-2025-4"}, 404),
        ({"url": "https://tech7.example:8000/PARIS-2025-4"}, 404),
        ({"url": "javascript://tech7.example/PARIS-2025-4"}, 404),
        ({"url": "https://[::1/PARIS-2025-4"}, 404),
        ({"url": "https://tech7.example:99999/PARIS-2025-4"}, 404),
        ({"url": f"{SITE}/PARIS-2025-99"}, 404),
        ({"url": f"{SITE}/PARIS-2025"}, 404),
        ({"url": f"{SITE}/"}, 404),
        ({"url": f"{SITE}/%00%ff"}, 404),
        ({"url": "PARIS-2025-4"}, 404),
    ],
)
def test_a_question_without_an_answer_gets_the_status_of_the_specification(client, query, status):
    response = ask(client, **query)
    assert response.status_code == status
    assert len(response.content.decode().strip()) > 10


@pytest.mark.django_db
def test_oembed_knows_no_draft_and_says_what_is_withdrawn(client):
    make_proposal(make_source())
    entry = make_published(make_source("OTHER-2020"))
    assert ask(client, url=f"{SITE}/SAMPLE-2020-1").status_code == 404
    withdrawn(entry, "A sample reason.")
    response = ask(client, url=f"{SITE}/{entry.code}")
    assert (response.status_code, response.content.decode()) == (
        410,
        "OTHER-2020-1 has been withdrawn: A sample reason.\n",
    )


@pytest.mark.django_db
def test_hostile_words_stay_words_in_every_answer(client):
    make_published(make_source(), title='A "sample" <script>alert(1)</script> & more')
    url = f"{SITE}/SAMPLE-2020-1"
    html = ask(client, url=url, type="rich").json()["html"]
    assert "&quot;sample&quot; &lt;script&gt;" in html
    root = ElementTree.fromstring(ask(client, url=url, type="rich", format="xml").content)
    assert root.findtext("html") == html
    assert json.loads(ask(client, url=url).content)["title"].endswith(
        "<script>alert(1)</script> & more"
    )


# --- The page to frame -----------------------------------------------------


@pytest.mark.django_db
def test_only_the_small_page_may_be_framed_by_other_sites(client):
    headers = client.get("/PARIS-2025-4/embed").headers
    policy = headers["Content-Security-Policy"].split("; ")
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "X-Frame-Options" not in headers
    for path in (
        "/PARIS-2025-4",
        "/",
        "/PARIS-2025-4.png",
        "/oembed",
        "/PARIS-2025-4/v/1",
        "/PARIS-2025-99/embed",
    ):
        headers = client.get(path).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
def test_the_small_page_runs_one_script_and_opens_every_link_outside(client):
    page = client.get("/PARIS-2025-4/embed").content.decode()
    entry = Recommendation.objects.get(code="PARIS-2025-4")
    assert entry.quote in page
    assert re.findall(r'<script src="/static/js/(\w+)', page) == ["embed"]
    links = re.findall("<a [^>]+>", page)
    assert len(links) == 2
    assert all(
        f'href="{SITE}/PARIS-2025-4" target="_blank" rel="noopener"' in link for link in links
    )


@pytest.mark.django_db
def test_the_small_page_of_a_withdrawn_entry_says_so(client):
    entry = make_published(make_source())
    withdrawn(entry, "A sample reason.")
    response = client.get("/SAMPLE-2020-1/embed")
    page = response.content.decode()
    assert response.status_code == 410
    assert "The editors withdrew this entry" in page
    assert "A sample reason." in page
    assert "We call for sample action" not in page
    make_proposal(make_source("OTHER-2020"))
    assert client.get("/OTHER-2020-1/embed").status_code == 404


def test_the_style_of_a_page_is_small():
    sheets = ("tokens", "site")
    texts = [(settings.BASE_DIR / "static" / "css" / f"{name}.css").read_bytes() for name in sheets]
    assert sum(len(brotli.compress(text)) for text in texts) < 9 * 1024
