"""Which entries a search finds, on the database that DATABASE_URL names; the suite runs once on
each engine.

All texts here are samples made up for these tests; none is quoted from a declaration.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from recommendations.search import fulltext
from recommendations.search.fulltext.analysis import words

pytestmark = pytest.mark.both_databases

# beyond the ids of any fixture, so that entries already in the index are not in the way
FIRST = 1_000_001
SAMPLES = {
    "a": {
        "title": "Support SMEs in adopting AI",
        "quotes": [
            "Governments should help small and medium-sized firms adopt artificial intelligence."
        ],
        "tags": ["adoption", "small business"],
        "themes": ["SMEs", "small and medium-sized enterprises", "MSMEs"],
    },
    "b": {
        "title": "Invest in reskilling and upskilling",
        "quotes": [
            "Lifelong learning and reskilling programmes prepare workers for change.",
            "Schools need teachers trained in digital skills.",
        ],
        "tags": ["training", "education"],
        "themes": ["Skills", "workforce"],
    },
    "c": {
        "title": "Secure critical infrastructure",
        "quotes": ["Cyber-security of energy networks and data centres must be strengthened."],
        "summary": "Public–private co-operation against attacks.",
        "tags": ["cybersecurity", "energy"],
        "themes": ["Infrastructure security"],
    },
    "d": {
        "title": "Build public-private partnerships",
        "quotes": [
            "A partnership brings the private sector and the public sector together, for skills."
        ],
        "tags": ["partnership", "public", "private"],
        "themes": ["Skills", "SMEs"],
    },
    "e": {
        "title": "Endorse the Hiroshima Process",
        "quotes": [
            "The Code of Conduct, agreed in 2023, should guide developers of AI (LLMs on GPUs)."
        ],
        "tags": ["HAIP", "code", "of", "conduct"],
        "themes": ["Hiroshima process", "HAIP"],
    },
    "f": {
        "title": "Rely on international standards",
        "quotes": ["ISO/IEC 42001 is a standard; 100% of risk rules should refer to it."],
        "summary": "Interoperable rules, without duplication. News from the WHO.",
        "tags": ["ISO", "standards"],
        "themes": ["Standards"],
    },
    "g": {
        "title": "Déployer l’IA au service de l’économie",
        "quotes": ["Les œuvres de création en Côte d’Ivoire, à l'e\u0301cole."],
        "tags": ["français"],
    },
    "h": {
        "title": "信頼できるAI",
        "quotes": ["日本と東京のための人工知能"],
        "tags": ["日本"],
        "summary": "Trust in Japan",
    },
    "i": {
        "title": "Не забывать людей",
        "quotes": ["Люди прежде всего", "שָׁלוֹם עולם"],
        "tags": ["ذكاء", "हिन्दी", "Ελλάδα"],
    },
    "j": {
        "title": "TECH7’s research & development call",
        "quotes": ["R&D at TECH7’s members: don’t stop; O’Brien said so."],
        "summary": "See https://example.org/a_b?x=1 in C:\\path",
    },
    "k": {
        "title": "Trust, but verify",
        "quotes": [
            "AI should be trusted. Trust must be earned, and earned trust kept.",
            "to be or not to be",
        ],
        "tags": ["trust"],
    },
    "l": {
        "title": "<b>Bold</b> \0 NUL 🙂",
        "quotes": ["x" * 5000, ""],
        "tags": ["Straße", "Łódź", "ﬁnance"],
    },
}
KEYS = {FIRST + at: key for at, key in enumerate(SAMPLES)}
DOCUMENTS = {key: fulltext.Document(pk, **SAMPLES[key]) for pk, key in KEYS.items()}
ALL = "abcdefghijkl"


@pytest.fixture
def indexed(db):
    """Put the samples into the index, beside what is there."""
    fulltext.write(DOCUMENTS.values())


def named(keys) -> str:
    """Name samples by their letters, in the order given, and leave out what is none."""
    return "".join(KEYS[key] for key in keys if key in KEYS)


def found(text: str) -> str:
    return named(sorted(fulltext.find(fulltext.parse(text))))


def ranked(text: str) -> dict[str, float]:
    """Return the ranks of all samples that are found, the best first."""
    ranks = fulltext.ranks(fulltext.parse(text), KEYS)
    return {KEYS[key]: ranks[key] for key in sorted(ranks, key=ranks.get, reverse=True)}


SEARCHES = {
    # Words are stemmed; case and accents do not matter.
    "skill": "bd",
    "SKILLS": "bd",
    "reskill": "b",
    "standard": "f",
    "sme": "ad",
    "smes": "ad",
    "LLM": "e",
    "gpu": "e",
    "economie": "g",
    "Économie": "g",
    "francais": "g",
    "FRANÇAIS": "g",
    "ecole": "g",
    "œuvre": "g",
    "oeuvres": "g",
    "ivoire": "g",
    "strasse": "l",
    "lodz": "l",
    "Łodz": "l",
    "finance": "l",
    "tech7": "j",
    "TECH7's": "j",
    "dont": "j",
    "brien": "j",
    "news": "f",
    "new": "f",  # news: the last word may not be typed to its end
    "new -zz": "",
    "critical infra": "c",
    "infra critical": "",
    "partnersh": "d",
    "pa": "",
    '"critical infra"': "",
    # All words must occur, wherever they are.
    "public skills": "d",
    "AI trust": "hk",
    "code developers hiroshima": "e",
    "sme skills energy": "",
    # Phrases, within one string only.
    '"code of conduct"': "e",
    '"of conduct"': "e",
    '"conduct agreed in 2023"': "e",
    '"process haip"': "",
    '"conduct haip"': "",
    '"partnership public"': "",
    '"change schools"': "",
    '"infrastructure cyber"': "",
    '"earned trust"': "k",
    '"trust earned"': "",
    '"trust trust"': "k",
    '"trusted. trust"': "k",
    '"to be or not to be"': "k",
    '"the private sector and the public"': "d",
    '"unbalanced': "",
    '"digital skills': "b",
    "public-private": "cd",
    "private-public": "",
    "co-operation": "c",
    "R&D": "j",
    "ISO/IEC": "f",
    "a_b": "j",
    "example.org": "j",
    "“digital skills”": "b",
    # Exclusions.
    "-ai": "bcdfgijl",
    "-ai -skills": "cfgijl",
    "skills -public": "b",
    '-"code of conduct"': "abcdfghijkl",
    'ai -"earned trust"': "aeh",
    "- ai": "aehk",
    "--ai": "aehk",
    "skills -skills": "",
    "-resk*": "acdefghijkl",
    # Prefixes are of words as they stand.
    "reskilling*": "b",
    "resk*": "b",
    "skilling*": "",
    "govern*": "a",
    "all*": "",
    "al*": "",
    "_al*": "",
    "__all": "",
    "_all": "",
    "standards*": "f",
    "inter*": "f",
    "déplo*": "g",
    "public-priv*": "cd",
    '"small and med*"': "a",
    "日*": "h",
    "люд*": "i",
    # Alternatives bind weaker than words side by side.
    "energy or haip": "ce",
    "energy OR haip": "ce",
    "skills workforce or energy": "bc",
    "skills or energy -data": "bd",
    "energy -data or -ai skills": "bd",
    "or energy or": "c",
    "energy or or haip": "ce",
    # Words that carry nothing are left out unless there is nothing else.
    "the skills of the": "bd",
    "the of": "ef",
    "from the": "f",
    "was": "",
    "IT": "f",
    "who": "f",
    # Other scripts.
    "日本": "h",
    "本": "h",
    "本日": "",
    "信頼": "h",
    "Люди": "i",
    "ЛЮДЕЙ": "i",
    "שלום": "i",
    "ذكاء": "i",
    "हिन्दी": "i",
    "ελλαδα": "i",
    "ΕΛΛΆΔΑ": "i",
    # Hostile ones: nothing to search for is nothing found.
    "": "",
    '"': "",
    '"" ""': "",
    "- -": "",
    "*": "",
    "or or or": "",
    "%": "",
    "\\": "",
    "\0": "",
    "🙂": "",
    "()": "",
    "AND": "abcdk",
    "NOT": "k",
    "nul\0bold": "l",
    "bold\\": "l",
    "NEAR(trust earned, 5)": "",
    "NEAR(": "",
    "ai NEAR": "",
    "ai AND NOT trust": "k",
    "title:trust": "",
    "{title}: trust": "",
    "^trust": "hk",
    "+trust": "hk",
    "trust + earned": "k",
    "trust*)": "hk",
    "(trust": "hk",
    "'; DROP TABLE recommendations_search;--": "",
    "trust';--": "hk",
    "trust' OR '1'='1": "hjk",
    "100%": "f",
    "%s %(x)s trust": "",
    "C:\\path": "j",
    "trust:*": "hk",
    "trust & !ai": "hk",
    "trust <-> earned": "k",
    "trust | earned": "k",
    "\u202etrust\u202c": "hk",
    "t\u0301r\u0308u\u0323st": "hk",
    "🙂trust🙂": "hk",
    "x" * 5000: "l",
    "x" * 99: "l",
    "x" * 99 + "*": "l",
    "trust " * 1700: "hk",
    "-" * 10_000: "",
    '"' * 10_000: "",
    "(" * 5_000 + "trust" + ")" * 5_000: "hk",
    " or ".join(["trust"] * 500): "hk",
    " -".join(["trust", *["nothing"] * 500]): "hk",
    "a* " * 300: "abcdefghjk",
}


@pytest.mark.parametrize("text", SEARCHES, ids=lambda text: ascii(text)[:40])
def test_a_search_finds(indexed, text):
    assert found(text) == SEARCHES[text]


def in_python(document, query):
    """Say from the words alone whether a document matches: what both engines must agree with."""
    texts = [list(words(text)) for field in fulltext.FIELDS for text in document.strings(field)]

    def occurs(clause):
        return any(True for text in texts for _ in clause.places(text))

    return any(all(occurs(clause) != clause.negative for clause in group) for group in query.groups)


VOCABULARY = sorted(
    {
        word
        for document in DOCUMENTS.values()
        for word in " ".join(
            text for field in fulltext.FIELDS for text in document.strings(field)
        ).split()
        if len(word) < 50
    }
)
PIECES = st.sampled_from(
    ["or", "-", '"', "*", " ", "  ", "-a", "the", "'", "(", ")", ":", "\\", "%"]
)
RANDOM_SEARCHES = st.lists(st.sampled_from(VOCABULARY) | PIECES, max_size=8).flatmap(
    lambda pieces: st.sampled_from(
        [" ".join(pieces), "".join(pieces), '"' + " ".join(pieces) + '"']
    )
)


def test_any_search_finds_what_the_words_say(indexed):
    @settings(
        max_examples=300, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(RANDOM_SEARCHES | st.text())
    def check(text):
        query = fulltext.parse(text)
        assert found(text) == "".join(key for key in ALL if in_python(DOCUMENTS[key], query))

    check()


def test_every_run_of_words_finds_its_own_entry(indexed):
    for key, document in DOCUMENTS.items():
        for text in (text for field in fulltext.FIELDS for text in document.strings(field)):
            found_words = list(words(text))
            for first, last in zip(found_words, found_words[2:], strict=False):
                assert key in found(f'"{text[first.start : last.end]}"')


def test_what_is_found_is_a_set_of_keys(indexed):
    trust, ai, not_ai = (fulltext.find(fulltext.parse(text)) for text in ("trust", "ai", "-ai"))
    assert (named(trust & ai), named(ai - trust), named(trust | ai)) == ("hk", "ae", "aehk")
    assert (len(ai & not_ai), named(ai | not_ai)) == (0, ALL)


def test_a_search_is_one_statement_and_so_are_its_ranks(indexed, django_assert_num_queries):
    query = fulltext.parse("trust or skills")
    with django_assert_num_queries(1):
        keys = fulltext.find(query)
    with django_assert_num_queries(1):
        assert fulltext.ranks(query, keys).keys() == set(keys)


def test_a_search_for_nothing_asks_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert (
            len(fulltext.find(fulltext.parse("%"))),
            fulltext.ranks(fulltext.parse("%"), KEYS),
        ) == (
            0,
            {},
        )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("standard", "f"),
        ("trust", "kh"),  # in title, tag and quote before a summary
        ("public-private", "dc"),  # in a title before a summary
    ],
)
def test_the_best_match_comes_first(indexed, text, expected):
    ranks = ranked(text)
    assert "".join(ranks) == expected
    assert all(rank > 0 for rank in ranks.values())


@pytest.mark.parametrize("text", SEARCHES, ids=lambda text: ascii(text)[:40])
def test_what_is_found_has_a_rank_and_nothing_else_has(indexed, text):
    ranks = ranked(text)
    assert "".join(sorted(ranks)) == SEARCHES[text]
    assert all(isinstance(rank, float) for rank in ranks.values())


@pytest.mark.parametrize(
    "text", ["ai", "trust or skills", "energy -data or -ai skills", '"code of conduct"', "a*"]
)
def test_a_rank_does_not_depend_on_what_else_is_ranked(indexed, text):
    query = fulltext.parse(text)
    every = fulltext.ranks(query, fulltext.find(query))
    assert every
    for key, rank in every.items():
        assert fulltext.ranks(query, [key]) == {key: rank}
    for some in (list(every)[::2], BitMap(list(every)[1:]), [], [999_999_999]):
        assert fulltext.ranks(query, some) == {key: every[key] for key in some if key in every}


def test_title_outranks_quote_outranks_tag_and_theme_outrank_summary(indexed):
    fields = ["title", "quotes", "tags", "summary"]
    fulltext.write(
        fulltext.Document(pk, **{field: ["zebra"]}) for pk, field in enumerate(fields, FIRST)
    )
    ranks = ranked("zebra")
    assert "".join(ranks) == "abcd"
    assert len(set(ranks.values())) == 4


def test_writing_again_replaces(indexed):
    fulltext.write([fulltext.Document(FIRST, title="Something else")])
    assert (found("sme"), found('"something else"')) == ("d", "a")
    fulltext.write(
        [fulltext.Document(FIRST, title="once"), fulltext.Document(FIRST, title="twice")]
    )
    assert (found("once"), found("twice")) == ("", "a")


def test_removing_takes_entries_out_of_every_search(indexed):
    fulltext.remove([FIRST, FIRST + 1, 999_999_999])
    assert (found("sme"), found("-ai")) == ("d", "cdfgijl")


def test_more_than_a_batch_is_written_and_removed(db):
    pks = range(2_000_000, 2_001_201)
    fulltext.write(fulltext.Document(pk, title="zebra") for pk in pks)
    zebra = fulltext.parse("zebra")
    assert fulltext.find(zebra) == BitMap(pks)
    assert fulltext.ranks(zebra, pks).keys() == set(pks)
    fulltext.remove(pks)
    assert fulltext.find(zebra) == BitMap()


@pytest.mark.parametrize(
    ("quote", "finds", "misses"),
    [
        # 300 times the same word: places beyond the 255th are not kept, in either engine.
        ("lion zebra " * 300 + "hippo", ["lion-zebra", "zebra-lion", "hippo"], ["zebra-hippo"]),
        ("lion hippo " + "zebra " * 300, ["lion-hippo-zebra"], []),
        # 16,000 places: what comes after is not found, in either engine.
        (
            " ".join(f"w{n}" for n in range(20_000)),
            ["w0", "w15996-w15997", "w159*"],
            ["w16005", "w19999"],
        ),
        # 15,000 different words of 100 characters are more than a tsvector holds.
        (
            " ".join(f"{n:0>100}" for n in range(15_000)),
            ["0" * 100, f"{4000:0>100}"],
            [f"{14_999:0>100}"],
        ),
    ],
    ids=["places", "places at the end", "words", "bytes"],
)
def test_long_entries_are_cut_alike(indexed, quote, finds, misses):
    fulltext.write([fulltext.Document(FIRST, quotes=[quote], summary="last of all")])
    assert [found(text) for text in finds] == ["a"] * len(finds)
    assert [found(text) for text in misses] == [""] * len(misses)
