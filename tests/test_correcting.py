"""A corrected text keeps every quote that is certain, leaves the others behind and says so, all or
nothing.
"""

import re

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse
from factories import changed, make_proposal, make_published, make_source, withdrawn
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from test_editing import change_url, errors, filled_form, sign_in

from recommendations.editorial import bundle, corrections, integrity
from recommendations.editorial.corrections import Correction, outcome_of
from recommendations.editorial.errors import NotPublished, Outdated, Refused
from recommendations.editorial.publish import publish
from recommendations.models import Change, Citation, Recommendation, Source
from recommendations.models.proposal import Proposal
from recommendations.search import fulltext
from recommendations.text.anchoring import carried_headings, carried_note_markers, moved

pytestmark = pytest.mark.both_databases

TEXT = (
    "Sample opening.\n\nWe call for sample bread. It feeds.\n\n"
    "We call for sample roses. They smell.\n\nSample end. We ask. We ask.\n"
)
BREAD, ROSES = "We call for sample bread.", "We call for sample roses."


def correction(text: str, **fields) -> Correction:
    return Correction(**({"text": text, "note_signs": [], "contents": []} | fields))


def corrected(source: Source, text: str, reason: str = "A sample slip.", **fields):
    """Correct a source, and read it again."""
    said = correction(text, **fields)
    outcome = outcome_of(source, said)
    publish("sample-publisher", [corrections.propose(source, said)], reason)
    source.refresh_from_db()
    return outcome


@pytest.fixture
def source(db):
    return make_source(text=TEXT, note_signs=[], contents=[])


# --- Where a span stands in another text ---


def test_words_that_are_unique_in_both_texts_mark_the_same_place():
    assert moved("one two three", "zero one two 3", 4, 7) == (9, 12)


def test_words_that_repeat_are_told_apart_by_what_stands_around_them():
    place = TEXT.index("We ask.")
    assert moved(TEXT, "Sample title.\n" + TEXT, place, place + 7) == (place + 14, place + 21)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a word here", "nothing"),  # gone
        ("a word here", "a word word"),  # once before, twice after
        ("a word word", "a word here"),  # twice before, once after: which of the two is it?
        ("a word here", "a Word here"),  # nearly the same
    ],
)
def test_what_is_not_certain_has_no_place(old, new):
    assert moved(old, new, 2, 6) is None


lines = st.lists(
    st.sampled_from(["ask ", "bread ", "roses ", "We ", "x", "\n"]), min_size=1, max_size=30
)
edits = st.lists(
    st.tuples(st.integers(0, 29), st.sampled_from(["", "ask ", "y", "We bread ", "\n"])), max_size=4
)


@given(lines, edits, st.integers(0, 60), st.integers(1, 20))
def test_a_place_that_is_found_holds_the_same_words_and_leads_back(words, changes, start, length):
    old = "".join(words)
    for at, put in changes:
        if at < len(words):
            words[at] = put
    new = "".join(words)
    start, end = min(start, len(old) - 1), min(min(start, len(old) - 1) + length, len(old))
    span = moved(old, new, start, end)
    if span is None:
        return
    assert new[slice(*span)] == old[start:end]
    assert moved(new, old, *span) in ((start, end), None)
    quote = old[start:end]
    if (
        len(re.findall(f"(?={re.escape(quote)})", old)) > 1
    ):  # then the words around it are the same too
        assert new[span[0] - min(start, 32) : span[1]].endswith(old[max(0, start - 32) : end])


@given(lines, st.integers(0, 20), st.integers(1, 12), st.integers(0, 20), st.integers(1, 12))
def test_two_spans_that_differ_never_come_to_the_same_place(words, a, b, c, d):
    old = "".join(words)
    first, second = (a, min(a + b, len(old))), (c, min(c + d, len(old)))
    if first == second or a >= len(old) or c >= len(old):
        return
    new = old.replace("roses ", "", 1) + "ask "
    found = [moved(old, new, *span) for span in (first, second)]
    assert found == [None, None] or found[0] != found[1]


def occurrences(text: str, words: str) -> list[int]:
    return [found.start() for found in re.finditer(f"(?={re.escape(words)})", text)]


