"""The desk in a browser: what needs care, merging, splitting, themes and the record are accessible
and fit.
"""

import pytest
from accessibility import check_accessible
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from factories import make_proposal, make_source

from recommendations.editorial import change, entries
from recommendations.editorial.proposals import keep
from recommendations.models import Change, Intake, Recommendation, Theme
from recommendations.models.proposal import Proposal


@pytest.fixture
def desk(site, page):
    """A page of somebody who publishes, over committed rows that are taken away again."""
    user = User.objects.create_user(
        "sample-publisher", password="sample-pass-phrase", is_staff=True
    )
    user.groups.set(Group.objects.filter(name="Publishers"))
    source = make_source("DESK-2024")
    entry = Recommendation.objects.get(code="PARIS-2025-4")
    proposals = [
        make_proposal(source, title="<img src=x onerror=alert(1)> sample"),
        keep("anna", entries.change_of(entry)),
        keep("anna", change.propose(entry.source, {"title": "Sample title"})),
    ]
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
    for proposal in proposals:
        proposal.delete()
    intake.delete()
    source.delete()
    user.delete()


def proposal(act: str) -> int:
    """Return the key of the newest proposal of an act."""
    return Proposal.objects.filter(act=act).latest("pk").pk


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
        "proposals": reverse("admin:recommendations_proposal_changelist"),
        "new": f"{reverse('admin:recommendations_proposal_add')}?source=PARIS-2025",
        "proposal": reverse("admin:recommendations_proposal_change", args=[proposal("entry")]),
        "data": reverse("admin:recommendations_proposal_change", args=[proposal("change")]),
        "preview": reverse("admin:preview_proposal", args=[proposal("entry")]),
        "propose": reverse("admin:propose_change", args=[four]),
        "rename": reverse("admin:recommendations_theme_change", args=[theme]),
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
        "proposals",
        "new",
        "proposal",
        "data",
        "preview",
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
