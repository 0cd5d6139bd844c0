"""Every page has a title, a description and a card of its own for link previews."""

import re
from html import unescape
from io import BytesIO

import pytest
from django.test import override_settings
from PIL import Image

pytestmark = pytest.mark.django_db

PAGES = {
    "/": "What the technology associations of the G7 recommend, word for word",
    "/themes/": "What TECH7 recommends, by theme",
    "/themes/skills": "Skills & workforce",
    "/addressees/": "Who should act on what TECH7 recommends",
    "/addressees/companies": "What TECH7 asks of Companies",
    "/PARIS-2025": "TECH7’s key recommendations for the Paris AI Action Summit",
    "/declarations/": "The declarations of TECH7",
    "/recommendations/": "All recommendations",
    "/recommendations/?theme=skills": "Skills & workforce",
    "/recommendations/?q=Sample+words+of+nobody": "A search in the recommendations of TECH7",
    "/overview/": "What TECH7 asks, and of whom",
    "/briefing?codes=PARIS-2025-4": "A briefing of recommendations of TECH7",
    "/about/": "About TECH7 Recommendations",
}


@pytest.fixture(autouse=True)
def folder(tmp_path):
    """Keep the pictures of a test to itself."""
    with override_settings(VAR_DIR=tmp_path):
        yield


def said(page: str) -> dict[str, str]:
    """What a page says to link previews."""
    found = re.findall('<meta property="og:([^"]+)" content="([^"]*)">', page)
    return {name: unescape(content) for name, content in found}


@pytest.mark.parametrize(("path", "title"), PAGES.items())
def test_a_page_names_itself_to_link_previews_and_has_a_card(client, path, title):
    found = said(client.get(path).text)
    assert found["title"] == title
    assert found["description"]
    picture = client.get(found["image"].removeprefix("http://127.0.0.1:8000"))
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/png")
    assert picture["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert Image.open(BytesIO(picture.content)).size == (1200, 630)


def test_nobody_else_can_have_words_drawn(client):
    image = said(client.get("/overview/").text)["image"].removeprefix("http://127.0.0.1:8000")
    for address in ("/recommendations.png", "/recommendations.png?of=x", image[:-1], image + "x"):
        assert client.get(address).status_code == 404, address
