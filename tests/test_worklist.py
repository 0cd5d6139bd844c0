"""What needs an editor's care: each thing is listed once, with what to do and the way there."""

import pytest
from django.urls import reverse
from django.utils import timezone
from factories import make_proposal, make_published, make_source, withdrawn
from test_editing import sign_in

from recommendations.editorial import entries, withdraw, worklist
from recommendations.editorial.proposals import keep
from recommendations.models import FormerText, Intake, Source
from recommendations.models.proposal import Proposal

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
CARE = "/admin/care/"


def names(name: str) -> list[str]:
    return [
        str(thing) for item in worklist.work_items() for thing in item.things if item.name == name
    ]


def test_changes_of_what_is_published_wait_the_oldest_first():
    source = make_source()
    entry = make_published(source)
    make_proposal(source, "It closes sample text 1.")
    for proposal in (entries.change_of(entry), withdraw.propose(entry)):
        keep("anna", proposal)
    assert names("changes") == ["Take sample action", "Withdraw SAMPLE-2020-1"]


def test_proposals_wait_by_declaration_until_they_are_rejected_or_published():
    source, done = make_source(), make_source("DONE-2021")
    Proposal.objects.create(source=source, spans=[[0, 4]])
    Proposal.objects.create(source=source, spans=[[5, 7]], decision="accepted")
    Proposal.objects.create(source=source, spans=[[8, 9]], decision="rejected")
    Proposal.objects.create(
        source=done, spans=[[0, 4]], decision="accepted", published_at=timezone.now()
    )
    Proposal.objects.create(source=done, spans=[[0, 4]], decision="rejected")
    [found] = worklist.waiting_proposals()
    assert (found.code, found.to_decide, found.to_publish) == ("SAMPLE-2020", 1, 1)


def test_intakes_wait_until_they_are_declarations():
    made = {"kind": "txt", "original": b"x", "sha256": "0" * 64, "created_by": "rosa"}
    Intake.objects.create(name="sample.txt", **made)
    Intake.objects.create(name="done.txt", source=make_source(), **made)
    assert names("intakes") == ["sample.txt"]


def test_entries_without_a_theme_are_found_unless_withdrawn():
    source = make_source()
    entry, gone = make_published(source), make_published(source, "It closes sample text 1.")
    withdrawn(gone)
    assert names("themeless") == []
    entry.themes.clear()
    gone.themes.clear()
    assert names("themeless") == ["SAMPLE-2020-1: Take sample action"]


def test_quotes_that_a_correction_left_behind_are_found():
    source = make_source()
    make_published(source)
    FormerText.objects.create(
        source=source,
        number=1,
        text=source.text,
        sha256=source.sha256,
        replaced_at=timezone.now(),
        reason="Sample.",
    )
    source.text, source.text_number = "Sample text without the words.\n", 2
    source.save()
    assert [quote.recommendation.code for quote in worklist.orphaned_quotes()] == ["SAMPLE-2020-1"]


def test_cited_works_without_a_link_are_found():
    entry = make_published(make_source())
    before = names("works")
    for code, url in (("BARE-2019", ""), ("LINKED-2019", "https://example.org/")):
        entry.citations.create(source=make_source(code, text="", url=url), role="refers to")
    make_source("UNCITED-2019", text="")
    assert sorted(set(names("works")) - set(before)) == ["BARE-2019: Sample declaration BARE-2019"]


def test_replacements_that_were_withdrawn_in_turn_are_found():
    source = make_source()
    first, second = make_published(source), make_published(source, "It closes sample text 1.")
    withdrawn(first, "Sample reason.", second)
    assert names("chains") == []
    withdrawn(second)
    assert names("chains") == ["SAMPLE-2020-1: Take sample action"]


def fill(count: int) -> None:
    """Make as many things of each kind as there are pages to test."""
    source = make_source()
    entry = make_published(source)
    for n in range(count):
        keep("anna", entries.change_of(entry))
        Proposal.objects.create(source=make_source(f"SAMPLE{n}-2021"), spans=[[0, 4]])
        Intake.objects.create(
            name=f"{n}.txt", kind="txt", original=b"", sha256="", created_by="rosa"
        )
        work = make_source(f"WORK{n}-2019", text="")
        entry.citations.create(source=work, role="refers to")


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_takes_as_many_queries_for_30_things_as_for_1(
    client, django_assert_num_queries, count
):
    sign_in(client, "Editors")
    fill(count)
    with django_assert_num_queries(QUERIES):
        assert client.get(CARE).status_code == 200


