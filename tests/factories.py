"""Made-up declarations for the tests; every text says that it is sample text."""

from datetime import date

from django.contrib.auth.models import Group, User

from recommendations.models import Actor, Citation, Recommendation, Source, Theme
from recommendations.models.citation import Role

SAMPLE = (
    "This is sample text number {0}. We call for sample action {0} on alpha{0}. It closes sample "
    "text {0}.\n"
)


def make_source(code: str = "SAMPLE-2020", text: str | None = None, **fields) -> Source:
    """Make a sample declaration of TECH7."""
    values = {
        "title": f"Sample declaration {code}",
        "short_title": f"Sample {code}",
        "issued_on": date(2020, 5, 1),
    }
    source = Source.objects.create(
        code=code, text=SAMPLE.format(1) if text is None else text, **(values | fields)
    )
    source.issuers.add(Actor.objects.get(slug="tech7"))
    return source


def make_draft(
    source: Source, quote: str = "We call for sample action 1 on alpha1.", **fields
) -> Recommendation:
    """Make a draft with one passage, one theme and one tag."""
    entry = Recommendation.objects.create(
        source=source, **({"title": "Take sample action"} | fields)
    )
    passage = Citation(recommendation=entry, source=source, role=Role.STATES)
    passage.anchor(quote)
    passage.save()
    entry.themes.add(Theme.objects.get(slug="skills"))
    entry.tags.add("Sample tag")
    return entry


def make_published(
    source: Source, quote: str = "We call for sample action 1 on alpha1.", **fields
) -> Recommendation:
    """Make a published entry."""
    entry = make_draft(source, quote, **fields)
    entry.publish("Sample publication.")
    return entry


def make_many(count: int, code: str = "MANY-2021") -> list[Recommendation]:
    """Make a declaration with many published entries, of the skills theme."""
    text = "".join(SAMPLE.format(number) for number in range(1, count + 1))
    source = make_source(code, text, issued_on=date(2021, 6, 1))
    quotes = [
        f"We call for sample action {number} on alpha{number}." for number in range(1, count + 1)
    ]
    return [
        make_published(source, quote, title=f"Take sample action {n}")
        for n, quote in enumerate(quotes, start=1)
    ]


def sign_in(client, *groups: str) -> User:
    """Sign somebody in who is in these groups."""
    user = User.objects.create_user(
        "-".join(groups).lower() or "nobody", password="sample-pass-phrase", is_staff=True
    )
    user.groups.set(Group.objects.filter(name__in=groups))
    client.force_login(user)
    return user
