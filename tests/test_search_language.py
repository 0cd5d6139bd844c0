"""The language of searches and the words of texts, without a database."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.search import fulltext
from recommendations.search.fulltext.analysis import words
from recommendations.search.fulltext.index import fts5_text, tsquery_text
from recommendations.search.fulltext.query import Clause

# Characters on which texts and queries turn, so that hypothesis meets them often.
TEXTS = st.text() | st.text(
    st.sampled_from("abs AIé’'\"“”*-/.()<>&;\n\0œßʼ日本ก\u0301\u00ad²½🙂स्त")
)


def stems(text):
    return [word.stem for word in words(text)]


def said(text):
    """Write a parsed query plainly: groups by |, phrases in quotes."""

    def plain(clause):
        text = " ".join(clause.terms) + ("*" if clause.prefix else "")
        return ("-" if clause.negative else "") + (f'"{text}"' if len(clause.terms) > 1 else text)

    return " | ".join(" ".join(map(plain, group)) for group in fulltext.parse(text).groups)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Policies, policy; POLICY", ["polici", "polici", "polici"]),
        ("SME SMEs smes SME’s", ["sme"] * 4),
        ("LLMs GPUs KPIs APIs", ["llm", "gpu", "kpi", "api"]),
        ("news virus campus class", ["news", "virus", "campus", "class"]),
        ("TECH7’s TECH7's TECH7", ["tech7"] * 3),
        (
            "don’t l’économie d'Ivoire O’Brien’s",
            ["dont", "l", "economi", "d", "ivoir", "o", "brien"],
        ),
        (
            "œuvre Straße ﬁn Łódź Đà Øre İstanbul ısı",
            ["oeuvr", "strass", "fin", "lodz", "da", "ore", "istanbul", "isi"],
        ),
        ("e\u0301cole école", ["ecol", "ecol"]),
        ("inter\u00adnational", ["internat"]),
        ("recommendations² 2²", ["recommend", "2"]),
        ("１２ ٣", ["12", "3"]),
        ("日本", ["u65e5", "u672c"]),
        ("が か", ["u304bu3099", "u304b"]),
        ("Люди", ["u43bu44eu434u438"]),
        ("public-private R&D", ["public", "privat", "r", "d"]),
        ("🙂 — ()*%\\ ❤️ \u0301", []),
        ("x" * 5000, ["x" * 100]),
    ],
)
def test_a_text_becomes_stems(text, expected):
    assert stems(text) == expected


def test_a_word_knows_its_place_and_its_form():
    assert [(w.start, w.end, w.form) for w in words("“TECH7’s SMEs”")] == [
        (1, 8, "tech7"),
        (9, 13, "smes"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("digital skills", "digit skill"),
        ('"digital skills"', '"digit skill"'),
        ("“digital skills” „more”", '"digit skill" more'),
        ("skills -training", "skill -train"),
        ('-"code of conduct"', '-"code of conduct"'),
        ("(-energy)", "-energi"),
        ("reskil*", "reskil*"),
        ("-reskil*", "-reskil*"),
        ("fo*o", "fo o"),
        ("sme or skills training", "sme | skill train"),
        ("OR sme or OR skills or", "sme | skill"),
        ("or", ""),
        ('"or"', "or"),
        ("public-private", '"public privat"'),
        ("public-priv*", '"public priv*"'),
        ('"public priv*" "public priv"*', '"public priv*" "public priv*"'),
        ("R&D ISO/IEC 3.5", '"r d" "iso iec" "3 5"'),
        ("skills--training...now", "skill train now"),
        ("skills -- - training", "skill train"),
        ("--skills", "skill"),
        ('"unbalanced phrase', '"unbalanc phrase"'),
        ('skills"more', "skill more"),
        ("the skills of workers", "skill worker"),
        ("the of", "the of"),
        ("the or skills", "skill"),
        ("the*", "the*"),
        ('"to be or not to be"', '"to be or not to be"'),
        ("the -skills", "-skill"),
        ("IT and the WHO", "it who"),
        ("NEAR(a b, 2) AND NOT c", "near b 2 not c"),
        ("title:foo ^bar {a b}: +baz", "titl foo bar b baz"),
        ("日本 本", '"u65e5 u672c" u672c'),
        ("", ""),
        ("* - -* \"\" '' % \\ \0 🙂 ( ) : ^ +", ""),
        ("- -", ""),
        ('"" ""', ""),
        ("'; DROP TABLE x;--", "drop tabl x"),
    ],
)
def test_a_search_is_read(text, expected):
    assert said(text) == expected


def test_a_query_is_false_when_there_is_nothing_to_search_for():
    assert not fulltext.parse("* % or")
    assert fulltext.parse("-skills")


def test_a_query_is_cut_after_64_words_and_says_so():
    query = fulltext.parse(" ".join(f"w{n}" for n in range(65)))
    assert [clause.terms for clause in query.positives] == [(f"w{n}",) for n in range(64)]
    assert query.cut
    assert not fulltext.parse(" ".join(f"w{n}" for n in range(64))).cut


def test_a_query_is_cut_after_8_words_with_a_star_and_says_so():
    query = fulltext.parse(" or ".join(f"{letter}{letter}*" for letter in "abcdefghij"))
    assert [clause.terms for clause in query.positives] == [(c * 2,) for c in "abcdefgh"]
    assert query.cut
    assert not fulltext.parse(" or ".join(f"{letter}{letter}*" for letter in "abcdefgh")).cut


def test_a_pasted_passage_is_cut_to_its_first_64_words():
    query = fulltext.parse('"' + "word " * 100 + '"')
    assert query.positives == (Clause(("word",) * 64),)
    assert query.cut


def test_half_an_exclusion_is_not_applied():
    query = fulltext.parse("w " * 60 + '-"a b c d e f"')
    assert len(query.positives) == 60
    assert query.groups[0][-1] == Clause(("w",))
    assert query.cut


@pytest.mark.parametrize(
    "piece",
    ["a", "a ", "the ", '"', "-", "a'", "(-", '-"a', "a-", "or ", "* ", "\u0301", "日", "e\u0301"],
)
def test_a_hundred_thousand_characters_are_read(piece):
    """Work that grows with the square of the length would take minutes here."""
    query = fulltext.parse(piece * (100_000 // len(piece)))
    assert len(query.positives) <= 64


def test_a_query_is_written_for_both_engines():
    query = fulltext.parse('skills "code of conduct" -energ* or -sme')
    assert fts5_text(query) == (
        '(("skill" AND "code of conduct") NOT ("_energ" *)) OR (("__all") NOT ("sme"))'
    )
    assert tsquery_text(query) == (
        "((('skill') & ('code' <-> 'of' <-> 'conduct')) & !(('_energ':*))) | ((('__all')) & "
        "!(('sme')))"
    )


@given(TEXTS)
def test_engines_only_ever_see_letters_and_digits(text):
    assert all(
        re.fullmatch("[a-z0-9]{1,100}", term)
        for clause in all_clauses(fulltext.parse(text))
        for term in clause.terms
    )
    lexemes = [lexeme for _, _, lexeme in fulltext.Document(1, title=[text]).lexemes()]
    assert all(re.fullmatch("_?[a-z0-9]{1,100}", lexeme) for lexeme in lexemes)


def all_clauses(query):
    return [clause for group in query.groups for clause in group]


@given(TEXTS)
def test_every_text_is_a_query(text):
    query = fulltext.parse(text)
    assert sum(len(clause.terms) for clause in all_clauses(query)) <= fulltext.MAX_TERMS
    assert all(query.groups)


@given(TEXTS)
def test_a_text_is_found_by_each_of_its_words_and_by_itself_as_a_phrase(text):
    for word in words(text):
        raw = text[word.start : word.end]
        for query in (f'"{raw}"', f'"{raw}*"'):
            assert any(
                a <= word.start and word.end <= b
                for a, b in fulltext.spans(text, fulltext.parse(query))
            )


@given(TEXTS, TEXTS)
def test_marking_changes_nothing_but_adds_marks(text, query):
    marked = fulltext.mark(text, fulltext.parse(query))
    assert html.unescape(re.sub("</?mark>", "", marked)) == text
    assert "<" not in re.sub("</?mark>", "", marked)
    assert hasattr(marked, "__html__")


@given(TEXTS)
def test_marking_with_a_texts_own_words_keeps_the_text(text):
    marked = fulltext.mark(text, fulltext.parse(text))
    assert re.sub("</?mark>", "", marked).count("<") == 0
    assert html.unescape(re.sub("</?mark>", "", marked)) == text


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("Digital Skills, skilled", "skill", "Digital <mark>Skills</mark>, <mark>skilled</mark>"),
        ("public-private or private", "public-private", "<mark>public-private</mark> or private"),
        ("code of conduct of code", '"code of conduct"', "<mark>code of conduct</mark> of code"),
        ("reskilling skills", "resk*", "<mark>reskilling</mark> skills"),
        (
            "<b>bold</b> & b",
            "b",
            "&lt;<mark>b</mark>&gt;bold&lt;/<mark>b</mark>&gt; &amp; <mark>b</mark>",
        ),
        (
            "<script>alert(1)</script>",
            "script",
            "&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt;",
        ),
        ("amp & amp", "amp", "<mark>amp</mark> &amp; <mark>amp</mark>"),
        ("E\u0301cole", "ecole", "<mark>E\u0301cole</mark>"),
        ("TECH7’s", "tech7", "<mark>TECH7’s</mark>"),
        ("日本語", "本語", "日<mark>本語</mark>"),
        ("a b c d", '"a b c" "b c d"', "<mark>a b c d</mark>"),
        ("energy and skills", "skills -energy", "energy and <mark>skills</mark>"),
        ("skills or energy", "skills or energy", "<mark>skills</mark> or <mark>energy</mark>"),
        ("skills", "", "skills"),
    ],
)
def test_words_and_phrases_are_marked(text, query, expected):
    assert fulltext.mark(text, fulltext.parse(query)) == expected


def test_reasons_name_the_field_and_the_string():
    document = fulltext.Document(
        1,
        title="Help small firms",
        quotes=["We call for help.", "Small and medium-sized enterprises need skills."],
        tags=["reskilling"],
        themes=["SMEs", "small and medium-sized enterprises"],
    )
    assert fulltext.reasons(document, fulltext.parse('"medium-sized enterprise" -firm')) == [
        fulltext.Reason("quotes", "Small and medium-sized enterprises need skills."),
        fulltext.Reason("themes", "small and medium-sized enterprises"),
    ]
    assert fulltext.reasons(document, fulltext.parse("reskil*")) == [
        fulltext.Reason("tags", "reskilling")
    ]
    assert fulltext.reasons(document, fulltext.parse("help skills")) == [
        fulltext.Reason("title", "Help small firms"),
        fulltext.Reason("quotes", "We call for help."),
        fulltext.Reason("quotes", "Small and medium-sized enterprises need skills."),
    ]


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("organisations", "organization"),
        ("prioritising", "prioritize"),
        ("analyse", "analyzed"),
        ("standardise", "standardized"),
    ],
)
def test_british_and_american_spellings_are_one_word(british, american):
    assert fulltext.spans(british, fulltext.parse(american)) == [(0, len(british))]


@pytest.mark.parametrize(
    ("british", "american"),
    [("defence", "defense"), ("programmes", "programs"), ("labour", "labor"), ("centre", "center")],
)
def test_british_and_american_spellings_find_each_other(british, american):
    (one,), (other,) = list(words(british)), list(words(american))
    assert one.stem == other.stem
