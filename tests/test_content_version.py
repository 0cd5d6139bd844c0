"""The content version grows with what readers can see, and a page that was made once answers until
it does.
"""

from datetime import date

import brotli
import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Concat
from factories import make_proposal, make_published, make_source, republish, withdrawn
from taggit.models import Tag

from recommendations.models import ContentVersion, Organisation, Recommendation, Source, Theme

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def entry(number: int = 4) -> Recommendation:
    return Recommendation.objects.get(code=f"PARIS-2025-{number}")


def renamed(thing, **fields) -> None:
    """Save a thing with other values."""
    for name, value in fields.items():
        setattr(thing, name, value)
    thing.save()


SEEN = {
    "a publication": lambda: republish(entry(), "Sample correction."),
    "a withdrawal": lambda: withdrawn(entry(), "Sample withdrawal."),
    "a theme's name": lambda: renamed(Theme.objects.get(slug="skills"), label="Sample theme"),
    "a theme's other name": lambda: Theme.objects.get(slug="skills").alternatives.create(
        label="Sample label"
    ),
    "a new theme": lambda: Theme.objects.create(
        slug="sample", label="Sample theme", definition="Sample."
    ),
    "a tag's name": lambda: renamed(Tag.objects.first(), name="Sample tag, renamed"),
    "an actor's name": lambda: renamed(Organisation.objects.get(slug="tech7"), name="Sample actor"),
    "a source's title": lambda: renamed(
        Source.objects.get(code="PARIS-2025"), title="Sample title"
    ),
    "a source's issuer": lambda: Source.objects.get(code="PARIS-2025").issuers.add(
        Organisation.objects.get(slug="g7")
    ),
}


@pytest.mark.parametrize("change", SEEN.values(), ids=SEEN)
def test_what_readers_see_raises_it(change):
    before = ContentVersion.now()
    change()
    assert ContentVersion.now() > before


def test_what_only_editors_see_leaves_it():
    source = make_source()
    before = ContentVersion.now()
    draft = make_proposal(source)
    renamed(draft, title="Take other sample action")
    draft.delete()
    assert ContentVersion.now() == before


def test_it_goes_back_with_the_transaction_that_raised_it():
    before = ContentVersion.now()
    with transaction.atomic():
        republish(entry(), "Sample correction.")
        transaction.set_rollback(True)
    assert ContentVersion.now() == before


def test_one_statement_raises_it_once_on_postgresql():
    before = ContentVersion.now()
    changed = Organisation.objects.update(name=Concat("name", Value(" (sample)")))
    assert ContentVersion.now() - before == (1 if connection.vendor == "postgresql" else changed)
    Organisation.objects.update(name=Concat("name", Value(" (sample)")))
    assert ContentVersion.now() - before == 2 * (
        1 if connection.vendor == "postgresql" else changed
    )


