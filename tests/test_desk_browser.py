"""The desk in a browser: what needs care, merging, splitting, themes and the record are accessible
and fit.
"""

import pytest
from accessibility import check_accessible
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from factories import make_source

from recommendations.models import Change, Intake, Recommendation, Theme


@pytest.fixture
def desk(site, page):
    """A page of somebody who publishes, over committed rows that are taken away again."""
    user = User.objects.create_user(
        "sample-publisher", password="sample-pass-phrase", is_staff=True
    )
    user.groups.set(Group.objects.filter(name="Publishers"))
    source = make_source("DESK-2024")
    draft = Recommendation.objects.create(
        source=source, title="<img src=x onerror=alert(1)> sample"
    )
    intake = Intake.objects.create(
        name="sample.txt", kind="txt", original=b"", sha256="", created_by="rosa"
    )
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("dialog", lambda dialog: page.said.append("a script ran"))
    yield page
    draft.delete()
    intake.delete()
    source.delete()
    user.delete()


def address(name: str) -> str:
    """Return the address of one of the desk's pages."""
    four, five = (Recommendation.objects.get(code=f"PARIS-2025-{n}").pk for n in (4, 5))
    theme = Theme.objects.get(slug="skills").pk
    return {
        "index": reverse("admin:index"),
        "care": reverse("care"),
        "merge": f"{reverse('admin:merge_recommendations')}?entry={four}&entry={five}",
        "split": reverse("admin:split_recommendation", args=[four]),
        "withdraw": reverse("admin:withdraw_recommendation", args=[four]),
        "publish": reverse("admin:publish_recommendations"),
        "propose": reverse("admin:propose_change", args=[four]),
        "rename": reverse("admin:rename_theme", args=[theme]),
        "merge theme": reverse("admin:merge_theme", args=[theme]),
        "retire": reverse("admin:retire_theme", args=[theme]),
        "history": reverse("admin:recommendations_recommendation_history", args=[four]),
        "change": reverse(
            "admin:recommendations_change_change",
            args=[Change.objects.filter(kind="source").last().pk],
        ),
    }[name]


@pytest.mark.parametrize(
    "name",
    [
        "index",
        "care",
        "merge",
        "split",
        "withdraw",
        "publish",
        "propose",
        "rename",
        "merge theme",
        "retire",
        "history",
        "change",
    ],
)
def test_the_desk_is_accessible_quiet_and_fits(site, desk, name):
    assert desk.goto(address(name)).status == 200
    check_accessible(desk, [(1360, "light"), (375, "dark")])
    assert desk.said == []
