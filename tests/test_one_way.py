"""One way to publish: what readers see changes by publishing alone, with a right, a reason and, where
asked for, a second person; and what a version said stays.
"""

import re

import pytest
from django.core import serializers
from django.urls import NoReverseMatch, get_resolver, reverse
from factories import (
    changed,
    content,
    make_many,
    make_proposal,
    make_published,
    make_source,
    renamed,
    sign_in,
    withdrawn,
)
from taggit.models import Tag

from recommendations.editorial import (
    change,
    corrections,
    entries,
    integrity,
    merge,
    split,
    themes,
    withdraw,
)
from recommendations.editorial.corrections import Correction
from recommendations.editorial.errors import NotPublished, Outdated
from recommendations.editorial.proposals import keep
from recommendations.editorial.publish import publish, rehearsal
from recommendations.models import (
    Citation,
    Organisation,
    Recommendation,
    Source,
    Tagging,
    Theme,
    ThemeLabel,
    Version,
)
from recommendations.models.proposal import Act, Proposal

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
CODE = "PARIS-2025-4"


def paris(number: int = 4) -> Recommendation:
    return Recommendation.objects.get(code=f"PARIS-2025-{number}")


def correction() -> Proposal:
    source = Source.objects.get(code="PARIS-2025")
    text = source.text.replace("prioritising", "prioritizing")
    return corrections.propose(source, Correction(text, source.note_signs, source.contents))


def splitting() -> Proposal:
    words = paris().quote.split(" ")
    halves = (" ".join(words[:6]), " ".join(words[6:]))
    return split.propose_by_words(paris(), *halves, "Take the sample rest")


def retirement() -> Proposal:
    for entry in Recommendation.objects.in_theme(Theme.objects.get(slug="skills")):
        changed(entry, themes=["skills", "standards"])
    return themes.propose_retirement(Theme.objects.get(slug="skills"))


def change_of(model, known: str, **values) -> Proposal:
    return change.propose(model.objects.get(slug=known), values)


def new_title() -> Proposal:
    proposal = entries.change_of(paris())
    proposal.title = "Take another sample action"
    return proposal


# Every act, as a proposal that nobody has published yet.
ACTS = {
    "a change": new_title,
    "a withdrawal": lambda: withdraw.propose(paris(), paris(5)),
    "a merge": lambda: merge.propose(paris(), [paris(5)]),
    "a split": splitting,
    "a correction": correction,
    "a declaration's data": lambda: change.propose(
        Source.objects.get(code="PARIS-2025"),
        {"title": "Sample title", "issued_on": "2024-03-02", "issuers": ["g7"], "url": ""},
    ),
    "a theme's names": lambda: change_of(Theme, "skills", label="Sample", slug="sample"),
    "a tag's name": lambda: change_of(Tag, "reskilling", name="Sample retraining"),
    "an organisation's name": lambda: change_of(Organisation, "tech7", name="Sample seven"),
    "a merge of themes": lambda: themes.propose_merge(
        Theme.objects.get(slug="skills"), Theme.objects.get(slug="smes")
    ),
    "a theme's end": retirement,
}
KINDS = pytest.mark.parametrize("made", ACTS.values(), ids=ACTS)