PAGES = [
    "/",
    "/recommendations/",
    "/recommendations/?theme=skills",
    "/PARIS-2025-4",
    "/PARIS-2025",
    "/overview/",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_made_once_answers_again_in_one_query(client, django_assert_num_queries, path):
    first = client.get(path)
    with django_assert_num_queries(1):
        again = client.get(path)
    for answer in (first, again):
        del answer.headers["X-Request-ID"]  # of each answer its own
    assert (again.content, dict(again.items())) == (first.content, dict(first.items()))
    assert first["Cache-Control"] == "public, max-age=0, must-revalidate"


@pytest.mark.parametrize("path", PAGES)
def test_a_reader_who_has_the_page_gets_304_until_something_is_published(client, path):
    tag = client.get(path)["ETag"]
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    republish(entry(), "Sample correction.")
    fresh = client.get(path, headers={"If-None-Match": tag})
    assert fresh.status_code == 200
    assert fresh["ETag"] != tag


def test_a_publication_is_seen_by_the_next_reader(client):
    assert "Take new sample action" not in client.get("/recommendations/").content.decode()
    make_published(make_source(issued_on=date(2030, 1, 1)), title="Take new sample action")
    assert "Take new sample action" in client.get("/recommendations/").content.decode()


def test_a_withdrawn_entry_is_gone_at_once(client):
    assert client.get("/PARIS-2025-4").status_code == 200
    withdrawn(entry(), "Sample withdrawal.")
    assert client.get("/PARIS-2025-4").status_code == 410


def test_an_appearance_and_a_swap_in_place_have_pages_of_their_own(client):
    whole = client.get("/recommendations/").content
    part = client.get("/recommendations/", headers={"HX-Request": "true"}).content
    client.cookies["appearance"] = "dark"
    dark = client.get("/recommendations/").content
    assert b'data-theme="dark"' in dark
    assert b'data-theme="dark"' not in whole
    assert b"<html" not in part
    assert (
        client.get("/recommendations/")["Vary"]
        == "HX-Request, Cookie, HX-History-Restore-Request, Accept-Encoding"
    )


def test_a_head_answers_like_a_get_without_its_body(client):
    got, asked = client.get("/PARIS-2025-4"), client.head("/PARIS-2025-4")
    assert (asked.status_code, asked.content, asked["Content-Type"]) == (
        200,
        b"",
        got["Content-Type"],
    )
    assert client.get("/PARIS-2025-4").content == got.content


@pytest.mark.parametrize("wish", ["br", "gzip, deflate, br, zstd", "gzip;q=0.5,BR;q=0.3"])
def test_a_browser_that_takes_brotli_gets_the_same_page_in_it(
    client, wish, django_assert_num_queries
):
    plain, packed = client.get("/about/"), client.get("/about/", headers={"Accept-Encoding": wish})
    assert (packed["Content-Encoding"], brotli.decompress(packed.content)) == ("br", plain.content)
    assert len(packed.content) < len(plain.content) / 2
    assert "Content-Encoding" not in plain
    assert packed["ETag"] != plain["ETag"]
    with django_assert_num_queries(1):
        again = client.get("/about/", headers={"Accept-Encoding": wish})
    assert (again.content, again["Content-Encoding"], again["ETag"]) == (
        packed.content,
        "br",
        packed["ETag"],
    )


@pytest.mark.parametrize("wish", ["", "gzip", "br;q=0", "br; q=0.00, gzip", "brown"])
def test_others_get_the_page_as_it_is(client, wish):
    assert "Content-Encoding" not in client.get("/about/", headers={"Accept-Encoding": wish})


def test_nothing_of_an_editor_is_kept_and_nothing_kept_reaches_one(client):
    client.force_login(User.objects.create_superuser("sample-admin", password="sample-pass-phrase"))
    assert "ETag" not in client.get("/PARIS-2025-4")
    assert "ETag" not in client.get("/admin/")


@pytest.mark.parametrize(
    "path", ["/recommendations/?theme=x", "/PARIS-2025-99", "/livez", "/readyz"]
)
def test_an_answer_of_the_moment_is_not_kept(client, path):
    assert "ETag" not in client.get(path)


def test_a_card_made_for_one_page_serves_the_next(client, django_assert_num_queries):
    client.get("/recommendations/")
    with django_assert_num_queries(2):
        page = client.get("/recommendations/?sort=code").content.decode()
    assert page.count('<article class="entry">') == 10
    republish(entry(), "Sample correction.")
    renamed(Theme.objects.get(slug="skills"), label="Sample theme")
    assert "Sample theme</a>" in client.get("/recommendations/?sort=code").content.decode()


def test_the_words_of_a_search_are_marked_on_cards_of_their_own(client):
    client.get("/recommendations/")
    assert "<mark>" in client.get("/recommendations/?q=curricula").content.decode()
    assert "<mark>" not in client.get("/recommendations/?sort=newest").content.decode()


def test_different_bytes_of_a_query_are_different_questions(client):
    raw, encoded = (
        client.get("/recommendations/", QUERY_STRING=query)
        for query in ("q=\xc3\xa9", "q=%C3%83%C2%A9")
    )
    assert raw.content != encoded.content
    assert raw["ETag"] != encoded["ETag"]
