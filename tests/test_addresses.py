"""Every address of the contract answers; other spellings lead there in one step; nothing dies and
nothing leaks.
"""

import json
import re

import pytest
from django.test import Client
from factories import make_many, make_proposal, make_published, make_source, withdrawn

from recommendations import urls
from recommendations.models import Recommendation
from recommendations.operations.middleware import PARAMETERS
from recommendations.search import facets

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/recommendations/",
    "/recommendations/?theme=skills&theme=smes&tag=education&q=ai&sort=newest",
    "/PARIS-2025-4",
    "/PARIS-2025-4/v/1",
    "/PARIS-2025-4/embed",
    "/PARIS-2025",
    "/declarations/",
    "/themes/",
    "/themes/skills",
    "/overview/",
    "/addressees/",
    "/addressees/companies",
    "/check",
    "/compare",
    "/follow?theme=skills",
    "/check?q=Sample+words+of+nobody",
    "/briefing",
    "/briefing?codes=PARIS-2025-4,PARIS-2025-99,PARIS-2025-7",
    "/about/",
    "/api/",
]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DATA = {
    "/recommendations.json": "application/json",
    "/recommendations.json?theme=skills": "application/json",
    "/recommendations.csv": "text/csv; charset=utf-8; header=present",
    "/recommendations.bib": "application/x-bibtex; charset=utf-8",
    "/recommendations.ris": "application/x-research-info-systems",
    "/recommendations.atom": "application/atom+xml; charset=utf-8",
    "/recommendations.jsonfeed": "application/feed+json",
    "/themes/skills.json": "application/json",
    "/themes/skills.atom": "application/atom+xml; charset=utf-8",
    "/PARIS-2025-4.json": "application/json",
    "/PARIS-2025-4.bib": "application/x-bibtex; charset=utf-8",
    "/PARIS-2025-4.ris": "application/x-research-info-systems",
    "/PARIS-2025-4.csl.json": "application/vnd.citationstyles.csl+json",
    "/PARIS-2025-4.txt": "text/plain; charset=utf-8",
    "/PARIS-2025-4.png": "image/png",
    "/PARIS-2025-4.qr.png": "image/png",
    "/PARIS-2025-4.qr.svg": "image/svg+xml",
    "/oembed?url=http://127.0.0.1:8000/PARIS-2025-4": "application/json",
    "/oembed?url=http://127.0.0.1:8000/PARIS-2025-4&format=xml": "text/xml; charset=utf-8",
    "/PARIS-2025.txt": "text/plain; charset=utf-8",
    "/api/schema": "application/json",
    "/PARIS-2025.json": "application/json",
    "/addressees/companies.json": "application/json",
    "/suggest?q=sk": "application/x-suggestions+json",
    "/check.json?q=Sample+words+of+nobody": "application/json",
    "/briefing.md?codes=PARIS-2025-4": "text/markdown; charset=utf-8; variant=CommonMark",
    "/briefing.docx?codes=PARIS-2025-4": WORD,
    "/robots.txt": "text/plain; charset=utf-8",
    "/llms.txt": "text/markdown; charset=utf-8",
    "/sitemap.xml": "application/xml",
    "/sitemap-recommendations.xml": "application/xml",
    "/opensearch.xml": "application/opensearchdescription+xml; charset=utf-8",
    "/.well-known/security.txt": "text/plain; charset=utf-8",
    "/livez": "text/plain; charset=utf-8",
    "/readyz": "text/plain; charset=utf-8",
}
SPELLINGS = {
    "/paris-2025-4": "/PARIS-2025-4",
    "/Paris-2025-4/": "/PARIS-2025-4",
    "/PARIS-2025-4/": "/PARIS-2025-4",
    "/Themes/Skills.CSV": "/themes/skills.csv",
    "//PARIS-2025-4": "/PARIS-2025-4",
    "/paris-2025/": "/PARIS-2025",
    "/paris-2025.TXT": "/PARIS-2025.txt",
    "/paris-2025-4.CSL.json": "/PARIS-2025-4.csl.json",
    "/paris-2025-4/V/1/": "/PARIS-2025-4/v/1",
    "/paris-2025/T/1/": "/PARIS-2025/t/1",
    "/paris-2025-4.PNG": "/PARIS-2025-4.png",
    "/paris-2025-4.QR.svg": "/PARIS-2025-4.qr.svg",
    "/paris-2025-4/Embed/": "/PARIS-2025-4/embed",
    "/recommendations": "/recommendations/",
    "/Recommendations/": "/recommendations/",
    "/RECOMMENDATIONS.JSON": "/recommendations.json",
    "/recommendations.json/": "/recommendations.json",
    "/themes": "/themes/",
    "/Themes/SKILLS/": "/themes/skills",
    "/overview": "/overview/",
    "/Briefing/": "/briefing",
    "/Check/": "/check",
    "/ABOUT": "/about/",
    "/Robots.txt": "/robots.txt",
    "/livez/": "/livez",
    "/admin": "/admin/",
}
CANARY = "Canary words that no reader may see."