@pytest.mark.django_db
@hypothesis_settings(max_examples=60, deadline=None)
@given(
    lines,
    edits,
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 40)), min_size=1, max_size=6),
)
def test_after_any_correction_each_quote_is_certain_or_an_orphan_true_to_the_former_text(
    words, changes, spans
):
    old = "".join(words) + "Sample end."
    for at, put in changes:
        words[at % len(words)] = put
    new = "".join(words) + "Sample close."
    with transaction.atomic():
        source = make_source("RANDOM-2020", old)
        places = {
            start % len(old): min(start % len(old) + length, len(old))
            for start, length in dict(spans).items()
        }
        proposal = make_proposal(source, "Sample end.")
        proposal.spans = [[start, end] for start, end in sorted(places.items())]
        proposal.save()
        publish("sample", [proposal], "Sample.")
        entry = Recommendation.objects.get(source=source)
        before = {citation.pk: citation for citation in entry.citations.all()}
        corrected(source, new)
        for after in entry.citations.all():
            then = before[after.pk]
            assert (after.quote, after.verify()) == (then.quote, [])
            around = then.prefix + then.quote + then.suffix
            needles = [(then.quote, 0), (around, len(then.prefix))]
            certain = [
                occurrences(new, words)[0] + offset
                for words, offset in needles
                if len(occurrences(old, words)) == len(occurrences(new, words)) == 1
            ]
            if certain:
                assert (after.text_number, after.start) == (2, certain[0])
            else:
                assert (after.text_number, after.start, after.is_orphan) == (1, then.start, True)
        transaction.set_rollback(True)


def test_footnote_signs_move_with_the_words_around_them():
    old, new = (
        "The group1 asks for bread.\nIt2 ends here.",
        "So the group1 asks for more bread.\nIt2 ends here.",
    )
    assert carried_note_markers(old, new, [[9, 10], [29, 30]]) == []
    long_old = f"{'alpha ' * 8}group1 {'beta ' * 8}end2 {'gamma ' * 8}"
    assert carried_note_markers(long_old, f"New. {long_old}", [[53, 54], [98, 99]]) == [
        [58, 59],
        [103, 104],
    ]


def test_headings_move_with_their_paragraphs():
    assert carried_headings("One.\nTwo.\nThree.", "Zero.\nOne.\n2.\nThree.", ["A", "B", "C"]) == [
        "",
        "A",
        "",
        "C",
    ]
    assert carried_headings("One.\nTwo.", "One.\n2.", ["A", "B"]) == ["A"]


# --- What a correction does ---


def test_a_quote_whose_words_stay_is_anchored_where_they_now_stand(source):
    entry = make_published(source, ROSES)
    corrected(source, TEXT.replace("bread", "loaves"))
    passage = Recommendation.objects.get(pk=entry.pk).passages[0]
    start = source.text.index(ROSES)
    assert (passage.text_number, passage.start, passage.end) == (2, start, start + len(ROSES))
    assert (passage.quote, passage.is_orphan, passage.verify()) == (ROSES, False, [])
    assert passage.prefix == source.text[start - 32 : start]


def test_a_quote_whose_words_went_is_an_orphan_of_the_former_text(source):
    entry = make_published(source, BREAD)
    outcome = corrected(source, TEXT.replace("bread", "loaves"))
    passage = Recommendation.objects.get(pk=entry.pk).passages[0]
    assert (passage.text_number, passage.quote, passage.is_orphan) == (1, BREAD, True)
    assert [citation.pk for citation in outcome.orphans] == [passage.pk]
    assert list(Citation.objects.orphans()) == [passage]
    assert integrity.prove().failures == []


def test_the_text_that_is_replaced_is_kept_with_its_signs_headings_and_reason(source):
    Source.objects.filter(pk=source.pk).update(note_signs=[[0, 6]], contents=["Opening"])
    source.refresh_from_db()
    before = source.sha256
    corrected(source, "Sample.\n", note_signs=[[0, 1]], contents=["New"])
    former = source.former_texts.get()
    assert (former.number, former.text, former.sha256) == (1, TEXT, before)
    assert (former.note_signs, former.contents, former.reason) == (
        [[0, 6]],
        ["Opening"],
        "A sample slip.",
    )
    assert (source.text, source.text_number, source.note_signs, source.contents) == (
        "Sample.\n",
        2,
        [[0, 1]],
        ["New"],
    )


