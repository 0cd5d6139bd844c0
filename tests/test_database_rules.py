"""What must never be false is refused by the database itself, whatever code asks for it."""

import hashlib

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from factories import make_proposal, make_published, make_source, renamed

from recommendations.editorial.audit import recorded
from recommendations.models import (
    Change,
    Citation,
    FormerText,
    NameChange,
    Recommendation,
    Source,
    Theme,
    Version,
)
from recommendations.operations import checks

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def refused(sql: str, params: list) -> str:
    """Run a statement that must fail; return what the database says."""
    with (
        pytest.raises(IntegrityError) as caught,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, params)
    return str(caught.value).lower()


def update(table: str, assignment: str, pk: int) -> str:
    return refused(f"UPDATE recommendations_{table} SET {assignment} WHERE id = %s", [pk])


@pytest.fixture
def entry(db):
    return make_published(make_source())


def test_a_quote_must_equal_its_passage(entry):
    passage = entry.passages[0]
    assert "quote must equal" in update(
        "citation", "quote = 'We call for sample action 2 on alpha1.'", passage.pk
    )


def test_a_span_must_stand_inside_the_text(entry):
    passage = entry.passages[0]
    assert "quote must equal" in update(
        "citation", '"start" = "start" + 5000, "end" = "end" + 5000', passage.pk
    )
    assert update("citation", '"end" = "end" + 1', passage.pk)
    assert update("citation", '"start" = NULL', passage.pk)


def test_an_inserted_quote_must_equal_its_passage_too(entry):
    passage = entry.passages[0]
    passage.pk, passage.start, passage.end, passage.quote = None, 0, 3, "Thi"
    Citation.objects.bulk_create([passage])
    passage.pk, passage.quote = None, "THI"
    with pytest.raises(IntegrityError), transaction.atomic():
        Citation.objects.bulk_create([passage])


def test_a_passage_must_stand_in_its_own_declaration(entry):
    paris = Source.objects.get(code="PARIS-2025")
    passage = Citation(recommendation=entry, source=paris, role="states")
    passage.point(0, 20)
    with pytest.raises(IntegrityError, match="own declaration"), transaction.atomic():
        passage.save()


def test_a_published_entry_keeps_a_passage(entry):
    pk = entry.passages[0].pk
    assert "must have a passage" in refused(
        "DELETE FROM recommendations_citation WHERE id = %s", [pk]
    )
    assert "must have a passage" in update("citation", "role = 'refers to'", pk)


def test_an_entry_without_a_passage_gets_no_version_and_is_not_changed(entry):
    bare = Recommendation.objects.create(
        source=entry.source,
        number=9,
        code="SAMPLE-2020-9",
        title="Sample without words",
        published_at=timezone.now(),
    )
    version = entry.versions.get()
    version.pk, version.recommendation = None, bare
    with pytest.raises(IntegrityError, match="must have a passage"), transaction.atomic():
        version.save()
    assert "must have a passage" in update("recommendation", "title = 'x'", bare.pk)


def test_a_published_code_never_changes(entry):
    assert "never changes" in update("recommendation", "code = 'SAMPLE-2020-99'", entry.pk)
    assert "never changes" in update("recommendation", "number = 99", entry.pk)
    assert "never deleted" in refused(
        "DELETE FROM recommendations_recommendation WHERE id = %s", [entry.pk]
    )


def test_an_entry_is_published_or_withdrawn_and_nothing_else(entry):
    assert update("recommendation", "status = 'draft'", entry.pk)
    assert update("recommendation", "published_at = NULL", entry.pk)
    assert update("recommendation", "withdrawal_reason = 'x'", entry.pk)


def test_the_history_of_a_name_is_immutable(entry):
    renamed(Theme.objects.get(slug="skills"), label="Sample label")
    kept = NameChange.objects.get()
    assert "never changes" in update("namechange", "before = 'x'", kept.pk)
    assert "never changes" in refused(
        "DELETE FROM recommendations_namechange WHERE id = %s", [kept.pk]
    )


