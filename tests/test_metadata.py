"""What a recommendation's page says to programs: reference managers, search engines, link
previews.
"""

import json
import re
from html.parser import HTMLParser
from urllib.parse import parse_qs

import pytest
from django.conf import settings
from django.test import override_settings
from factories import make_proposal, make_published, make_source, republish

from recommendations.formats import html_meta
from recommendations.formats.share import embedded
from recommendations.models import Organisation, Recommendation

pytestmark = pytest.mark.django_db
SITE = "https://tech7.example"
TERMS = json.loads((settings.BASE_DIR / "tests" / "schema_org_terms.json").read_text())


@pytest.fixture(autouse=True)
def address():
    """Give the site an address that is nobody's."""
    with override_settings(SITE_URL=SITE):
        yield


class Head(HTMLParser):
    """Reads a page as a link preview does: <meta>, <link>, JSON-LD and the spans of COinS."""

    def __init__(self, page: str):
        super().__init__()
        self.meta, self.links, self.coins, self.data = [], [], [], ""
        self.in_data = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "meta" and "content" in found:
            self.meta.append((found.get("property") or found.get("name"), found["content"]))
        if tag == "link":
            self.links.append(found)
        if found.get("class") == "Z3988":
            self.coins.append(parse_qs(found["title"], strict_parsing=True))
        self.in_data = tag == "script" and found.get("type") == "application/ld+json"

    def handle_endtag(self, tag):
        self.in_data = False

    def handle_data(self, data):
        self.data += data if self.in_data else ""

    def all(self, start: str) -> list[tuple[str, str]]:
        return [(name, content) for name, content in self.meta if name and name.startswith(start)]


def read(client, path: str) -> Head:
    return Head(client.get(path).content.decode())


def test_a_reference_manager_saves_a_report_of_the_institution(client):
    head = read(client, "/PARIS-2025-4")
    assert head.all("citation_") == [
        ("citation_title", "TECH7’s key recommendations for the Paris AI Action Summit"),
        ("citation_technical_report_institution", "TECH7"),
        ("citation_technical_report_number", "PARIS-2025-4"),
        ("citation_publication_date", "2025/02/07"),
        ("citation_language", "en"),
        ("citation_abstract", Recommendation.objects.get(code="PARIS-2025-4").quote),
        ("citation_public_url", f"{SITE}/PARIS-2025-4/v/1"),
        ("citation_keywords", "Skills & workforce"),
        ("citation_keywords", "Digital fluency"),
        ("citation_keywords", "Education"),
        ("citation_keywords", "Reskilling"),
    ]
    assert head.all("DC.") == [("DC.creator", "TECH7")]
    assert head.coins == []  # it would outrank the tags, and so would unAPI
    assert "unapi-server" not in {link.get("rel") for link in head.links}


def test_an_institution_of_several_words_is_not_split_into_first_and_last_name(client):
    source = make_source()
    source.issuers.set(
        [Organisation.objects.create(slug="commission", name="Commission for Data, Europe")]
    )
    make_published(source)
    head = read(client, "/SAMPLE-2020-1")
    assert head.all("DC.") == [("DC.creator", "Commission for Data Europe,")]
    assert head.all("citation_technical")[0] == (
        "citation_technical_report_institution",
        "Commission for Data, Europe",
    )


def test_a_list_has_one_context_object_a_hit_and_an_entry_page_none(client):
    for path, count in (("/recommendations/", 10), ("/themes/skills", 3)):
        assert len(read(client, path).coins) == count
    found = {each["rft_id"][0]: each for each in read(client, "/recommendations/").coins}
    assert found[f"{SITE}/PARIS-2025-4/v/1"] == {
        "ctx_ver": ["Z39.88-2004"],
        "rft_val_fmt": ["info:ofi/fmt:kev:mtx:book"],
        "rft.genre": ["report"],
        "rft.btitle": ["TECH7’s key recommendations for the Paris AI Action Summit"],
        "rft.aucorp": ["TECH7"],
        "rft.pub": ["TECH7"],
        "rft.date": ["2025-02-07"],
        "rft.series": ["Recommendation PARIS-2025-4"],
        "rft_id": [f"{SITE}/PARIS-2025-4/v/1"],
    }


def test_the_address_to_cite_is_that_of_the_version_shown(client):
    assert f'<{SITE}/PARIS-2025-4/v/1>; rel="cite-as"' in client.get("/PARIS-2025-4")["Link"]
    entry = make_published(make_source())
    entry.title = "Take another sample action"
    entry.save()
    republish(entry, "Another title.")
    assert f'<{SITE}/SAMPLE-2020-1/v/2>; rel="cite-as"' in client.get("/SAMPLE-2020-1")["Link"]


