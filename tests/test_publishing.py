"""Publishing makes versions, withdrawing keeps the address, and the proof notices whatever was
tampered with.
"""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from factories import (
    SAMPLE,
    changed,
    make_proposal,
    make_published,
    make_source,
    renamed,
    withdrawn,
)
from pyroaring import BitMap

from recommendations.editorial import entries, integrity, withdraw
from recommendations.editorial.errors import NotPublished, Refused
from recommendations.editorial.publish import publish
from recommendations.models import Recommendation, Source, Status, Version
from recommendations.models.proposal import Proposal
from recommendations.search import fulltext

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def find(text: str) -> set[str]:
    keys = fulltext.find(fulltext.parse(text))
    return set(Recommendation.objects.filter(pk__in=keys).values_list("code", flat=True))


def test_a_first_publication_is_version_1():
    proposal = make_proposal(make_source())
    (version,) = publish("anna", [proposal], "  Sample reason. ")
    assert (version.number, version.reason, version.previous_hash) == (1, "Sample reason.", "")
    assert (version.recommendation.code, version.hash) == ("SAMPLE-2020-1", version.digest())
    assert version.snapshot["passages"][0]["quote"] == "We call for sample action 1 on alpha1."
    proposal.refresh_from_db()
    assert (proposal.entry, proposal.decision) == (version.recommendation, "accepted")


def test_the_next_version_follows_the_hash_of_the_last():
    entry = make_published(make_source())
    second = changed(entry, title="Take another sample action")
    first = entry.versions.get(number=1)
    assert (second.number, second.previous_hash) == (2, first.hash)
    assert (first.snapshot["title"], second.snapshot["title"]) == (
        "Take sample action",
        "Take another sample action",
    )
    entry.refresh_from_db()
    assert entry.published_at == Recommendation.objects.get(pk=entry.pk).published_at


def test_what_lacks_something_is_not_published_and_says_what():
    proposal = Proposal.objects.create(source=make_source(), title="Sample without anything")
    with pytest.raises(NotPublished) as caught:
        publish("anna", [proposal], " ")
    assert caught.value.problems == [
        "A reason is missing.",
        "“Sample without anything” lacks a passage.",
    ]
    assert not Recommendation.objects.filter(source=proposal.source).exists()


def test_publishing_several_is_all_or_nothing():
    source = make_source()
    good = make_proposal(source)
    bad = make_proposal(source, "It closes sample text 1.", themes=["never-a-theme"])
    with pytest.raises(NotPublished, match="the theme “never-a-theme” has ended"):
        publish("anna", [good, bad], "Sample reason.")
    source.refresh_from_db()
    assert (source.recommendations.count(), source.numbers_given) == (0, 0)


def test_a_search_finds_an_entry_from_its_publication_to_its_withdrawal():
    proposal = make_proposal(make_source())
    assert find("alpha1") == set()
    (version,) = publish("anna", [proposal], "Sample reason.")
    assert find("alpha1") == {"SAMPLE-2020-1"}
    withdrawn(version.recommendation)
    assert fulltext.find(fulltext.parse("alpha1")) == BitMap()


def test_a_renamed_theme_is_found_by_its_new_names():
    entry = make_published(make_source())
    renamed(entry.themes.get(), alternatives=["zymurgy"])
    assert "SAMPLE-2020-1" in find("zymurgy")


def test_a_withdrawn_entry_keeps_its_versions_and_names_its_replacement():
    source = make_source()
    entry, other = make_published(source), make_published(source, "It closes sample text 1.")
    entry = withdrawn(entry, "It repeated the other sample.", other)
    assert (entry.status, entry.replaced_by, entry.withdrawal_reason) == (
        Status.WITHDRAWN,
        other,
        "It repeated the other sample.",
    )
    assert entry.versions.count() == 1
    assert not Recommendation.objects.filter(pk=entry.pk).exists()
    assert Recommendation.with_withdrawn.filter(pk=entry.pk).exists()