def test_every_published_entry_of_the_source_gets_its_next_version_and_no_other(source):
    moves, gone = make_published(source, ROSES), make_published(source, BREAD)
    make_proposal(source, "It feeds.")
    left = withdrawn(make_published(source, "They smell."))
    other = make_published(make_source("OTHER-2021"))
    outcome = corrected(source, TEXT.replace("bread", "loaves"))
    assert [entry.code for entry in outcome.entries] == [moves.code, gone.code]
    assert {entry.code: entry.versions.count() for entry in (moves, gone, left, other)} == {
        "SAMPLE-2020-1": 2,
        "SAMPLE-2020-2": 2,
        "SAMPLE-2020-3": 1,
        "OTHER-2021-1": 1,
    }
    newest = moves.versions.last()
    assert newest.reason == "The text of SAMPLE-2020 was corrected: A sample slip."
    assert newest.snapshot["source"]["sha256"] == source.sha256
    assert left.citations.get().text_number == 2
    proof = integrity.prove()
    assert (proof.failures, proof.former_texts, proof.orphans) == ([], 1, 1)


def test_a_quote_left_behind_names_the_former_text_as_its_source_wherever_it_is_shown(
    source, client
):
    code = make_published(source, BREAD).code
    assert f'cite="/SAMPLE-2020#1"><p>{BREAD}' in client.get(f"/{code}").content.decode()
    corrected(source, TEXT.replace(BREAD, "We call for sample cake."))
    for address in (
        f"/{code}",
        f"/{code}/embed",
        f"/briefing?codes={code}",
        "/recommendations/?source=SAMPLE-2020",
    ):
        assert f'cite="/SAMPLE-2020/t/1#1"><p>{BREAD}' in client.get(address).content.decode()


def test_an_orphan_comes_back_when_a_later_text_holds_its_words_again(source):
    entry = make_published(source, BREAD)
    corrected(source, TEXT.replace("bread", "loaves"))
    outcome = corrected(source, TEXT)
    passage = entry.citations.get()
    assert [citation.pk for citation in outcome.returned] == [passage.pk]
    assert (passage.text_number, passage.start) == (3, TEXT.index(BREAD))
    assert [former.number for former in source.former_texts.all()] == [1, 2]
    assert integrity.prove().failures == []


def test_an_orphan_does_not_take_the_place_of_a_quote_that_mended_it(source):
    entry = make_published(source, BREAD)
    corrected(source, TEXT.replace("bread", "loaves"))
    loaves = "We call for sample loaves."
    start, old = source.text.index(loaves), entry.citations.get()
    changed(entry, passages=[(start, start + len(loaves), 2), (old.start, old.end, 1)])
    outcome = corrected(source, TEXT.replace("bread. ", "bread. We call for sample loaves. "))
    assert ([c.quote for c, _span in outcome.anchored], outcome.orphans) == (
        ["We call for sample loaves.", BREAD],
        [],
    )
    assert integrity.prove().failures == []


def test_the_search_finds_an_entry_after_a_correction(source):
    entry = make_published(source, ROSES)
    corrected(source, TEXT.replace("bread", "loaves"))
    assert list(fulltext.find(fulltext.parse("roses"))) == [entry.pk]


def propose(source: Source, *quotes: str, **fields) -> Proposal:
    spans = [[source.text.index(quote), source.text.index(quote) + len(quote)] for quote in quotes]
    return Proposal.objects.create(source=source, spans=spans, title="Take sample action", **fields)


def test_proposals_are_anchored_again_or_rejected_and_say_why(source):
    make_published(source, "It feeds.")
    stays, goes = (
        propose(source, ROSES, "They smell.", decision="accepted"),
        propose(source, "They smell.", BREAD),
    )
    outcome = corrected(source, "New. " + TEXT.replace("bread", "loaves"))
    stays.refresh_from_db()
    goes.refresh_from_db()
    assert (stays.decision, stays.quotes) == ("accepted", [ROSES, "They smell."])
    assert (goes.decision, goes.quotes) == ("rejected", ["They smell.", BREAD])
    assert goes.why == "A correction of the text left no certain place for these words."
    assert (len(outcome.kept), outcome.rejected) == (1, [goes])