QUERIES = (
    21  # two for each of seven items, seven for the session, the user and what the user may do
)


def test_each_list_is_cut_at_20_and_says_how_many_there_are(client):
    sign_in(client, "Editors")
    before = Source.objects.filter(text="", url="").count()
    fill(30)
    page = client.get(CARE).content.decode()
    assert "Changes waiting (30)" in page
    assert "These are the first 20 of 30." in page
    assert f"Cited works without a link ({30 + before})" in page
    assert worklist.total() == 30 + 31 + 30 + 30 + before
    assert f"What needs care: {121 + before} things" in client.get("/admin/").content.decode()


def test_each_line_leads_to_where_the_thing_is_mended(client):
    sign_in(client, "Editors")
    fill(1)
    source, proposal = (
        Source.objects.get(code="SAMPLE0-2021"),
        Proposal.objects.get(entry__isnull=False),
    )
    page = client.get(CARE).content.decode()
    for address in (
        reverse("admin:recommendations_proposal_change", args=[proposal.pk]),
        reverse("admin:recommendations_intake_change", args=[Intake.objects.get().pk]),
        reverse(
            "admin:recommendations_source_change", args=[Source.objects.get(code="WORK0-2019").pk]
        ),
        reverse("admin:review_source", args=[source.pk]),
    ):
        assert f'<a href="{address}">' in page


def test_only_editors_see_what_needs_care(client):
    assert client.get(CARE).status_code == 302
    sign_in(client)
    assert client.get(CARE).status_code == 403
    assert "What needs care" not in client.get("/admin/").content.decode()


def test_nothing_to_care_for_is_said(client):
    sign_in(client, "Editors")
    Source.objects.filter(text="").update(url="https://example.org/")
    assert worklist.total() == 0
    assert "Nothing waits, and nothing is amiss." in client.get(CARE).content.decode()
    assert "What needs care: 0 things" in client.get("/admin/").content.decode()


def test_markup_in_names_is_shown_as_text(client):
    sign_in(client, "Editors")
    entry = make_published(make_source(), title="<script>alert(1)</script>")
    keep("anna", entries.change_of(entry))
    page = client.get(CARE).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page


# --- The desk's first page -------------------------------------------------


def test_the_desk_begins_with_what_is_under_way(client):
    sign_in(client, "Editors")
    source = make_source("SAMPLE-2021")
    for start, decision in ((0, "open"), (2, "open"), (4, "accepted")):
        Proposal.objects.create(source=source, spans=[[start, start + 1]], decision=decision)
    intake = Intake.objects.create(
        name="sample.txt", kind="txt", original=b"x", sha256="0" * 64, created_by="rosa"
    )
    page = client.get("/admin/").content.decode()
    assert (
        f'href="/admin/recommendations/intake/{intake.pk}/change/">Check what was read: '
        "sample.txt</a>" in page
    )
    assert (
        f'href="/admin/recommendations/source/{source.pk}/review/">Review SAMPLE-2021: 2 to '
        "decide</a>" in page
    )
    assert "SAMPLE-2021: 1 accepted</a> <span>a publisher publishes them</span>" in page
    assert 'href="/admin/recommendations/intake/add/">Bring in a declaration</a>' in page
    assert "Taggit" not in page
    sign_in(client, "Publishers")
    page = client.get("/admin/").content.decode()
    assert (
        f'href="/admin/recommendations/source/{source.pk}/review/publish/">Publish SAMPLE-2021: 1 '
        "accepted</a>" in page
    )


def test_the_desk_says_what_to_do_where_nothing_is_under_way(client):
    sign_in(client, "Editors")
    assert (
        "Nothing. When the next declaration comes out, bring it in."
        in client.get("/admin/").content.decode()
    )


@pytest.mark.parametrize("count", [1, 30])
def test_the_desks_first_page_takes_as_many_queries_for_30_things_as_for_1(
    client, django_assert_num_queries, count
):
    sign_in(client, "Editors")
    fill(count)
    with django_assert_num_queries(
        16
    ):  # one for each of seven items, two for what is under way, seven as above
        page = client.get("/admin/").content.decode()
    assert ("These are the first 10 of each kind." in page) == (count == 30)
