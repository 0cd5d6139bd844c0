"""A selection can be followed: both feeds are valid, keep their ids, and call new only what readers
see anew.
"""

import json
import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import feedparser
import pytest
from django.conf import settings
from django.utils import timezone
from factories import make_many, make_published, make_source, republish

from recommendations.models import Recommendation, Theme
from recommendations.search import facets

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def body(client, url: str) -> str:
    response = client.get(url)
    return (b"".join(response) if response.streaming else response.content).decode()


def updated(client) -> dict[str, str]:
    """Return when each entry of the feed changed, by id, as both feeds say alike."""
    atom = feedparser.parse(body(client, "/recommendations.atom"))
    items = json.loads(body(client, "/recommendations.jsonfeed"))["items"]
    found = {entry.id: entry.updated for entry in atom.entries}
    assert {item["id"]: item["date_modified"][:19] for item in items} == {
        key: at[:19] for key, at in found.items()
    }
    assert [item["id"] for item in items] == [entry.id for entry in atom.entries]
    return found


def test_atom_has_what_its_specification_requires(client, settings):
    text = body(client, "/recommendations.atom?theme=skills")
    feed = feedparser.parse(text)
    assert (feed.bozo, feed.version, len(feed.entries)) == (False, "atom10", 3)
    root = ElementTree.fromstring(text.encode())
    for element in [root, *root.findall(f"{ATOM}entry")]:  # RFC 4287, sections 4.1.1 and 4.1.2
        assert [len(element.findall(f"{ATOM}{name}")) for name in ("id", "title", "updated")] == [
            1,
            1,
            1,
        ]
        assert datetime.fromisoformat(element.findtext(f"{ATOM}updated")).tzinfo
        assert element.findall(f"{ATOM}author/{ATOM}name")
        alternates = [
            link for link in element.findall(f"{ATOM}link") if link.get("rel") == "alternate"
        ]
        assert len(alternates) == 1
    assert feed.feed.id == f"{settings.SITE_URL}/recommendations.atom?theme=skills"
    assert [link.href for link in feed.feed.links if link.rel == "self"] == [feed.feed.id]


def test_json_feed_has_what_its_specification_requires(client, settings):
    feed = json.loads(body(client, "/recommendations.jsonfeed?theme=skills"))
    assert (feed["version"], feed["title"]) == (
        "https://jsonfeed.org/version/1.1",
        "TECH7 Recommendations: Skills & workforce",
    )
    assert feed["feed_url"] == f"{settings.SITE_URL}/recommendations.jsonfeed?theme=skills"
    assert feed["home_page_url"] == f"{settings.SITE_URL}/recommendations/?theme=skills"
    assert len(feed["items"]) == 3
    for item in feed["items"]:
        assert item["id"] == item["url"]
        assert item["content_html"].startswith('<blockquote lang="en"><p>')
        assert datetime.fromisoformat(item["date_published"]) <= datetime.fromisoformat(
            item["date_modified"]
        )
        assert item["authors"] == [{"name": "TECH7"}]


def test_empty_feeds_are_valid(client):
    atom = feedparser.parse(body(client, "/recommendations.atom?q=zzzunheardof"))
    assert (atom.bozo, atom.entries, atom.feed.updated) == (False, [], "1970-01-01T00:00:00+00:00")
    assert json.loads(body(client, "/recommendations.jsonfeed?q=zzzunheardof"))["items"] == []


def test_a_feed_holds_only_what_changed_last_and_says_when_that_was(client, monkeypatch):
    monkeypatch.setattr("recommendations.search.selection.NEWS", 2)
    republish(Recommendation.objects.get(code="PARIS-2025-7"), "Sample correction.")
    last = republish(Recommendation.objects.get(code="PARIS-2025-3"), "Sample correction.")
    atom = feedparser.parse(body(client, "/recommendations.atom"))
    assert [entry.id.rpartition("/")[2] for entry in atom.entries] == [
        "PARIS-2025-3",
        "PARIS-2025-7",
    ]
    assert datetime.fromisoformat(atom.feed.updated) == last.published_at
    items = json.loads(body(client, "/recommendations.jsonfeed?sort=code"))["items"]
    assert [item["id"].rpartition("/")[2] for item in items] == ["PARIS-2025-1", "PARIS-2025-2"]


def test_only_a_new_version_is_news(client):
    before = updated(client)
    theme = Theme.objects.get(slug="skills")
    theme.label = "Skills, renamed"
    theme.save()
    Recommendation.objects.get(code="PARIS-2025-4").save()
    assert updated(client) == before
    republish(Recommendation.objects.get(code="PARIS-2025-4"), "Sample correction.")
    after = updated(client)
    assert set(after) == set(before)
    assert [key.rpartition("-")[2] for key in after if after[key] != before[key]] == ["4"]


def test_what_changed_last_comes_first_unless_an_order_is_asked_for(client):
    republish(Recommendation.objects.get(code="PARIS-2025-7"), "Sample correction.")
    make_published(make_source(), title="Older declaration, newer entry")
    assert [key.rpartition("/")[2] for key in updated(client)][:2] == [
        "SAMPLE-2020-1",
        "PARIS-2025-7",
    ]
    sorted_feed = feedparser.parse(body(client, "/recommendations.atom?sort=newest"))
    assert sorted_feed.entries[0].id.endswith("/PARIS-2025-1")


def test_a_hostile_entry_breaks_neither_feed(client):
    hostile = '"}]}<![CDATA[\x07]]></entry>\u2028&'
    make_published(make_source(), title=hostile, summary=f"<script>{hostile}")
    atom = feedparser.parse(body(client, "/recommendations.atom?source=SAMPLE-2020"))
    (item,) = json.loads(body(client, "/recommendations.jsonfeed?source=SAMPLE-2020"))["items"]
    assert (atom.bozo, atom.entries[0].title) == (
        False,
        f"SAMPLE-2020-1: {hostile}".replace("\x07", ""),
    )
    assert item["title"] == f"SAMPLE-2020-1: {hostile}"
    assert "<script>" not in item["content_html"] + atom.entries[0].summary


