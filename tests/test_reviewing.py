"""Proposals are decided on, cut and joined at words by one editor at a time; all accepted are
published, or none.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import make_published, make_source, sign_in

from recommendations.editorial import integrity, tables
from recommendations.editorial.conflicts import EditConflict
from recommendations.editorial.errors import NotPublished, Refused
from recommendations.editorial.review import accepted as publishing
from recommendations.editorial.review import decisions, passages, word_ranges
from recommendations.editorial.review.decisions import ProposalDetails
from recommendations.models import Change, Recommendation, Source, Version
from recommendations.models.proposal import Decision, Proposal
from recommendations.text.positions import QuoteAmbiguous, QuoteNotFound

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
FIRST = "We call for sample action 𝟙 on “alpha” 👩‍👩‍👧 & beta."
SECOND = "It shouldn’t be late; it must be well-known."
THIRD = "Companies need samples, too."
TEXT = f"Sample text.\n\n  • {FIRST} {SECOND}\n  • {THIRD}\n\nIt must be short. It must be short.\n"


@pytest.fixture
def source(db) -> Source:
    return make_source(text=TEXT)


def propose(source: Source, *quotes: str, **fields) -> Proposal:
    """Make a proposal of these words, ready to be published."""
    spans = [[TEXT.index(quote), TEXT.index(quote) + len(quote)] for quote in quotes]
    values = {"title": f"Sample {quotes[0][:9]}", "themes": ["skills"]}
    return Proposal.objects.create(source=source, spans=spans, **(values | fields))


def fresh(proposal: Proposal) -> Proposal:
    return Proposal.objects.get(pk=proposal.pk)


def last_change(proposal: Proposal) -> Change:
    return Change.objects.filter(kind="proposal", object_id=str(proposal.pk)).first()


def refusal(act, *args) -> str:
    with pytest.raises(Refused) as caught:
        act(*args)
    return str(caught.value)


# --- Decisions -------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "decision", "by"),
    [
        (decisions.accept, "accepted", "anna"),
        (decisions.reject, "rejected", "anna"),
        (decisions.reopen, "open", "bert"),
    ],
)
def test_a_decision_is_saved_with_who_took_it_and_put_on_record(source, act, decision, by):
    proposal = propose(source, FIRST, decision=Decision.REJECTED, written_by="bert")
    act("anna", proposal, 1)
    assert (fresh(proposal).decision, fresh(proposal).written_by, fresh(proposal).revision) == (
        decision,
        by,
        2,
    )
    change = last_change(proposal)
    assert (change.who, change.act, change.label) == ("anna", act.__name__, "Sample We call f")
    assert (change.before["decision"], change.after["decision"]) == ("rejected", decision)


def test_what_is_said_of_a_passage_is_edited(source):
    proposal = propose(source, FIRST)
    said = ProposalDetails(
        "Take <b>action</b>", "Sample summary.", ["Sample tag"], ["smes"], ["tech7"]
    )
    saved = decisions.edit("anna", proposal, 1, said)
    assert ProposalDetails.of(fresh(proposal)) == said
    assert (saved.revision, last_change(proposal).act) == (2, "edit")
    assert decisions.edit("anna", proposal, 2, said).revision == 2, "nothing new is no revision"
    assert Change.objects.filter(kind="proposal").count() == 1


def test_the_second_of_two_editors_is_told_who_was_first(source):
    proposal = propose(source, FIRST)
    decisions.reject("bert", proposal, 1)
    with pytest.raises(EditConflict) as caught:
        decisions.accept("anna", proposal, 1)
    moment = last_change(proposal).moment
    assert (caught.value.who, caught.value.moment) == ("bert", moment)
    assert str(caught.value) == (
        f"bert changed it at {moment:%H:%M} UTC, after you had opened it."
        " Nothing of yours was saved, nothing of theirs overwritten."
    )
    assert fresh(proposal).decision == "rejected"


def test_a_proposal_that_was_joined_away_collides(source):
    first, second = propose(source, FIRST), propose(source, SECOND)
    passages.join("bert", first, 1)
    with pytest.raises(EditConflict, match="bert changed it at"):
        decisions.accept("anna", second, 1)


def test_two_accepted_passages_never_share_words(source):
    first, second = propose(source, FIRST), propose(source, "beta. It shouldn’t")
    decisions.accept("anna", first, 1)
    assert refusal(decisions.accept, "anna", second, 1) == (
        "It shares words with “Sample We call f”, which is accepted. Move an end, join the two, "
        "or reject one."
    )
    passages.set_words("anna", second, 1, TEXT.index("It should"), TEXT.index("It should") + 2)
    decisions.accept("anna", second, 2)
    assert "which is accepted" in refusal(passages.move, "anna", second, 3, 0, "start", "earlier")
    assert fresh(second).quotes == ["It"]


def test_words_of_a_published_entry_are_not_accepted_again(source):
    entry = make_published(source, FIRST)
    proposal = propose(source, "action")
    assert f"It shares words with {entry.code}, which is published." in refusal(
        decisions.accept, "anna", proposal, 1
    )
    decisions.accept("anna", propose(source, FIRST, entry=entry), 1)


def test_who_changes_an_accepted_passage_vouches_for_it(source):
    proposal = propose(source, FIRST)
    decisions.accept("anna", proposal, 1)
    decisions.edit("bert", proposal, 2, ProposalDetails("Another sample", "", [], [], []))
    assert (fresh(proposal).decision, fresh(proposal).written_by) == ("accepted", "bert")


# --- Words -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("edge", "way", "quote"),
    [
        ("start", "earlier", "on “alpha” 👩‍👩‍👧"),
        ("start", "later", "alpha” 👩‍👩‍👧"),
        ("start", "sentence", "We call for sample action 𝟙 on “alpha” 👩‍👩‍👧"),
        ("end", "earlier", "“alpha”"),
        ("end", "later", "“alpha” 👩‍👩‍👧 &"),
        ("end", "sentence", "“alpha” 👩‍👩‍👧 & beta."),
    ],
)
def test_an_end_moves_by_a_word_or_to_the_sentence(source, edge, way, quote):
    proposal = propose(source, "“alpha” 👩‍👩‍👧")
    passages.move("anna", proposal, 1, 0, edge, way)
    assert fresh(proposal).quotes == [quote]
    assert (last_change(proposal).act, last_change(proposal).before["spans"]) == (
        f"move the {edge}",
        proposal.spans,
    )


@pytest.mark.parametrize(
    ("quote", "edge", "way"),
    [
        (THIRD, "start", "earlier"),
        (THIRD, "end", "later"),
        ("action", "start", "later"),
        ("action", "end", "earlier"),
    ],
)
def test_a_passage_keeps_a_word_and_its_paragraph(source, quote, edge, way):
    proposal = propose(source, quote)
    assert refusal(passages.move, "anna", proposal, 1, 0, edge, way) == (
        f"The {edge} cannot go further: a passage keeps one word, and stays in its paragraph."
    )
    assert (fresh(proposal).quotes, fresh(proposal).revision) == ([quote], 1)


def test_passages_of_one_proposal_do_not_meet(source):
    proposal = propose(source, "We call", "for")
    assert "would meet" in refusal(passages.move, "anna", proposal, 1, 0, "end", "later")
    passages.move("anna", proposal, 1, 1, "end", "later")
    assert fresh(proposal).quotes == ["We call", "for sample"]
    assert (
        refusal(passages.move, "anna", proposal, 2, 2, "end", "later")
        == "There is no such passage."
    )


def test_a_selection_is_snapped_outward_to_words_in_each_paragraph(source):
    proposal = propose(source, "alpha")
    passages.set_words("anna", proposal, 1, TEXT.index("nown"), TEXT.index("ompanies") + 1)
    assert fresh(proposal).quotes == ["well-known.", "Companies"]
    for start, end in [(12, 14), (5, 5), (9, 5), (-1, 5), (0, len(TEXT) + 1)]:
        assert "no words" in refusal(passages.set_words, "anna", proposal, 2, start, end)


def test_a_passage_is_split_before_a_word(source):
    proposal = propose(
        source,
        f"{FIRST} {SECOND}",
        tags=["Sample tag"],
        decision=Decision.ACCEPTED,
        written_by="bert",
    )
    first, second = passages.split("anna", proposal, 1, TEXT.index("It shouldn’t") + 1)
    assert fresh(first).quotes == [FIRST]
    assert fresh(second).quotes == [SECOND]
    assert (fresh(first).title, fresh(first).decision) == ("Sample We call f", "open")
    assert (fresh(second).decision, fresh(second).tags, fresh(second).revision) == (
        "open",
        ["Sample tag"],
        1,
    )
    assert second.themes == ["skills"]
    assert (last_change(first).act, last_change(second).act) == ("split", "split off")


def test_a_split_leaves_words_on_both_sides(source):
    proposal = propose(source, FIRST)
    for at in (0, proposal.start, proposal.start + 1, proposal.spans[0][1], len(TEXT)):
        assert (
            refusal(passages.split, "anna", proposal, 1, at)
            == "Split it after its first word and before its last."
        )
    assert Proposal.objects.filter(source=source).count() == 1


def test_the_place_of_a_split_is_given_by_words_that_stand_once(source):
    proposal = propose(source, f"{FIRST} {SECOND}")
    assert passages.place_of(proposal, "It shouldn’t") == TEXT.index("It shouldn’t")
    assert refusal(passages.place_of, proposal, "be") == (
        "“be” stands 3 times in the passage. Give words that stand there once."
    )
    assert "“” stands 0 times" in refusal(passages.place_of, proposal, "")


def test_neighbours_become_one_passage_and_others_two(source):
    first, second, third = (propose(source, quote) for quote in (FIRST, SECOND, THIRD))
    second.tags, second.themes = ["Sample tag"], ["smes"]
    second.save()
    joined = passages.join("anna", first, 1)
    assert fresh(joined).quotes == [f"{FIRST} {SECOND}"]
    assert (joined.title, joined.tags) == ("Sample We call f", ["Sample tag"])
    assert joined.themes == ["skills", "smes"]
    assert not Proposal.objects.filter(pk=second.pk).exists()
    assert last_change(second).after is None
    assert fresh(passages.join("anna", first, 2)).quotes == [f"{FIRST} {SECOND}", THIRD]
    assert "no passage after" in refusal(passages.join, "anna", first, 3)
    assert not Proposal.objects.filter(pk=third.pk).exists()


def test_joining_leaves_out_what_was_rejected(source):
    first, second, third = (propose(source, quote) for quote in (FIRST, SECOND, THIRD))
    decisions.reject("anna", second, 1)
    passages.join("anna", first, 1)
    assert fresh(first).quotes == [FIRST, THIRD]
    assert not Proposal.objects.filter(pk=third.pk).exists()


def test_a_passage_is_added_by_its_exact_words_once(source):
    added = passages.add_quote("anna", source.pk, THIRD)
    assert (added.quotes, added.decision) == ([THIRD], "open")
    assert (last_change(added).act, last_change(added).before) == ("add", None)
    assert (
        refusal(passages.add_quote, "anna", source.pk, THIRD)
        == "These words are on the list already."
    )
    with pytest.raises(
        QuoteNotFound, match=r"The nearest passage is: “• Companies need samples, too\.”"
    ):
        passages.add_quote("anna", source.pk, "Companies need sample, too.")
    with pytest.raises(QuoteAmbiguous, match="occurs 2 times"):
        passages.add_quote("anna", source.pk, "It must be short.")


def test_what_an_editor_adds_or_splits_off_is_titled_and_filed_by_the_rules():
    source = make_source(text="Sample words. Teach workers new skills with samples.\n")
    added = passages.add_paragraph("anna", source.pk, 1)
    _first, second = passages.split("anna", added, 1, 14)
    assert (fresh(second).title, second.quotes) == (
        "Teach workers new skills with samples",
        ["Teach workers new skills with samples."],
    )
    again = passages.add_quote("anna", source.pk, "Teach workers new skills")
    assert (fresh(again).title, again.themes) == (
        "Teach workers new skills",
        ["skills"],
    )


def test_a_whole_paragraph_is_added_by_its_number(source):
    assert passages.add_paragraph("anna", source.pk, 3).quotes == [THIRD]
    assert (
        refusal(passages.add_paragraph, "anna", source.pk, 9)
        == "There is no paragraph 9: the text has 4."
    )


def test_a_language_without_spaces_has_words_too():
    text = "G7は行動する。次に進む。"
    assert word_ranges.moved(text, (0, 2), "end", "later") == (0, 3)
    assert word_ranges.moved(text, (0, 2), "end", "sentence") == (0, 8)


# --- Publishing ------------------------------------------------------------


@pytest.fixture
def three(source) -> list[Proposal]:
    """Three passages, made in another order than they stand in the text, accepted by Anna."""
    made = [propose(source, quote) for quote in (THIRD, FIRST, SECOND)]
    return [decisions.accept("anna", proposal, 1) for proposal in made]


def test_all_accepted_are_published_with_codes_in_the_order_of_the_text(source, three):
    propose(source, "Sample text.")
    made = publishing.publish_accepted("bert", source, "Sample reason.")
    assert [
        (version.snapshot["code"], version.snapshot["passages"][0]["quote"]) for version in made
    ] == [
        ("SAMPLE-2020-1", FIRST),
        ("SAMPLE-2020-2", SECOND),
        ("SAMPLE-2020-3", THIRD),
    ]
    assert [(version.number, version.reason) for version in made] == [(1, "Sample reason.")] * 3
    assert fresh(three[0]).entry.code == "SAMPLE-2020-3"
    assert fresh(three[0]).published_at is not None
    assert (
        Change.objects.filter(
            kind="recommendation", who="bert", act="publish", reason="Sample reason."
        ).count()
        == 3
    )
    assert integrity.prove().failures == []


def test_an_entry_says_what_its_proposal_said(source):
    proposal = propose(source, FIRST, THIRD)
    decisions.edit(
        "anna",
        proposal,
        1,
        ProposalDetails(
            "Take action", "Sample summary.", ["Alpha", "Beta"], ["smes", "skills"], ["tech7"]
        ),
    )
    decisions.accept("anna", proposal, 2)
    entry = publishing.publish_accepted("bert", source, "Sample reason.")[0].recommendation
    assert (entry.title, entry.summary, entry.quote) == (
        "Take action",
        "Sample summary.",
        f"{FIRST}\n{THIRD}",
    )
    assert sorted(tag.name for tag in entry.tags.all()) == ["Alpha", "Beta"]
    assert [theme.slug for theme in entry.themes.all()] == ["smes", "skills"]
    assert [each.slug for each in entry.addressees.all()] == ["tech7"]
    assert refusal(decisions.reject, "anna", proposal, 4) == "“Take action” is published already."


def test_when_one_fails_nothing_stays_and_no_code_is_given(source, three, monkeypatch):
    write_tags = tables._tag

    def fail_after_the_entries(pairs):
        write_tags(pairs)
        raise OSError("the disk is full")

    monkeypatch.setattr(tables, "_tag", fail_after_the_entries)
    with pytest.raises(OSError, match="the disk is full"):
        publishing.publish_accepted("bert", source, "Sample reason.")
    source.refresh_from_db()
    assert (source.numbers_given, source.recommendations.count()) == (0, 0)
    assert Version.objects.filter(recommendation__source=source).count() == 0
    assert Proposal.objects.filter(source=source, published_at=None, entry=None).count() == 3
    assert not Change.objects.filter(act="publish").exists()


def test_what_lacks_something_keeps_all_from_being_published_and_is_named(source, three):
    decisions.edit("anna", three[0], 2, ProposalDetails("", "", [], [], []))
    decisions.edit("anna", three[1], 2, ProposalDetails("Sample title", "", [], [], []))
    with pytest.raises(NotPublished) as caught:
        publishing.publish_accepted("bert", source, "Sample reason.")
    assert caught.value.problems == [
        "“Companies need samples, too.” lacks a title.",
    ]
    assert source.recommendations.count() == 0


def test_a_publication_without_a_reason_is_none(source, three):
    with pytest.raises(NotPublished) as caught:
        publishing.publish_accepted("bert", source, " ")
    assert caught.value.problems == ["A reason is missing."]
    source.refresh_from_db()
    assert source.numbers_given == 0


def test_publishing_twice_publishes_once(source, three):
    publishing.publish_accepted("bert", source, "Sample reason.")
    with pytest.raises(NotPublished) as caught:
        publishing.publish_accepted("bert", source, "Sample reason.")
    assert caught.value.problems == [
        "No accepted passage is waiting: somebody may just have published them."
    ]
    assert source.recommendations.count() == 3


def test_nobody_publishes_what_they_have_not_looked_at(source, three):
    seen = publishing.fingerprint(publishing.waiting(source))
    decisions.edit("anna", three[0], 2, ProposalDetails("Another title", "", [], ["skills"], []))
    with pytest.raises(NotPublished) as caught:
        publishing.publish_accepted("bert", source, "Sample reason.", seen)
    assert caught.value.problems == [
        "What is accepted has changed since you opened this page. Look through it again."
    ]
    seen = publishing.fingerprint(publishing.waiting(source))
    assert len(publishing.publish_accepted("bert", source, "Sample reason.", seen)) == 3


def test_with_four_eyes_nobody_publishes_what_they_accepted(source, three, settings):
    settings.FOUR_EYES = True
    decisions.edit("bert", three[0], 2, ProposalDetails("By Bert", "", [], ["skills"], []))
    with pytest.raises(NotPublished) as caught:
        publishing.publish_accepted("bert", source, "Sample reason.")
    assert caught.value.problems == [
        "“By Bert” was written last by bert: this site asks for four eyes, so somebody else "
        "publishes it."
    ]
    assert len(publishing.publish_accepted("carl", source, "Sample reason.")) == 3


def test_a_proposed_change_becomes_the_next_version_of_its_entry(source):
    entry = make_published(source, FIRST)
    citation = entry.passages[0]
    proposal = propose(source, "We call for", THIRD, entry=entry, title="A better sample title")
    decisions.accept("anna", proposal, 1)
    version = publishing.publish_accepted("bert", source, "Sample correction.")[0]
    entry = Recommendation.objects.get(pk=entry.pk)
    assert (version.number, entry.code, entry.title) == (
        2,
        "SAMPLE-2020-1",
        "A better sample title",
    )
    assert (entry.quote, entry.passages[0].pk) == (f"We call for\n{THIRD}", citation.pk)
    assert [tag.name for tag in entry.tags.all()] == []
    assert source.recommendations.count() == 1
    assert integrity.prove().failures == []


def test_a_passage_of_an_entry_moves_to_other_words(source):
    entry = make_published(source, FIRST)
    decisions.accept("anna", propose(source, THIRD, entry=entry), 1)
    publishing.publish_accepted("bert", source, "Sample correction.")
    assert Recommendation.objects.get(pk=entry.pk).quote == THIRD


def test_sixty_are_published_in_a_bounded_number_of_queries(db):
    sentences = [f"We call for sample action {number}." for number in range(60)]
    source = make_source(text="\n".join(sentences))
    start = 0
    for sentence in sentences:
        Proposal.objects.create(
            source=source,
            spans=[[start, start + len(sentence)]],
            title=sentence,
            themes=["skills"],
            decision="accepted",
        )
        start += len(sentence) + 1
    with CaptureQueriesContext(
        connection,
    ) as queries:
        made = publishing.publish_accepted("bert", source, "Sample reason.")
    assert [version.snapshot["code"] for version in made] == [
        f"SAMPLE-2020-{number}" for number in range(1, 61)
    ]
    assert len(queries) < 200


def test_what_is_possibly_asked_is_offered_and_added_with_one_click(client):
    text = "We urge sample ministers to act. They know what should change.\n"
    source = make_source("POSSIBLE-2020", text)
    sign_in(client, "Editors")
    review = f"/admin/recommendations/source/{source.pk}/review/"
    page = client.get(review).content.decode()
    assert "The rules are not sure of these 1." in page
    start = text.index("They")
    sent = {"text": 1, "start": start, "end": len(text) - 1}
    client.post(f"{review}add/", sent)
    assert [each.quotes for each in source.proposals.all()] == [["They know what should change."]]
    assert "Possibly also" not in client.get(review).content.decode()