def text(response) -> str:
    body = b"".join(response) if response.streaming else response.content
    return body.decode(errors="replace")  # a picture is no text


@pytest.mark.both_databases
@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers(client, path):
    response = client.get(path)
    assert response.status_code == 200
    assert text(response).strip().startswith("<!doctype html>")
    assert client.head(path).status_code == 200


@pytest.mark.parametrize(("path", "media_type"), DATA.items())
def test_every_format_answers_with_its_type(client, path, media_type):
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (200, media_type)


@pytest.mark.parametrize(("typed", "canonical"), SPELLINGS.items())
def test_what_a_reader_may_type_leads_to_the_canonical_address_in_one_step(
    client, typed, canonical
):
    response = client.get("/", PATH_INFO=typed)
    assert (response.status_code, response["Location"]) == (301, canonical)
    assert client.get(canonical).status_code in (200, 302)


def test_a_query_survives_the_redirect(client):
    response = client.get("/Recommendations?q=a%20b&theme=skills&tag=%C3%A9")
    assert response["Location"] == "/recommendations/?q=a%20b&theme=skills&tag=%C3%A9"


SHARED = "utm_source=mail&fbclid=a%20b"


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize(
    ("shared", "own"),
    [
        (f"/?{SHARED}", "/"),
        (f"/PARIS-2025-4?{SHARED}", "/PARIS-2025-4"),
        (f"/paris-2025-4/?{SHARED}", "/PARIS-2025-4"),
        (f"/PARIS-2025?v=1&{SHARED}", "/PARIS-2025"),
        (f"/PARIS-2025-4/v/1?{SHARED}", "/PARIS-2025-4/v/1"),
        (f"/PARIS-2025-4/embed?{SHARED}", "/PARIS-2025-4/embed"),
        (
            f"/Recommendations?q=a%20b&{SHARED}&theme=skills",
            "/recommendations/?q=a%20b&theme=skills",
        ),
        (f"/declarations/?page=1&{SHARED}", "/declarations/?page=1"),
        (f"/briefing?codes=PARIS-2025-4&{SHARED}", "/briefing?codes=PARIS-2025-4"),
        ("/about/?=x&about", "/about/"),
    ],
)
def test_a_shared_address_leads_to_the_page_without_what_was_added(client, method, shared, own):
    response = getattr(client, method)(shared)
    assert (response.status_code, response["Location"]) == (302, own)
    assert client.get(own).status_code == 200


@pytest.mark.parametrize("path", ["/recommendations.json", "/PARIS-2025-4/nothing", "/admin/"])
def test_other_addresses_keep_what_was_added(client, path):
    response = client.get(f"{path}?utm_source=mail")
    assert "Location" not in response.headers or "utm_source" in response["Location"]


@pytest.mark.parametrize(
    "path",
    ["//evil.example/", "/\\evil.example", "/%2f%2fevil.example", "//evil.example/%2e%2e/about"],
)
def test_no_spelling_leads_to_another_site(client, path):
    response = client.get("/", PATH_INFO=path)
    assert response.status_code == 404
    assert "Location" not in response


def test_the_stored_text_comes_back_byte_for_byte(client):
    source = Recommendation.objects.get(code="PARIS-2025-4").source
    assert client.get("/PARIS-2025.txt").content == source.text.encode()


def test_a_code_in_the_search_leads_to_its_page(client):
    for typed in ("PARIS-2025-4", "  paris-2025-4 "):
        response = client.get("/recommendations/", {"q": typed})
        assert (response.status_code, response["Location"]) == (302, "/PARIS-2025-4")
    assert client.get("/recommendations/?q=paris-2025")["Location"] == "/PARIS-2025"