def test_a_page_announces_the_feed_of_what_it_shows(client):
    page = body(client, "/recommendations/?theme=skills&page=1")
    types = {"atom": "application/atom+xml; charset=utf-8", "jsonfeed": "application/feed+json"}
    for extension, media_type in types.items():
        assert (
            f'<link rel="alternate" href="/recommendations.{extension}?theme=skills" '
            f'type="{media_type}"' in page
        )
    for path, feed in {
        "/": "/recommendations.atom",
        "/themes/skills": "/themes/skills.atom",
        "/PARIS-2025": "/recommendations.atom?source=PARIS-2025",
    }.items():
        found = re.findall(
            r'<link rel="alternate" href="([^"]+)" type="application/atom', body(client, path)
        )
        assert feed in found


@pytest.mark.parametrize("count", [1, 30])
def test_a_format_takes_as_many_queries_for_30_entries_as_for_1(
    client, django_assert_num_queries, count
):
    make_many(count)
    facets.current()
    for extension, queries in (("atom", 9), ("jsonfeed", 9), ("json", 9), ("csv", 6)):
        with django_assert_num_queries(queries, info=extension):
            assert "MANY-2021-1" in body(client, f"/recommendations.{extension}?source=MANY-2021")


# --- Sitemap, robots, OpenSearch -------------------------------------------


def locations(client, address: str) -> list[str]:
    root = ElementTree.fromstring(body(client, address))
    return [place.findtext(f"{SITEMAP}loc") for place in root]


def test_the_sitemap_leads_to_every_page_in_parts_that_are_small_enough(
    client, settings, monkeypatch
):
    monkeypatch.setattr("recommendations.formats.sitemaps.Recommendations.limit", 4)
    kinds = [
        "pages",
        "themes",
        "declarations",
        "recommendations",
        "recommendations",
        "recommendations",
    ]
    parts = locations(client, "/sitemap.xml")
    assert [part.split("/sitemap-")[1].partition(".xml")[0] for part in parts] == kinds
    paths = [part.removeprefix(settings.SITE_URL) for part in parts]
    listed = [
        place.removeprefix(settings.SITE_URL) for path in paths for place in locations(client, path)
    ]
    assert {
        "/",
        "/themes/smes",
        "/PARIS-2025",
        *(f"/PARIS-2025-{number}" for number in range(1, 11)),
    } <= set(listed)
    assert len(listed) == len(set(listed))
    assert client.get("/sitemap-recommendations.xml?p=4").status_code == 404
    assert client.get("/sitemap-drafts.xml").status_code == 404


def test_the_sitemap_says_when_an_entry_last_changed(client, settings):
    root = ElementTree.fromstring(body(client, "/sitemap-recommendations.xml"))
    days = {url.findtext(f"{SITEMAP}loc"): url.findtext(f"{SITEMAP}lastmod") for url in root}
    assert root.tag == f"{SITEMAP}urlset"
    assert days[f"{settings.SITE_URL}/PARIS-2025-4"] in {
        f"{timezone.now().astimezone(UTC) - timedelta(days=back):%Y-%m-%d}" for back in (0, 1)
    }
    assert not [url for url in days if "?" in url]


def test_robots_may_read_entries_but_not_every_combination_of_filters(client, settings):
    lines = body(client, "/robots.txt").splitlines()
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /admin/", "Disallow: /recommendations/?"} <= set(lines)
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in lines


def test_the_search_description_keeps_to_opensearch(client, settings):
    root = ElementTree.fromstring(body(client, "/opensearch.xml"))
    assert root.tag == f"{OPENSEARCH}OpenSearchDescription"
    assert len(root.findtext(f"{OPENSEARCH}ShortName")) <= 16
    assert len(root.findtext(f"{OPENSEARCH}LongName")) <= 48
    assert len(root.findtext(f"{OPENSEARCH}Description")) <= 1024
    templates = {url.get("type"): url.get("template") for url in root.findall(f"{OPENSEARCH}Url")}
    for media_type in ("text/html", "application/atom+xml"):
        found = client.get(
            templates[media_type].removeprefix(settings.SITE_URL).replace("{searchTerms}", "skills")
        )
        assert (found.status_code, found["Content-Type"].split(";")[0]) == (200, media_type)


def test_search_results_are_not_listed(client):
    assert '<meta name="robots" content="noindex">' in body(client, "/recommendations/?q=skills")
    assert 'name="robots"' not in body(client, "/recommendations/?theme=skills")


def test_how_to_follow_is_explained_for_the_selection_one_came_from(client):
    assert 'href="/follow?theme=skills"' in client.get("/recommendations/?theme=skills").text
    assert 'href="/follow?theme=skills"' in client.get("/themes/skills").text
    assert 'href="/follow?addressee=companies"' in client.get("/addressees/companies").text
    page = client.get("/follow?theme=skills").text
    assert "Get updates: Skills &amp; workforce</h1>" in page
    assert f">{settings.SITE_URL}/recommendations.atom?theme=skills</code>" in page
    assert client.get("/follow?theme=nothing").status_code == 400


@pytest.mark.parametrize("path", ["/", "/recommendations/", "/themes/skills", "/about/", "/follow"])
def test_no_link_on_a_page_leads_a_reader_into_a_feed(client, path):
    linked = re.findall(r'<a [^>]*href="([^"]+)"', client.get(path).text)
    assert [each for each in linked if "atom" in each or "jsonfeed" in each] == []