def test_a_text_that_nobody_quotes_is_corrected_and_kept_too(source):
    corrected(source, "Another sample text.\n")
    assert (source.text_number, source.former_texts.get().text) == (2, TEXT)


def test_a_correction_is_on_record(source):
    before = source.sha256
    corrected(source, "Another sample text.\n")
    change = Change.objects.get(act="correct the text")
    assert (change.who, change.label, change.reason) == (
        "sample-publisher",
        str(source),
        "A sample slip.",
    )
    assert (change.before["sha256"], change.before["text"]) == (before, 1)
    assert (change.after["sha256"], change.after["text"]) == (source.sha256, 2)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (correction(TEXT), "The text is the same"),
        (correction(" \n"), "needs its text"),
        (correction("New.\r"), "control characters"),
        (correction("New.", note_signs=[[3, 9]]), "inside the text"),
        (correction("New.", contents=["A", "B"]), "more headings than paragraphs"),
    ],
)
def test_a_correction_that_cannot_stand_changes_nothing(source, wrong, why):
    make_published(source, BREAD)
    with pytest.raises(Refused, match=why):
        corrections.propose(source, wrong)
    source.refresh_from_db()
    assert (source.text, source.text_number, source.former_texts.count()) == (TEXT, 1, 0)


@pytest.mark.parametrize(
    ("reason", "why"), [(" ", "A reason is missing"), ("x" * 201, "at most 200 characters")]
)
def test_a_correction_needs_a_reason_that_fits(source, reason, why):
    make_published(source, BREAD)
    with pytest.raises(Refused, match=why):
        corrected(source, "New.", reason=reason)
    source.refresh_from_db()
    assert (source.text, source.former_texts.count()) == (TEXT, 0)


def test_of_two_corrections_of_one_text_the_second_is_asked_about(source):
    prepared = corrections.propose(source, correction("Newer. " + TEXT))
    corrected(source, "New. " + TEXT)
    with pytest.raises(Outdated, match="sample-publisher corrected the text of SAMPLE-2020 at"):
        publish("other-publisher", [prepared], "Another slip.")
    source.refresh_from_db()
    assert (source.text, source.text_number) == ("New. " + TEXT, 2)
    publish("other-publisher", [prepared], "Another slip.", confirmed=True)
    source.refresh_from_db()
    assert (source.text, source.text_number) == ("Newer. " + TEXT, 3)


def test_a_proposal_whose_text_was_corrected_is_asked_about(source):
    proposal = make_proposal(source, ROSES)
    corrected(source, "New. " + TEXT)
    proposal.refresh_from_db()
    with pytest.raises(Outdated, match="sample-publisher corrected the text of SAMPLE-2020 at"):
        publish("anna", [proposal], "Sample.")
    publish("anna", [proposal], "Sample.", confirmed=True)
    assert Recommendation.objects.get(code="SAMPLE-2020-1").quote == ROSES


def test_a_proposal_whose_words_were_left_behind_is_not_published(source):
    proposal = make_proposal(source, BREAD)
    corrected(source, TEXT.replace("bread", "loaves"))
    proposal.refresh_from_db()
    assert proposal.quotes == [BREAD]
    with pytest.raises(NotPublished, match="the text was corrected and no longer holds its words"):
        publish("anna", [proposal], "Sample.", confirmed=True)


def test_the_longest_reason_fits_every_version(db):
    source = make_source("A" * 55 + "-2020", TEXT)
    entry = make_published(source, BREAD)
    corrected(source, "New. " + TEXT, reason="x" * corrections.REASON)
    assert len(entry.versions.last().reason) == 288


def test_a_folder_is_not_written_while_a_quote_is_left_behind(source, tmp_path):
    make_published(source, BREAD)
    corrected(source, TEXT.replace("bread", "loaves"))
    with pytest.raises(
        CommandError, match="the text of SAMPLE-2020 no longer holds quotes of SAMPLE-2020-1"
    ):
        call_command("exportdeclaration", "SAMPLE-2020", str(tmp_path / "folder"))
    assert not (tmp_path / "folder").exists()


