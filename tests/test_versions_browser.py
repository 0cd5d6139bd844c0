"""Comparisons, former texts and the page of a correction in a browser: accessible in both modes,
quiet, and fitting.

The pages are answered from the test's own transaction, since the site's threads see no row that is
not committed; the browser asks the site for everything else.
"""

from functools import partial

import pytest
from accessibility import check_accessible
from django.urls import reverse
from factories import make_published, make_source, republish
from playwright.sync_api import Route
from test_correcting import BREAD, ROSES, TEXT, corrected, sent

from recommendations.models import Recommendation

pytestmark = pytest.mark.django_db
READERS = [
    "/SAMPLE-2020-1",
    "/SAMPLE-2020-1/v/3?compare=1",
    "/SAMPLE-2020-1/v/2",
    "/SAMPLE-2020/t/1",
    "/SAMPLE-2020",
]


@pytest.fixture
def entry():
    """An entry whose title was changed and whose words a correction left behind, beside one that
    stayed.
    """
    source = make_source(text=TEXT, title="Sample declaration")
    entry = make_published(source, BREAD, title="Bake sample bread")
    make_published(source, ROSES, title="Grow sample roses")
    entry.title = "Bake more sample bread"
    entry.save()
    republish(entry, "A plainer title.")
    corrected(source, TEXT.replace("bread", "loaves"))
    return Recommendation.objects.select_related("source").get(pk=entry.pk)


@pytest.fixture
def opened(site, page, client):
    """Open a page that the test's client is answered with, and remember what the console says."""
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))

    def open_page(path: str, data: dict | None = None):
        response = client.post(path, data) if data else client.get(path)
        headers = {name: value for name, value in response.items() if name != "Content-Length"}
        page.route(
            f"{site}{path}", lambda route: route.fulfill(body=response.content, headers=headers)
        )
        page.goto(path)
        return page

    return open_page


@pytest.mark.parametrize("path", READERS)
def test_what_readers_see_of_time_is_accessible_quiet_and_fits(entry, opened, path):
    page = opened(path)
    check_accessible(page)
    assert page.said == []


def test_a_correction_and_its_preview_are_accessible_quiet_and_fit(
    entry, opened, client, admin_user
):
    client.force_login(admin_user)
    path = reverse("admin:correct_source", args=[entry.source.pk])
    page = opened(path)
    check_accessible(page)
    form = client.get(path).context["form"]
    text = entry.source.text.replace("roses", "lilies")
    page = opened(path, sent(form, text=text, reason="A sample slip."))
    assert page.get_by_text("Nothing is saved yet.").is_visible()
    check_accessible(page)
    assert page.said == []


def test_two_versions_are_chosen_and_compared_without_a_script(entry, site, client, no_js_page):
    for path in ("/SAMPLE-2020-1/v/3", "/SAMPLE-2020-1/v/3?compare=1"):
        answer = {"body": client.get(path).content, "content_type": "text/html; charset=utf-8"}
        no_js_page.route(f"{site}{path}", partial(Route.fulfill, **answer))
    no_js_page.goto("/SAMPLE-2020-1/v/3")
    no_js_page.get_by_label("Compare version 3 with").select_option("1")
    no_js_page.get_by_role("button", name="Compare").click()
    assert no_js_page.url == f"{site}/SAMPLE-2020-1/v/3?compare=1"
    assert (
        no_js_page.get_by_role("heading", level=1).inner_text()
        == "What changed from version 1 to version 3"
    )