def test_a_withdrawal_says_why(entry):
    assert update("recommendation", "status = 'withdrawn'", entry.pk)


def keep_former(source: Source, **values) -> FormerText:
    """Keep a source's text as a former one, as a correction does."""
    own = {"text": source.text, "sha256": source.sha256, "number": source.text_number}
    return FormerText.objects.create(
        source=source, replaced_at=timezone.now(), reason="Sample.", **(own | values)
    )


def test_a_quoted_text_changes_only_by_a_correction(entry):
    message = "a quoted text changes only by a correction that keeps the former one"
    assert message in update("source", "text = text || 'x'", entry.source_id)
    assert message in update("source", "text = text || 'x', text_number = 2", entry.source_id)
    assert message in update("source", "sha256 = 'x'", entry.source_id)
    assert message in update("source", "code = 'OTHER-2020'", entry.source_id)


def test_a_correction_keeps_the_very_text_that_it_replaces(entry):
    keep_former(entry.source, text="Another sample text.")
    assert "correction" in update("source", "text = text || 'x', text_number = 2", entry.source_id)


def test_a_quote_is_true_of_the_text_that_its_citation_names(entry):
    source, passage = entry.source, entry.passages[0]
    keep_former(source)
    Source.objects.filter(pk=source.pk).update(text="Sample.", sha256="f" * 64, text_number=2)
    source.refresh_from_db()
    passage.refresh_from_db()
    assert passage.is_orphan
    assert passage.verify() == []
    assert "must equal its passage" in update("citation", "text_number = 2", passage.pk)
    assert "must equal its passage" in update("citation", "text_number = 3", passage.pk)
    assert "must equal its passage" in update("citation", "quote = 'x'", passage.pk)


def test_a_former_text_is_immutable(entry):
    former = keep_former(entry.source)
    assert "never changes" in update("formertext", "text = 'x'", former.pk)
    assert "never changes" in refused(
        "DELETE FROM recommendations_formertext WHERE id = %s", [former.pk]
    )


def test_the_record_of_a_change_is_immutable(entry):
    with recorded("sample-editor", "rename", entry):
        Recommendation.objects.filter(pk=entry.pk).update(title="Take other sample action")
    change = Change.objects.get(act="rename", object_id=str(entry.pk))
    assert (change.before["title"], change.after["title"]) == (
        "Take sample action",
        "Take other sample action",
    )
    assert "never changes" in update("change", "who = 'x'", change.pk)
    assert "never changes" in refused(
        "DELETE FROM recommendations_change WHERE id = %s", [change.pk]
    )


def test_a_text_without_quotes_may_be_corrected(db):
    source = make_source()
    source.text = "Another sample text."
    source.save()
    source.refresh_from_db()
    assert source.sha256 == hashlib.sha256(b"Another sample text.").hexdigest()


def test_a_version_is_immutable(entry):
    version = Version.objects.get(recommendation=entry)
    assert "never changes" in update("version", "reason = 'other'", version.pk)
    assert "never changes" in refused(
        "DELETE FROM recommendations_version WHERE id = %s", [version.pk]
    )


def test_codes_and_numbers_are_unique(entry):
    twin = Recommendation(
        source=entry.source,
        number=entry.number,
        code="SAMPLE-2020-7",
        title="Sample twin",
        published_at=timezone.now(),
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_a_number_is_given_once(db):
    source = make_source()
    make_proposal(source).delete()
    assert make_published(source).code == "SAMPLE-2020-1"
    Source.objects.filter(pk=source.pk).update(numbers_given=7)
    source.refresh_from_db()
    assert make_published(source, "It closes sample text 1.").code == "SAMPLE-2020-8"


def test_a_check_says_which_journal_sqlite_keeps():
    found = checks.sqlite_journal(None, databases=["default"])
    if connection.vendor == "sqlite":
        assert [message.id for message in found] == ["tech7kb.I001"]
        assert "uses the journal mode" in found[0].msg
    else:
        assert found == []
