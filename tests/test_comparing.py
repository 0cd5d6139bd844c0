"""What changed between two texts is told word by word, and nothing is lost in the telling."""

from hypothesis import given
from hypothesis import strategies as st

from recommendations.text.diff import (
    MOST,
    Kind,
    Stretch,
    compare,
    compare_lists,
    compare_snapshots,
    shorten,
)

SAME, REMOVED, ADDED, OMITTED = Kind.SAME, Kind.REMOVED, Kind.ADDED, Kind.OMITTED
texts = st.lists(
    st.sampled_from(["sample ", "word ", "word\n", "\n", "é", "日", "本", "  ", "an end."])
).map("".join)


def told(stretches) -> list[tuple[str, str]]:
    return [(stretch.kind.value, stretch.text) for stretch in stretches]


def rebuilt(stretches, without: Kind) -> str:
    return "".join(stretch.text for stretch in stretches if stretch.kind is not without)


@given(texts | st.text(), texts | st.text())
def test_both_texts_can_be_rebuilt(old, new):
    stretches = compare(old, new)
    assert rebuilt(stretches, ADDED) == old
    assert rebuilt(stretches, REMOVED) == new
    assert all(stretch.text for stretch in stretches)


@given(texts)
def test_a_text_equals_itself(text):
    assert compare(text, text) == ((Stretch(SAME, text),) if text else ())


def test_the_words_that_differ_are_told():
    assert told(
        compare("We ask for sample bread.\nIt ends.\n", "We ask for some bread.\nIt ends.\n")
    ) == [
        ("same", "We ask for "),
        ("removed", "sample "),
        ("added", "some "),
        ("same", "bread.\nIt ends.\n"),
    ]


def test_words_of_scripts_without_spaces_are_told_one_by_one():
    assert told(compare("信頼できるAI", "信用できるAI")) == [
        ("same", "信"),
        ("removed", "頼"),
        ("added", "用"),
        ("same", "できるAI"),
    ]


def test_the_line_breaks_behind_a_word_are_no_part_of_it():
    assert told(compare("They smell.\n\nEnd.", "They sleep.\n\nEnd.")) == [
        ("same", "They "),
        ("removed", "smell."),
        ("added", "sleep."),
        ("same", "\n\nEnd."),
    ]


def test_a_paragraph_that_came_is_told_as_a_whole():
    assert told(compare("One.\n\nThree.\n", "One.\n\nTwo.\n\nThree.\n")) == [
        ("same", "One.\n\n"),
        ("added", "Two.\n\n"),
        ("same", "Three.\n"),
    ]


def test_many_paragraphs_that_changed_are_compared_one_by_one():
    old = "".join(f"Sample paragraph {number} goes on and on.\n" for number in range(3000))
    stretches = compare(old, old.replace("goes", "went"))
    assert {stretch.text for stretch in stretches if stretch.kind is ADDED} == {"went "}
    assert sum(stretch.kind is ADDED for stretch in stretches) == 3000


def test_texts_that_repeat_one_word_without_end_are_told_at_once():
    old, new = "start " + "a b " * 4000 + "c", "begin " + "b a " * 4000 + "d"
    assert MOST < 4000 * 4000
    assert told(compare(old, new)) == [("removed", old), ("added", new)]


def test_lists_are_compared_in_whatever_order():
    assert told(compare_lists(["a", "b", "c"], ["d", "c", "a"])) == [
        ("added", "d"),
        ("same", "c"),
        ("same", "a"),
        ("removed", "b"),
    ]


def test_what_is_far_from_a_change_is_left_out():
    stretches = (Stretch(SAME, "x" * 1000), Stretch(ADDED, "y"), Stretch(SAME, "z" * 360))
    assert [(s.kind, len(s.text)) for s in shorten(stretches)] == [
        (SAME, 120),
        (OMITTED, 760),
        (SAME, 120),
        (ADDED, 1),
        (SAME, 360),
    ]


SOURCE = {
    "code": "SAMPLE-2020",
    "sha256": "a",
    "title": "Sample declaration",
    "kind": "declaration",
    "issued_on": "2020-05-01",
    "occasion": "",
    "url": "",
    "language": "en",
    "issuers": [["tech7", "TECH7"]],
}
WORK = {"code": "WORK-2019", "title": "Sample work", "note": ""}


def snapshot(**changes) -> dict:
    """Return a sample snapshot, as a version keeps it."""
    passage = {
        "quote": "We ask.",
        "start": 10,
        "end": 17,
        "prefix": "",
        "suffix": "",
        "paragraph": 2,
    }
    return {
        "title": "Ask",
        "summary": "",
        "source": SOURCE,
        "passages": [passage],
        "themes": [["skills", "Skills"]],
        "tags": [],
        "addressees": [],
        "works": [WORK],
    } | changes


def changed(parts) -> list[str]:
    return [part.name for part in parts if part.is_changed]


def test_two_equal_snapshots_differ_in_nothing():
    found = compare_snapshots(snapshot(), snapshot())
    assert (found.is_entry_changed, found.is_source_changed, changed(found.entry)) == (
        False,
        False,
        [],
    )


def test_other_words_from_the_same_text_are_the_editors_choice():
    passage = snapshot()["passages"][0] | {"quote": "We ask again.", "end": 23}
    found = compare_snapshots(snapshot(), snapshot(passages=[passage], title="Ask again"))
    assert (changed(found.entry), found.source) == (["Title", "Words quoted"], ())


def test_the_same_words_at_another_place_of_another_text_are_a_change_of_the_source():
    passage = snapshot()["passages"][0] | {"start": 12, "end": 19}
    found = compare_snapshots(
        snapshot(), snapshot(passages=[passage], source=SOURCE | {"sha256": "b"})
    )
    assert (found.is_entry_changed, found.is_source_changed) == (False, True)
    assert [told(part.stretches) for part in found.source] == [
        [("same", "We ask.")],
        [
            ("added", "paragraph 2, characters 13 to 19"),
            ("removed", "paragraph 2, characters 11 to 17"),
        ],
    ]


def test_a_note_on_a_work_is_part_of_what_is_compared():
    found = compare_snapshots(snapshot(), snapshot(works=[WORK | {"note": "chapter 2"}]))
    assert changed(found.entry) == ["Works referred to"]
    assert told(found.entry[-1].stretches) == [
        ("added", "Sample work (chapter 2)"),
        ("removed", "Sample work"),
    ]


def test_a_new_name_of_the_same_thing_is_no_change():
    renamed = snapshot(themes=[["skills", "Sample skills"]])
    found = compare_snapshots(snapshot(), renamed)
    assert (found.is_entry_changed, found.is_data_changed) == (False, False)
    assert told(found.entry[3].stretches) == [("same", "Sample skills")]


def test_the_data_of_a_declaration_are_told_apart_from_its_text():
    issuers = [["tech7", "TECH7"], ["g7", "G7"]]
    changes = {"title": "Sample title", "issued_on": "2020-05-02", "issuers": issuers}
    found = compare_snapshots(snapshot(), snapshot(source=SOURCE | changes))
    assert (found.is_entry_changed, found.is_source_changed) == (False, False)
    assert changed(found.data) == ["Declaration", "Issued on", "Issued by"]