def everything(client) -> dict[str, str]:
    """Return what every page and format says to a stranger."""
    paths = [
        *PAGES,
        *DATA,
        "/recommendations/?q=canary",
        "/recommendations.json?q=canary",
        "/SAMPLE-2020-9",
    ]
    return {path: text(client.get(path)) for path in paths}


def test_a_draft_is_unknown_in_every_page_format_count_and_search(client):
    before = everything(client)
    source = make_source(text=f"Sample opening. {CANARY}\n", title=CANARY)
    make_proposal(source, CANARY, title=CANARY, summary=CANARY, tags=["Canary"])
    after = everything(client)
    for path, page in after.items():
        assert "anary words" not in page, path
        assert strip(page) == strip(before[path]), path
    for path in (
        "/SAMPLE-2020-1",
        "/SAMPLE-2020-1.json",
        "/SAMPLE-2020-1/v/1",
        "/SAMPLE-2020",
        "/SAMPLE-2020.txt",
    ):
        response = client.get(path)
        assert response.status_code == 404
        assert "anary words" not in text(response)


def strip(page: str) -> str:
    """Leave out what differs from one answer to the next by itself: nonces."""
    return re.sub(r'nonce="[^"]*"', "", page)


def test_a_withdrawn_entry_says_when_why_and_what_to_use_instead(client):
    source = make_source()
    entry, other = (
        make_published(source),
        make_published(source, "It closes sample text 1.", title="Use this sample"),
    )
    withdrawn(entry, "It repeated another sample.", other)
    response = client.get("/SAMPLE-2020-1")
    page = text(response)
    assert response.status_code == 410
    assert "SAMPLE-2020-1 has been withdrawn" in page
    assert "It repeated another sample." in page
    assert 'href="/SAMPLE-2020-2"' in page
    assert 'href="/SAMPLE-2020-1/v/1"' in page
    assert client.get("/SAMPLE-2020-1/v/1").status_code == 200
    for extension in ("json", "bib", "ris", "csl.json", "txt"):
        answer = client.get(f"/SAMPLE-2020-1.{extension}")
        assert (answer.status_code, answer["Content-Type"]) == (410, "application/problem+json")
    assert "SAMPLE-2020-1" not in {
        item["code"] for item in client.get("/recommendations.json").json()["items"]
    }


def test_a_code_that_never_existed_offers_near_matches(client):
    response = client.get("/PARIS-2025-14")
    page = text(response)
    assert response.status_code == 404
    assert "There is no recommendation PARIS-2025-14" in page
    assert 'href="/PARIS-2025-4"' in page
    assert 'href="/PARIS-2025-1"' in page


@pytest.mark.parametrize(
    "path",
    [
        "/PARIS-2025-4/v/2",
        "/PARIS-2025/t/2",
        "/PARIS-2025/t/0",
        "/PARIS-2025/t/99999999999999999999",
        "/PARIS-2025-4/v/99999999999999999999",
        "/PARIS-2025-4.xyz",
        "/nothing",
    ],
)
def test_what_does_not_exist_is_not_found(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/recommendations.json?theme=skils", 400),
        ("/recommendations.csv?nonsense=1", 400),
        ("/recommendations.atom?page=x", 400),
        ("/PARIS-2025-99.json", 404),
        ("/NOWHERE-2020.txt", 404),
    ],
)
def test_data_formats_answer_errors_as_problems(client, path, status):
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    problem = json.loads(response.content)
    assert problem["status"] == status
    assert problem["title"]