def article(client, address: str) -> str:
    """Return the words that a page shows of its entry."""
    response = client.get(address)
    assert response.status_code == 200
    found = re.search(r"<article.*?</article>", response.content.decode(), re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


# --- What a version said, stays ---


@KINDS
def test_a_version_says_the_same_after_every_kind_of_change(client, made):
    before = article(client, f"/{CODE}/v/1")
    assert "TECH7’s key recommendations for the Paris AI Action Summit" in before
    assert "Skills &amp; workforce" in before
    publish("anna", [made()], "A sample reason.")
    assert article(client, f"/{CODE}/v/1") == before
    assert integrity.prove().failures == []


def test_a_declarations_data_stand_in_each_entry_and_make_its_next_version(client):
    publish("anna", [ACTS["a declaration's data"]()], "The sample title was wrong.")
    assert set(Version.objects.filter(number=2).values_list("reason", flat=True)) == {
        "The sample title was wrong."
    }
    assert Version.objects.filter(number=2).count() == 10
    kept = paris().versions.last().snapshot["source"]
    assert (kept["title"], kept["issued_on"], kept["issuers"], kept["url"]) == (
        "Sample title",
        "2024-03-02",
        [["g7", "G7"]],
        "",
    )
    page = article(client, f"/{CODE}/v/2")
    assert "Sample title" in page
    assert "2 March 2024" in page


def test_a_work_that_is_cited_counts_as_data_of_those_that_cite_it():
    entry, other = make_published(make_source()), paris(1)
    work = make_source("WORK-2019", "")
    changed(entry, works=[("refers to", "WORK-2019", "")])
    renamed(work, title="Another sample title")
    assert entry.versions.last().snapshot["works"][0]["title"] == "Another sample title"
    assert (entry.versions.count(), other.versions.count()) == (3, 1)


@pytest.mark.parametrize("name", ["a theme's names", "a tag's name", "an organisation's name"])
def test_a_name_makes_no_version_and_the_proof_holds(client, name):
    publish("anna", [ACTS[name]()], "A better word.")
    assert Version.objects.filter(number=2).count() == 0
    assert integrity.prove().failures == []
    assert "Sample" in client.get(f"/{CODE}").content.decode()


def test_an_entry_is_proved_by_the_address_that_its_theme_has_today():
    renamed(Theme.objects.get(slug="skills"), slug="talent", label="Sample talent")
    renamed(Theme.objects.get(slug="talent"), slug="know-how")
    assert integrity.prove().failures == []
    paris().themes.clear()
    assert f"{CODE}: themes differ from version 1" in integrity.prove().failures


# --- A proposal is nowhere, and its preview is what publishing writes ---


@KINDS
def test_a_preview_is_the_snapshot_that_publishing_writes(made):
    proposal = made()
    before = Version.objects.count()
    with rehearsal([proposal]) as rehearsed:
        pass
    assert Version.objects.count() == before
    made_now = publish("anna", [proposal], "A sample reason.")
    assert [version.snapshot for version in rehearsed] == [v.snapshot for v in made_now]


@KINDS
def test_a_proposal_that_waits_changes_nothing_for_readers(client, made):
    proposal = made()
    before = seen()
    keep("anna", proposal)
    assert seen() == before


def test_a_new_entry_has_no_code_and_no_row_before_it_is_published():
    source = make_source()
    later = make_proposal(source, "It closes sample text 1.")
    make_proposal(source, "This is sample text").delete()
    first = make_proposal(source)
    assert Recommendation.with_withdrawn.filter(source=source).count() == 0
    made = publish("anna", [later, first], "Sample reason.")
    assert [(v.snapshot["code"], v.snapshot["passages"][0]["start"]) for v in made] == [
        ("SAMPLE-2020-1", 30),
        ("SAMPLE-2020-2", 69),
    ]


def test_an_import_keeps_its_numbers_and_none_is_given_twice():
    source = make_source()
    proposal = entries.propose(source, content(source), 7)
    publish("anna", [proposal], "Sample reason.")
    assert make_published(source, "It closes sample text 1.").code == "SAMPLE-2020-8"


# --- Four eyes ---


@KINDS
def test_under_four_eyes_its_last_writer_cannot_publish_it(settings, made):
    settings.FOUR_EYES = True
    proposal = keep("anna", made())
    before = seen()
    with pytest.raises(NotPublished, match="was written last by anna: this site asks for four"):
        publish("anna", [proposal], "A sample reason.")
    assert seen() == before
    publish("bert", [proposal], "A sample reason.")
    assert seen() != before


def test_under_four_eyes_an_operator_loads_a_folder(settings):
    settings.FOUR_EYES = True
    source = make_source()
    publish("command line", [entries.propose(source, content(source))], "First publication.")
    assert source.recommendations.count() == 1


# --- Two people at one thing ---


def test_what_changed_since_a_proposal_was_written_is_named_and_nothing_is_discarded():
    proposal = keep("anna", new_title())
    changed(paris(), summary="Sample summary.")
    with pytest.raises(Outdated) as caught:
        publish("bert", [proposal], "A sample reason.")
    assert caught.value.problems == [
        f"{CODE} was at version 1 when “Take another sample action” was written, and is at version"
        " 2 now."
    ]
    proposal.refresh_from_db()
    assert (proposal.title, proposal.published_at) == ("Take another sample action", None)
    publish("bert", [proposal], "A sample reason.", confirmed=True)
    assert paris().title == "Take another sample action"


def test_a_name_that_somebody_else_changed_meanwhile_is_asked_about():
    proposal = ACTS["a tag's name"]()
    renamed(Tag.objects.get(slug="reskilling"), name="Sample relearning")
    with pytest.raises(Outdated, match="The name was “Reskilling” when this was written, and is"):
        publish("bert", [proposal], "A sample reason.")


def test_a_proposal_to_change_what_was_withdrawn_is_refused():
    proposal = new_title()
    withdrawn(paris())
    with pytest.raises(NotPublished, match=f"{CODE} was withdrawn"):
        publish("bert", [proposal], "A sample reason.", confirmed=True)


# --- Many ---


def test_merging_a_theme_versions_more_entries_than_are_held_at_once():
    make_many(501)
    proposal = themes.propose_merge(
        Theme.objects.get(slug="skills"), Theme.objects.get(slug="smes")
    )
    publish("anna", [proposal], "A sample reason.")
    told = Version.objects.filter(reason="A sample reason.")
    assert told.count() == 501 + 3
    assert {v["themes"][0][0] for v in told.values_list("snapshot", flat=True)} == {"smes"}
    assert integrity.prove().failures == []


# --- At the desk ---

TABLES = [Citation, Recommendation, Source, Tagging, Theme, ThemeLabel, Version]
TABLES += [Recommendation.themes.through, Recommendation.addressees.through]
TABLES += [Source.issuers.through]


def seen() -> str:
    """Return all that readers' pages are made from, as of now."""
    rows = [row for table in TABLES for row in table._base_manager.order_by("pk")]
    used = Organisation.objects.exclude(addressed_by=None, issued=None).distinct().order_by("pk")
    tags = Tag.objects.filter(recommendations_tagging_items__isnull=False)
    rows += [*used, *tags.distinct().order_by("pk")]
    return serializers.serialize("json", rows)


def desk_addresses(keys: dict[str, int]) -> list[str]:
    """Return every address of the desk, with a thing that there is."""
    found = []
    for pattern in get_resolver("recommendations.urls").reverse_dict.keys() | _admin_names():
        if not isinstance(pattern, str):
            continue
        model = next((name for name in keys if name in pattern), "recommendation")
        for args in ([], [keys[model]], [keys["source"]], [keys["source"], keys["proposal"]]):
            try:
                found.append(reverse(f"admin:{pattern}", args=args))
            except NoReverseMatch:
                continue
    return found


def _admin_names() -> set[str]:
    names = get_resolver().namespace_dict["admin"][1].reverse_dict
    return {name for name in names if isinstance(name, str)}


FORM = {
    "reason": "A sample reason.",
    "title": "Sample",
    "label": "Sample",
    "name": "Sample",
    "slug": "sample",
    "post": "yes",
    "survivor": "1",
    "into": "1",
    "text": "Sample text.",
    "confirm": "Save",
    "act": "accept",
    "revision": "1",
    "_selected_action": ["1", "2"],
    "action": "delete_selected",
    "confirmed": "on",
}


def test_nothing_that_an_editor_sends_to_the_desk_changes_what_readers_see(client):
    sign_in(client, "Editors")
    proposal = keep("anna", new_title())
    keys = {
        "proposal": proposal.pk,
        "source": Source.objects.get(code="PARIS-2025").pk,
        "theme": Theme.objects.get(slug="skills").pk,
        "organisation": Organisation.objects.get(slug="tech7").pk,
        "tag": Tag.objects.get(slug="reskilling").pk,
        "recommendation": paris().pk,
    }
    before, addresses = seen(), desk_addresses(keys)
    assert len([address for address in addresses if "/recommendations/" in address]) > 40
    for address in addresses:
        client.post(address, FORM | {"seen": "x"})
        assert seen() == before, address


@KINDS
def test_an_editor_cannot_publish_a_proposal_and_a_publisher_can(client, made):
    proposal = keep("anna", made())
    before, sent = seen(), {"revision": proposal.revision, "reason": "A sample reason."}
    address = reverse("admin:publish_proposal", args=[proposal.pk])
    sign_in(client, "Editors")
    assert client.get(reverse("admin:recommendations_proposal_change", args=[proposal.pk]))
    assert (client.post(address, sent).status_code, seen() == before) == (403, True)
    client.logout()
    sign_in(client, "Publishers")
    page = client.get(reverse("admin:recommendations_proposal_change", args=[proposal.pk]))
    assert page.status_code == 200
    assert client.post(address, sent).status_code == 302
    assert seen() != before


def test_every_act_can_be_published_and_has_a_right():
    proposed = {made().act for made in ACTS.values()}
    assert proposed == set(Act)


def test_the_page_of_a_proposal_says_that_its_thing_has_ended(client):
    sign_in(client, "Publishers")
    tag = Tag.objects.create(name="Sample passing tag", slug="sample-passing-tag")
    proposal = keep("anna", change.propose(tag, {"name": "Sample lasting tag"}))
    tag.delete()
    answer = client.get(reverse("admin:recommendations_proposal_change", args=[proposal.pk]))
    assert answer.status_code == 200
    assert "What this would change has ended meanwhile." in answer.content.decode()