@pytest.mark.django_db
def test_the_folder_of_a_text_corrected_since_is_loaded_again_and_changes_nothing():
    paris, folder = (
        Source.objects.get(code="PARIS-2025"),
        settings.BASE_DIR / "fixtures" / "paris-2025",
    )
    corrected(paris, paris.text.replace("prioritising", "prioritizing"), contents=paris.contents)
    assert [citation.recommendation.code for citation in Citation.objects.orphans()] == [
        "PARIS-2025-4"
    ]
    report = bundle.load(folder)
    assert (report.created, report.overwritten) == ([], [])
    assert [kept for kept in report.kept if "text" in kept] == [f"{paris} (text, note_signs)"]
    with pytest.raises(bundle.BundleError, match="the stored text differs"):
        bundle.load(folder, overwrite=True)
    assert integrity.prove().failures == []


# --- At the desk ---


@pytest.fixture
def publisher(client, db) -> User:
    return sign_in(client, "Publishers")


def page_of(source: Source) -> str:
    return reverse("admin:correct_source", args=[source.pk])


def sent(form, **changes) -> dict:
    """Return what a browser sends for the form of a correction."""
    given = {bound.html_name: bound.value() for bound in form}
    return {name: value for name, value in given.items() if value is not None} | changes


def test_a_publisher_sees_what_a_correction_does_before_it_is_made(client, publisher, source):
    make_published(source, BREAD)
    make_published(source, ROSES)
    form = client.get(page_of(source)).context["form"]
    text = TEXT.replace("bread", "loaves").replace("\n", "\r\n")
    shown = client.post(page_of(source), sent(form, text=text, reason="A sample slip."))
    page = shown.content.decode()
    assert "Quotes that stay with their words: 1" in page
    assert "Quotes that are left behind: 1" in page
    assert re.search(r"<del>.*bread\..*</del><ins>.*loaves\..*</ins>", page)
    source.refresh_from_db()
    assert source.text_number == 1
    response = client.post(
        page_of(source), sent(shown.context["form"], confirm="Save"), follow=True
    )
    assert (
        "1 quotes stand in the new text. Give these entries new words: SAMPLE-2020-1."
        in response.content.decode()
    )
    source.refresh_from_db()
    assert (source.text, source.text_number) == (TEXT.replace("bread", "loaves"), 2)


def test_a_correction_is_not_saved_unseen(client, publisher, source):
    make_published(source, BREAD)
    data = sent(
        client.get(page_of(source)).context["form"],
        text="New.",
        reason="A sample slip.",
        confirm="Save",
    )
    assert "Nothing is saved yet." in client.post(page_of(source), data).content.decode()
    source.refresh_from_db()
    assert source.text == TEXT


def test_signs_and_headings_are_carried_over_and_shown_to_check(client, publisher, source):
    contents = ["Opening", "Bread", "Roses", "End"]
    Source.objects.filter(pk=source.pk).update(note_signs=[[7, 8]], contents=contents)
    form = client.get(page_of(source)).context["form"]
    text = "New.\n\n" + TEXT.replace("roses", "lilies")
    shown = client.post(page_of(source), sent(form, text=text, reason="A sample slip."))
    assert shown.context["form"].initial["note_signs"] == [[13, 14]]
    assert shown.context["form"].initial["contents"] == "\nOpening\nBread\n\nEnd"
    assert shown.context["headings_lost"] == ["Roses"]
    again = client.post(page_of(source), sent(shown.context["form"], text=f"Newer. {text}"))
    assert again.context["form"].initial["note_signs"] == [[20, 21]]
    data = sent(again.context["form"], contents="\nOpening\nBread\nLilies\nEnd", confirm="Save")
    assert client.post(page_of(source), data).status_code == 302
    source.refresh_from_db()
    assert (source.note_signs, source.contents) == (
        [[20, 21]],
        ["", "Opening", "Bread", "Lilies", "End"],
    )


def test_a_stale_correction_is_told_who_was_first(client, publisher, source):
    make_published(source, BREAD)
    form = client.get(page_of(source)).context["form"]
    shown = client.post(page_of(source), sent(form, text=f"Mine. {TEXT}", reason="A sample slip."))
    corrected(source, f"Theirs. {TEXT}")
    response = client.post(page_of(source), sent(shown.context["form"], confirm="Save"))
    assert "sample-publisher corrected the text of SAMPLE-2020 at" in errors(response)
    assert "Mine. Sample opening." in response.content.decode()
    source.refresh_from_db()
    assert source.text == f"Theirs. {TEXT}"


