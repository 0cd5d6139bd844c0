"""A proposed recommendation carries a title, themes, tags and addressees from the editors' own
vocabulary.
"""

import tomllib

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from recommendations.ingest.detect import Concept, Proposed, Vocabulary, label, propose
from recommendations.ingest.detect.languages import LANGUAGES
from recommendations.ingest.detect.titles import MAX_TITLE, title

PARIS = settings.BASE_DIR / "fixtures" / "paris-2025"


def themes(folder=PARIS) -> list[Concept]:
    data = tomllib.loads((folder / "declaration.toml").read_text())["themes"]
    return [
        Concept(each["slug"], (each["label"], *each["alternatives"]), each["definition"])
        for each in data
    ]


def labels(text: str, vocabulary: Vocabulary, at: int = 0):
    return label(text, propose(text)[at], vocabulary)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "We call on G7 governments to fund reskilling for workers.",
            "Fund reskilling for workers",
        ),
        ("We call for prioritising digital fluency.", "Prioritise digital fluency"),
        ("Children must be protected.", "Protect children"),
        ("SMEs should not be taxed twice.", "Do not tax SMEs twice"),
        ("It is essential to widen the routes into work.", "Widen the routes into work"),
        ("Lastly, ministers should agree on one form.", "Agree on one form"),
        (
            "Safeguarding networks against attacks is essential.",
            "Safeguard networks against attacks",
        ),
        ("The security of networks is essential.", "Ensure the security of networks"),
        ("We want the G7 to publish its tests.", "Publish its tests"),
        ("We need a common language of risk.", "Ensure a common language of risk"),
        ("One key outcome should be to focus on small firms.", "Focus on small firms"),
        ("Regulators are asked to rely on each other’s tests.", "Rely on each other’s tests"),
        ("We ask states to open one desk; the rest can wait.", "Open one desk"),
    ],
)
def test_a_title_says_the_action(sentence, expected):
    assert labels(sentence, Vocabulary([])).title == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Grants should run for five years.",
        "The Act does not have to regulate every technology.",
        "It is vital that we reduce this burden.",
        "States must act.",
        "We urge states to fund these efforts.",
    ],
)
def test_a_title_stays_empty_where_no_clause_can_be_turned_safely(sentence):
    assert title(sentence, LANGUAGES["en"]) == ""


def test_an_action_in_ing_form_becomes_an_imperative():
    assert (
        labels("We ask for:\n  • naming cables as critical;", Vocabulary([])).title
        == "Name cables as critical"
    )


def test_a_label_before_an_action_is_left_out():
    assert (
        title("Platforms: open the rating systems to audit.", LANGUAGES["en"])
        == "Open the rating systems to audit"
    )


def test_a_long_title_ends_with_a_clause_or_is_none():
    regions = "in every region of the country and of the wider union of nations"
    urged = f"We urge states to fund schools {regions}"
    assert title(f"{urged}, so that every pupil learns it {regions}.", LANGUAGES["en"]) == (
        f"Fund schools {regions}"
    )
    assert title(f"{urged} and {regions}.", LANGUAGES["en"]) == ""


@given(st.text(min_size=1), st.sampled_from(sorted(LANGUAGES)))
def test_a_title_is_short(passage, language):
    assert len(title(passage, LANGUAGES[language])) <= MAX_TITLE


def test_the_themes_of_paris_come_out_proposed_or_suggested():
    text = (PARIS / "declaration.txt").read_text()
    data = tomllib.loads((PARIS / "declaration.toml").read_text())["recommendations"]
    vocabulary = Vocabulary(themes())
    for each, entry in zip(propose(text), data, strict=True):
        found = label(text, each, vocabulary)
        assert set(found.themes) <= set(entry["themes"])
        assert set(entry["themes"]) <= {*found.themes, *found.suggested_themes}


def test_the_words_of_a_strangers_definition_and_their_kin_tell_a_theme():
    vocabulary = Vocabulary(
        [
            Concept(
                "grids",
                ("Infrastructure security",),
                "Guarding energy and other critical sectors against cyber threats.",
            ),
            Concept("meals", ("School meals",), "Feeding pupils well at midday."),
        ]
    )
    assert labels(
        "We urge states to defend power grids against ransomware.", vocabulary
    ).themes == ["grids"]
    assert labels("We urge states to feed pupils.", vocabulary).themes == ["meals"]
    assert labels("We urge states to repair clocks.", vocabulary).themes == []


def test_a_phrase_counts_more_than_a_word_and_two_themes_may_be_given():
    vocabulary = Vocabulary(
        [Concept("a", ["small firms"]), Concept("b", ["skills"]), Concept("c", ["firms"])]
    )
    found = labels("We urge states to train small firms in new skills.", vocabulary).themes
    assert found[0] == "a"
    assert set(found) == {"a", "b"} | ({"c"} & set(found))


def test_an_acronym_is_found_in_the_plural_and_a_heading_only_suggests():
    vocabulary = Vocabulary([Concept("smes", ("MSMEs",)), Concept("standards", ("Standards",))])
    assert labels("We urge states to pay each MSME on time.", vocabulary).themes == ["smes"]
    found = labels("A title\n\nStandards\n\nWe urge states to agree on one.", vocabulary)
    assert (found.themes, found.suggested_themes) == ([], ["standards"])


def test_signals_tell_a_theme_whose_name_is_not_said():
    text = "We urge states to license every trawler."
    plain, told = (
        Concept("oceans", ("Oceans",)),
        Concept("oceans", ("Oceans",), signals=["trawler"]),
    )
    assert labels(text, Vocabulary([plain])).themes == []
    assert labels(text, Vocabulary([told])).themes == ["oceans"]


def test_tags_in_use_are_found_in_the_order_of_the_passage():
    vocabulary = Vocabulary([], tags=["Education", "Data centres", "Datasets", "Fish"])
    assert labels("We urge states to share datasets for education.", vocabulary).tags == [
        "Datasets",
        "Education",
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("We call on G7 governments to act.", ["g7"]),
        ("We urge ministers to act.", ["g7"]),
        ("Companies and universities must act.", ["companies", "schools"]),
        ("Governments should protect companies.", ["g7"]),
        ("Companies could share their tests.", ["companies"]),
        ("It falls to schools to teach it.", ["schools"]),
        ("It is essential to act.", []),
    ],
)
def test_addressees_are_those_who_are_asked(sentence, expected):
    actors = [
        Concept("g7", ("G7 governments",)),
        Concept("companies", ("Companies",)),
        Concept("schools", ("Educational institutions",)),
    ]
    assert sorted(labels(sentence, Vocabulary([], actors=actors)).addressees) == sorted(expected)


def test_labels_are_the_same_each_time_and_an_empty_vocabulary_gives_none():
    text = "We urge ministers to act."
    vocabulary = Vocabulary(themes())
    assert labels(text, vocabulary) == labels(text, vocabulary)
    empty = labels(text, Vocabulary([]))
    assert (empty.themes, empty.tags, empty.addressees) == ([], [], [])


@given(st.text(min_size=1), st.text(), st.text(), st.sampled_from(["en", "fr", "ja", "xx"]))
def test_no_text_and_no_vocabulary_raises(text, name, meaning, language):
    vocabulary = Vocabulary([Concept("a", [name], meaning)], [name], [Concept("b", [name])])
    found = label(text, Proposed(0, len(text), "", "", None), vocabulary, language)
    assert set(found.themes) <= {"a"}
    assert set(found.addressees) <= {"b"}