def test_a_link_preview_finds_all_it_needs_in_the_first_32_kilobytes(client):
    page = client.get("/PARIS-2025-4").content
    head = Head(page[: 32 * 1024].decode(errors="ignore"))
    quote = Recommendation.objects.get(code="PARIS-2025-4").quote
    graph = dict(head.all("og:"))
    picture = graph.pop("og:image")
    assert re.fullmatch(f"{SITE}/PARIS-2025-4\\.png\\?v=[0-9a-f]{{16}}", picture)
    assert graph == {
        "og:type": "article",
        "og:site_name": "TECH7 Recommendations",
        "og:locale": "en_GB",
        "og:title": "PARIS-2025-4: Prioritise digital fluency and workforce development",
        "og:description": quote,
        "og:url": f"{SITE}/PARIS-2025-4",
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": "The words of PARIS-2025-4 under a yellow highlighter, with theme and "
        "source",
    }
    twitter = dict(head.all("twitter:"))
    assert (twitter["twitter:card"], twitter["twitter:image"]) == ("summary_large_image", picture)
    assert client.get(picture.removeprefix(SITE))["Content-Type"] == "image/png"


def described(value, found: dict[str, set]) -> dict[str, set]:
    """Collect the types of a JSON-LD document with the properties of each."""
    if isinstance(value, list):
        for each in value:
            described(each, found)
    elif isinstance(value, dict):
        found.setdefault(value["@type"], set()).update(
            name for name in value if not name.startswith("@")
        )
        for name, each in value.items():
            if not name.startswith("@"):
                described(each, found)
    return found


def test_every_term_of_the_json_ld_is_in_the_vocabulary(client):
    used: dict[str, set] = {}
    for number in range(1, 11):
        described(json.loads(read(client, f"/PARIS-2025-{number}").data), used)
    unknown = {kind: names - set(TERMS.get(kind, [])) for kind, names in used.items()}
    assert {kind: names for kind, names in unknown.items() if names or kind not in TERMS} == {}


def test_an_entry_is_a_quotation_in_a_report(client):
    data = json.loads(read(client, "/PARIS-2025-4").data)
    entry = Recommendation.objects.get(code="PARIS-2025-4")
    assert (data["@context"], data["@type"], data["@id"]) == (
        "https://schema.org",
        "Quotation",
        f"{SITE}/PARIS-2025-4",
    )
    assert (data["text"], data["identifier"], data["version"]) == (entry.quote, "PARIS-2025-4", "1")
    assert data["isPartOf"] == {
        "@type": "Report",
        "name": "TECH7’s key recommendations for the Paris AI Action Summit",
        "identifier": "PARIS-2025",
        "author": [{"@type": "Organization", "name": "TECH7"}],
        "datePublished": "2025-02-07",
        "inLanguage": "en",
        "sameAs": entry.source.url,
        "url": f"{SITE}/PARIS-2025",
    }
    assert data["about"] == [
        {
            "@type": "DefinedTerm",
            "name": "Skills & workforce",
            "termCode": "skills",
            "url": f"{SITE}/themes/skills",
            "inDefinedTermSet": {
                "@type": "DefinedTermSet",
                "@id": f"{SITE}/themes/",
                "url": f"{SITE}/themes/",
                "name": "Themes",
            },
        }
    ]


def test_works_referred_to_are_citations_of_the_quotation(client):
    names = [work["name"] for work in json.loads(read(client, "/PARIS-2025-10").data)["citation"]]
    assert names == [
        work.source.title for work in Recommendation.objects.get(code="PARIS-2025-10").works
    ]
    assert names


def test_no_words_end_the_script_they_stand_in(client):
    evil = "</script><script>alert(1)</script><!-- & \u2028"
    assert not re.search("[<>&\u2028]", embedded({"text": evil}))
    assert json.loads(embedded({"text": evil})) == {"text": evil}
    source = make_source(title=evil[:-1])
    make_published(source, title=evil[:-1])
    page = client.get("/SAMPLE-2020-1").content.decode()
    assert "<script>alert(1)" not in page
    assert json.loads(Head(page).data)["name"] == evil[:-1]


def test_a_preview_says_nothing_to_programs(admin_client):
    entry = make_proposal(make_source())
    page = admin_client.get(f"/admin/recommendations/proposal/{entry.pk}/preview/")
    head = Head(page.content.decode())
    assert page.status_code == 200
    assert (head.all("og:"), head.all("citation_"), head.data) == ([], [], "")
    assert ".qr.svg" not in page.content.decode()


def test_tags_come_from_the_record_alone():
    record = {
        "title": "T",
        "issued": {"date-parts": [[2020, 5, 1]]},
        "number": "A-2020-1",
        "URL": "https://x.example/",
    }
    assert html_meta.tags(record) == [
        ("citation_title", "T"),
        ("citation_technical_report_number", "A-2020-1"),
        ("citation_publication_date", "2020/05/01"),
        ("citation_public_url", "https://x.example/"),
    ]