@pytest.mark.parametrize(
    "junk",
    [
        {"text": ""},
        {"text": "a\x00b"},
        {"note_signs": "{"},
        {"note_signs": '{"a": 1}'},
        {"note_signs": "[[1]]"},
        {"filled": "[1]"},
        {"filled": "x"},
        {"seen": "x"},
        {"seen": "9" * 40},
        {"contents": "a\n" * 99},
        {"reason": ""},
        {"previewed": "x"},
    ],
)
def test_no_form_of_a_correction_makes_a_server_error(client, publisher, source, junk):
    make_published(source, BREAD)
    form = client.get(page_of(source)).context["form"]
    good = sent(form, text=f"New. {TEXT}", reason="A sample slip.", confirm="Save")
    assert client.post(page_of(source), good | junk).status_code == 200
    source.refresh_from_db()
    assert source.text == TEXT


def test_what_an_editor_corrects_is_a_proposal(client, source):
    sign_in(client, "Editors")
    form = client.get(page_of(source)).context["form"]
    shown = client.post(page_of(source), sent(form, text=f"New. {TEXT}", reason="A sample slip."))
    assert 'name="confirm"' not in shown.content.decode()
    for button in ("propose", "confirm"):
        data = sent(shown.context["form"], **{button: "Save"})
        assert client.post(page_of(source), data).status_code == 302
    source.refresh_from_db()
    assert source.text == TEXT
    first, _second = Proposal.objects.filter(act="correct")
    page = client.get(reverse("admin:recommendations_proposal_change", args=[first.pk]))
    assert "Entries that get their next version: 0" in page.content.decode()
    assert re.search(r"<ins>.*New\. .*</ins>", page.content.decode())


def test_the_desk_leads_to_the_correction_and_fixes_a_text_with_proposals(
    client, publisher, source
):
    change = reverse("admin:recommendations_source_change", args=[source.pk])
    assert 'name="text"' in client.get(change).content.decode()
    propose(source, BREAD)
    page = client.get(change).content.decode()
    assert 'name="text"' not in page
    assert f'href="{page_of(source)}"' in page


def test_a_source_without_a_text_has_nothing_to_correct(client, publisher):
    work = make_source("WORK-2019", "")
    assert client.get(page_of(work)).status_code == 404
    with pytest.raises(Refused, match="no text to correct"):
        corrections.propose(work, correction("New."))


def test_an_editor_mends_an_orphan_with_new_words(client, publisher, source):
    entry = make_published(source, BREAD)
    corrected(source, TEXT.replace("bread", "loaves"))
    data = filled_form(
        client, change_url(entry), **{"quotes-0-quote": "We call for sample loaves."}
    )
    response = client.post(change_url(entry), data | {"reason": "New words of the corrected text."})
    assert response.status_code == 302, errors(response)
    passage = Recommendation.objects.get(pk=entry.pk).passages[0]
    assert (passage.quote, passage.text_number, passage.is_orphan) == (
        "We call for sample loaves.",
        2,
        False,
    )
    assert [version.reason for version in entry.versions.all()] == [
        "Sample publication.",
        "The text of SAMPLE-2020 was corrected: A sample slip.",
        "New words of the corrected text.",
    ]
    assert not Citation.objects.orphans().exists()
    assert integrity.prove().failures == []


@pytest.mark.parametrize(
    ("text", "number"),
    [(TEXT.replace("opening", "start"), 2), (TEXT.replace("bread.", "rolls."), 1)],
    ids=["the words move", "the words stay in the former text"],
)
def test_a_preview_of_a_correction_shows_an_entry_beside_the_text_that_holds_it(
    source, client, text, number
):
    make_published(source, BREAD)
    proposal = corrections.propose(source, correction(text))
    proposal.save()
    sign_in(client, "Editors")
    answer = client.get(reverse("admin:preview_proposal", args=[proposal.pk]))
    assert answer.status_code == 200
    assert {p.text_number for p in answer.context["entry"].passages} == {number}
    assert Source.objects.get(pk=source.pk).text == TEXT