def test_withdrawing_needs_a_published_entry_a_reason_and_a_published_replacement():
    source = make_source()
    entry, other = make_published(source), make_published(source, "It closes sample text 1.")
    other = withdrawn(other)
    for gone, reason, replacement in [
        (other, "x", None),
        (entry, " ", None),
        (entry, "x", other),
        (entry, "x", entry),
    ]:
        with pytest.raises(Refused):
            publish("anna", [withdraw.propose(gone, replacement)], reason)


def test_a_withdrawn_entry_is_not_published_again():
    entry = make_published(make_source())
    proposal = entries.change_of(entry)
    withdrawn(entry)
    with pytest.raises(NotPublished, match="SAMPLE-2020-1 was withdrawn"):
        publish("anna", [proposal], "Again.")


def tamper(table: str, assignment: str, where: str, params: list) -> None:
    """Change a row behind the rules, as a damaged disk or a hostile hand would."""
    names = {
        "citation": "quote_stands_in_text",
        "source": "quoted_text_lasts",
        "version": "version_is_immutable",
    }
    trigger = f"{names[table]}_update"
    with connection.cursor() as cursor:
        on = f" ON recommendations_{table}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {trigger}{on}")
        cursor.execute(f"UPDATE recommendations_{table} SET {assignment} WHERE {where}", params)


PARIS_4 = (
    "recommendation_id = (SELECT id FROM recommendations_recommendation WHERE code = "
    "'PARIS-2025-4')"
)


@pytest.mark.parametrize(
    ("table", "assignment", "where", "failures"),
    [
        (
            "citation",
            "quote = replace(quote, 'call', 'fall')",
            PARIS_4,
            [
                "PARIS-2025-4: the quote is not what stands at 3237 to 3410 of PARIS-2025",
                "PARIS-2025-4: passages differ from version 1",
            ],
        ),
        (
            "source",
            "sha256 = 'tampered'",
            "code = 'PARIS-2025'",
            ["PARIS-2025: the text does not match its SHA-256"],
        ),
        (
            "version",
            "reason = 'tampered'",
            PARIS_4,
            ["PARIS-2025-4: version 1 does not match its hash"],
        ),
    ],
)
def test_the_proof_names_what_was_tampered_with(table, assignment, where, failures):
    tamper(table, assignment, where, [])
    found = integrity.prove().failures
    assert found[: len(failures)] == failures


def test_verifyquotes_exits_1_naming_the_failure():
    tamper("version", "reason = 'tampered'", PARIS_4, [])
    errors = StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command("verifyquotes", stdout=StringIO(), stderr=errors)
    assert caught.value.code == 1
    assert "PARIS-2025-4: version 1 does not match its hash" in errors.getvalue()


def test_a_change_behind_the_back_of_the_versions_is_named():
    Recommendation.objects.filter(code="PARIS-2025-4").update(title="Changed without a version")
    assert integrity.prove().failures == ["PARIS-2025-4: title differ from version 1"]


def test_the_versions_of_the_fixture_hold_every_quote():
    assert Version.objects.count() == 10
    text = Source.objects.get(code="PARIS-2025").text
    for version in Version.objects.all():
        for passage in version.snapshot["passages"]:
            assert text[passage["start"] : passage["end"]] == passage["quote"]


def test_the_search_can_be_rebuilt():
    fulltext.remove(Recommendation.objects.values_list("pk", flat=True))
    assert find("curricula") == set()
    out = StringIO()
    call_command("rebuildsearch", stdout=out)
    assert out.getvalue() == "10 entries indexed.\n"
    assert find("curricula") == {"PARIS-2025-5"}


def test_a_source_saved_from_a_stale_copy_gives_no_number_twice():
    source = make_source(text=SAMPLE.format(1) + SAMPLE.format(2))
    stale = Source.objects.get(pk=source.pk)
    make_published(source)
    stale.occasion = "Sample occasion"
    stale.save()
    second = make_published(stale, "We call for sample action 2 on alpha2.")
    assert (second.code, stale.occasion) == ("SAMPLE-2020-2", "Sample occasion")


def test_a_new_entry_takes_the_tag_that_differs_in_letter_case_only():
    entry = make_published(make_source(), tags=["RESKILLING", "Reskilling"])
    assert [tag.name for tag in entry.tags.all()] == ["Reskilling"]
