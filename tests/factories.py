"""Made-up declarations for the tests; every text says that it is sample text."""

from dataclasses import replace
from datetime import date
from functools import cache

import pytest
from django.contrib.auth.models import Group, User

from recommendations.editorial import change, entries, intake, withdraw
from recommendations.editorial.content import Content
from recommendations.editorial.publish import publish
from recommendations.ingest.extract import Extract, extract
from recommendations.models import Intake, Organisation, Recommendation, Source, Version
from recommendations.models.proposal import Proposal
from recommendations.text import positions

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
    source.issuers.add(Organisation.objects.get(slug="tech7"))
    return source


def content(source: Source, *quotes: str, title: str = "Take sample action", **fields) -> Content:
    """Return what a sample entry says: by default one theme and one tag."""
    number = source.text_number
    quotes = quotes or ("We call for sample action 1 on alpha1.",)
    places = [(*positions.locate(source.text, quote), number) for quote in quotes]
    values = {"themes": ["skills"], "tags": ["Sample tag"]} | fields
    return Content(title=title, passages=places, **values)


def make_proposal(
    source: Source, *quotes: str, who: str = "", decision: str = "open", **fields
) -> Proposal:
    """Make a saved proposal of a new entry."""
    proposal = entries.propose(source, content(source, *quotes, **fields))
    proposal.written_by, proposal.decision = who, decision
    proposal.save()
    return proposal


def make_published(source: Source, *quotes: str, **fields) -> Recommendation:
    """Make a published entry."""
    proposal = entries.propose(source, content(source, *quotes, **fields))
    (version,) = publish("sample", [proposal], "Sample publication.")
    return Recommendation.objects.get(pk=version.recommendation_id)


def changed(entry: Recommendation, reason: str = "Sample correction.", **fields) -> Version:
    """Publish a change of a published entry."""
    entry = Recommendation.objects.get(pk=entry.pk)
    said = replace(Content.of(entry), **fields)
    proposal = said.put(entries.change_of(entry), entry.source.text_number)
    return publish("sample", [proposal], reason)[0]


def republish(entry: Recommendation, reason: str = "Sample correction.") -> Version:
    """Publish the next version of an entry, as its rows now say."""
    return changed(entry, reason)


def withdrawn(
    entry: Recommendation, reason: str = "Sample withdrawal.", by: Recommendation | None = None
) -> Recommendation:
    """Withdraw a published entry."""
    entry = Recommendation.objects.get(pk=entry.pk)
    publish("sample", [withdraw.propose(entry, by)], reason)
    return Recommendation.with_withdrawn.get(pk=entry.pk)


def renamed(thing, reason: str = "Sample renaming.", **values) -> None:
    """Publish other names or data of a thing."""
    publish("sample", [change.propose(thing, values)], reason)


def make_many(count: int, code: str = "MANY-2021") -> list[Recommendation]:
    """Make a declaration with many published entries, of the skills theme."""
    text = "".join(SAMPLE.format(number) for number in range(1, count + 1))
    source = make_source(code, text, issued_on=date(2021, 6, 1))
    proposals = [
        entries.propose(
            source,
            content(
                source,
                f"We call for sample action {number} on alpha{number}.",
                title=f"Take sample action {number}",
            ),
        )
        for number in range(1, count + 1)
    ]
    publish("sample", proposals, "Sample publication.")
    return list(source.recommendations.order_by("number"))


@cache
def _extracted(text: str) -> Extract:
    """Read a text file in a process of its own, as every upload is read, but once."""
    return extract(text.encode(), "sample.txt")


def make_intake(monkeypatch: pytest.MonkeyPatch, who: str, text: str) -> Intake:
    """Bring in a text file without reading it anew for each test."""
    with monkeypatch.context() as patch:
        patch.setattr(intake, "extract", lambda *_args: _extracted(text))
        made = intake.bring_in(who, text.encode(), "sample.txt")
    Intake.objects.filter(pk=made.pk).update(issuer="TECH7")
    made.issuer = "TECH7"
    return made


def sign_in(client, *groups: str, name: str = "") -> User:
    """Sign somebody in who is in these groups."""
    user = User.objects.create_user(
        name or "-".join(groups).lower() or "nobody", password="sample-pass-phrase", is_staff=True
    )
    user.groups.set(Group.objects.filter(name__in=groups))
    client.force_login(user)
    return user