HOSTILE = [
    "",
    "a",
    "'",
    '"',
    "<script>alert(1)</script>",
    "%00",
    "%ff%fe",
    "é",
    "日本",
    "😀",
    "../../etc/passwd",
    "1e999",
    "-1",
]
HOSTILE += [
    "NEAR(a b)",
    "title:x",
    "*",
    "-",
    '"a',
    "a" * 3000,
    "%",
    "\\",
    "';DROP TABLE x;--",
    "${7*7}",
    "{{7*7}}",
    "\r\nX: y",
]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "name",
    ["q", "theme", "tag", "source", "year", "issuer", "addressee", "sort", "page", "unknown"],
)
@pytest.mark.parametrize("path", ["/recommendations/", "/recommendations.json"])
def test_no_query_makes_a_server_error(path, name):
    client = Client(raise_request_exception=True)
    for value in HOSTILE:
        for query in (
            f"{name}={value}",
            f"{name}={value}&{name}={value}",
            f"{name}[]={value}",
            f"theme=skills&{name}={value}",
        ):
            raw = (
                query.replace("\r\n", "%0d%0a").encode().decode("latin-1")
            )  # as WSGI hands bytes over (PEP 3333)
            response = client.get(path, QUERY_STRING=raw)
            assert response.status_code in (200, 302, 400), query
            assert "<script>alert(1)" not in text(response) or "json" in response["Content-Type"]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "path",
    [
        "/%00",
        "/%ff",
        "/PARIS-2025-%00",
        "/themes/%F0%9F%98%80",
        "/" + "a" * 5000,
        "/<script>x</script>",
        "/..",
    ],
)
def test_no_path_makes_a_server_error(client, path):
    response = client.get(path)
    assert response.status_code in (301, 400, 404)
    assert "<script>x" not in text(response)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_readers_addresses_only_answer_reading(client, method):
    for path in ("/", "/recommendations/", "/PARIS-2025-4", "/PARIS-2025.json", "/livez"):
        assert getattr(client, method)(path).status_code == 405


def test_a_reader_gets_no_cookie(client):
    for path in [*PAGES, *DATA, "/nothing", "/recommendations/?x=1"]:
        assert client.get(path).cookies == {}, path


def test_a_chosen_appearance_is_the_one_cookie(client):
    response = client.post("/appearance", {"theme": "dark", "next": "/about/?x=1"})
    assert (response.status_code, response["Location"]) == (303, "/about/?x=1")
    cookie = response.cookies["appearance"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("dark", True, "Lax")
    assert 'data-theme="dark"' in text(client.get("/about/"))
    assert client.post("/appearance", {"theme": "auto"}).cookies["appearance"].value == ""
    for place in (
        "https://evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        "/\\evil.example",
    ):
        assert client.post("/appearance", {"theme": "light", "next": place})["Location"] == "/"
    client.cookies["appearance"] = '"><script>x</script>'
    assert "<script>x" not in text(client.get("/about/"))


def test_security_headers_stand_on_every_answer(client):
    for path in (
        "/",
        "/PARIS-2025-4",
        "/recommendations.json",
        "/nothing",
        "/admin/login/",
        "/recommendations/?x=1",
    ):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == (
            "cross-origin" if ".json" in path else "same-origin"
        )
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("count", [1, 30])
def test_a_list_takes_as_many_queries_for_30_entries_as_for_1(
    client, django_assert_num_queries, count
):
    make_many(count)
    facets.current()
    for path, queries in (
        ("/", 8),
        ("/recommendations/", 9),
        (
            "/recommendations/?q=sample&theme=skills&tag=sample-tag&source=MANY-2021&year=2021&issuer=tech7",
            11,
        ),
        ("/recommendations/?q=nothing&theme=skills&tag=sample-tag", 7),
        ("/MANY-2021-1", 9),
        ("/MANY-2021", 6),
        ("/declarations/", 8),
        ("/themes/", 4),
        ("/themes/skills", 11),
        ("/overview/", 7),
    ):
        with django_assert_num_queries(queries, info=path):
            assert client.get(path).status_code == 200


def test_ready_says_so_only_with_the_database_and_every_migration(client, monkeypatch):
    assert text(client.get("/readyz")) == "ok\n"
    monkeypatch.setattr(
        "recommendations.views.site.MigrationExecutor.migration_plan", lambda *_args: ["one"]
    )
    response = client.get("/readyz")
    assert (response.status_code, text(response)) == (503, "migrations waiting\n")


def test_alive_needs_no_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert text(client.get("/livez")) == "ok\n"


def test_every_page_says_which_parameters_it_knows():
    """A page that is not in the table would keep utm_source in its address."""
    others = {"appearance", "livez", "readyz", "oembed", "picture", "qr_png", "qr_svg"}
    names = {
        each.name
        for each in urls.urlpatterns
        if "extension" not in str(each.pattern) and "." not in str(each.pattern)
    }
    assert names - others - {"schema"} == set(PARAMETERS)


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/favicon.ico", "image/x-icon"), ("/apple-touch-icon.png", "image/png")],
)
def test_browsers_find_an_icon_where_they_look_for_it(client, path, kind):
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, kind)
    assert b"".join(answer)
