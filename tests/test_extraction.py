"""What is kept of a text, what is taken off and why; and how the pieces become a stored text."""

import json
import textwrap
from datetime import date

import pytest
from django.conf import settings
from extraction_samples import prose

from recommendations.ingest.extract import (
    Extract,
    Piece,
    Unreadable,
    compose,
    extract,
    extract_text,
)
from recommendations.text import positions

FIXTURE = settings.BASE_DIR / "fixtures" / "paris-2025" / "declaration.txt"
SIGNS = [[1252, 1253], [1666, 1667]]
TITLE = "TECH7's key recommendations for the Paris AI Action Summit"
# The page around the stored text, as it was copied: the fixture holds the text alone.
ABOVE = f"07 Feb 2025\n\n{TITLE}\n\n"
BELOW = """1

Read the full document here
For more information, please contact:
Jo Sample
Associate Director for Sample Affairs & Trade Policy
Ann Maria Sample Example
Senior Manager for Sample Affairs & Trade Policy
Back to Sample Relations and Trade
View the complete Publication & Brochure
PDF
Our resources on Sample Relations and Trade
22 Oct 2024 Response to Public Consultation
Response to a consultation on sample challenges of a working group
19 Jun 2024 Publication & Brochure
A Sample Gap: Rethinking samples to put them back on the map
Hit enter to search or ESC to close
This website uses cookies
We use cookies and similar techniques to adjust your preferences. You consent to the use of our cookies.
Decline
Accept"""


def kept(document: Extract) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in document.pieces if piece.kept]


def off(document: Extract) -> dict[str, str]:
    return {piece.text: piece.reason for piece in document.pieces if not piece.kept}


def test_the_page_of_the_paris_declaration_gives_the_stored_text():
    text = FIXTURE.read_text()
    page = ABOVE + text + BELOW
    for document in (extract_text(page), extract(page.encode(), "page.txt")):
        assert compose(document.pieces) == (text, SIGNS)
        assert (document.kind, document.title) == ("text", TITLE)
        assert (document.issued_on, document.language, document.url) == (date(2025, 2, 7), "en", "")


def test_every_line_taken_off_says_why():
    reasons = off(extract_text(ABOVE + FIXTURE.read_text() + BELOW))
    assert reasons["07 Feb 2025"] == "date"
    assert reasons[TITLE] == "title"
    assert reasons["1"] == "page number"
    assert reasons["Jo Sample"] == reasons["For more information, please contact:"] == "contact"
    assert reasons["Back to Sample Relations and Trade"] == "navigation"
    assert (
        reasons["PDF"]
        == reasons["Read the full document here"]
        == "download or link to the document"
    )
    assert reasons["22 Oct 2024 Response to Public Consultation"] == "related publications"
    assert reasons["Decline"] == reasons["This website uses cookies"] == "cookie notice"
    assert reasons["Hit enter to search or ESC to close"] == "search box"


def test_a_composed_text_has_the_paragraphs_of_its_pieces():
    pieces = [
        Piece("Sample heading", "heading", True),
        Piece("Taken off", "paragraph", False, "navigation"),
        Piece("Sample paragraph1 here.", "paragraph", True, "", ((16, 17),)),
        Piece("It goes on.", "paragraph", True, tight=True),
        Piece("First point2", "bullet", True, "", ((11, 12),)),
        Piece("Second point", "bullet", True),
        Piece("1. A number", "numbered", True),
    ]
    text, signs = compose(pieces)
    assert text == (
        "Sample heading\n\nSample paragraph1 here.\nIt goes on.\n\n  • First point2\n  • Second "
        "point\n\n1. A number\n"
    )
    assert [text[start:end] for start, end in signs] == ["1", "2"]
    assert [line.is_bullet for line in positions.paragraphs(text)] == [
        False,
        False,
        False,
        True,
        True,
        False,
    ]


def test_a_tight_line_stands_apart_where_the_line_above_it_was_taken_off():
    pieces = [
        Piece("One.", "paragraph", True),
        Piece("Two.", "paragraph", False),
        Piece("Three.", "paragraph", True, tight=True),
    ]
    assert compose(pieces) == ("One.\n\nThree.\n", [])


def test_nothing_kept_makes_an_empty_text():
    assert compose([Piece("Menu", "paragraph", False, "navigation")]) == ("", [])


def test_pieces_and_documents_survive_json():
    document = extract_text(f"{prose(1)}\n\nOttawa, 12 May 2026\n\n{prose(2)}")
    assert Extract.from_dict(json.loads(json.dumps(document.as_dict()))) == document
    piece = Piece("Sample1", "note", False, "footnote", ((6, 7),), 3)
    assert Piece.from_dict(json.loads(json.dumps(piece.as_dict()))) == piece


def test_words_are_kept_verbatim_and_only_space_and_unseen_signs_are_normalised():
    words = (
        "“Smart” ‘quotes’ – dashes — and speling… stay as they are, ½ and © too; so do Æ and 日本."
    )
    document = extract_text(
        f"  {words[:30]}\u200b{words[30:40]}\u00ad{words[40:]} \u00a0 It\u00a0is\tso.\x07  "
    )
    assert kept(document) == [("paragraph", f"{words} It is so.")]


def test_wrapped_lines_become_paragraphs():
    wrapped = (
        "This is sample text that was wrapped by a program at some seventy\n"
        "characters, so that its lines end amid a sentence and go on below\n"
        "until the paragraph ends.\n\n"
        "A second sample paragraph follows after a blank line, and it too is\n"
        "wrapped at the same width by the same program, as letters once were\n"
        "before anybody thought of windows.\n"
        "- a sample point that is long enough to be wrapped by the program as\n"
        "  well as the paragraphs\n"
        "- another sample point\n"
    )
    assert kept(extract_text(wrapped)) == [
        ("paragraph", " ".join(wrapped.split("\n")[:3])),
        ("paragraph", " ".join(wrapped.split("\n")[4:7])),
        (
            "bullet",
            "a sample point that is long enough to be wrapped by the program as well as the "
            "paragraphs",
        ),
        ("bullet", "another sample point"),
    ]


def test_short_lines_of_a_wrapped_text_are_a_list():
    names = ["Sample association (France)", "Verband der Muster (Germany)", "Another one (Italy)"]
    first, second = (textwrap.fill(prose(n), 70) for n in (1, 2))
    document = extract_text("\n\n".join([first, second, "\n".join(["Signed by", *names])]))
    assert [text for _kind, text in kept(document)] == [prose(1), prose(2), "Signed by", *names]


def test_lines_that_are_paragraphs_stay_apart():
    lines = [prose(n) for n in range(1, 5)]
    assert kept(extract_text("\n".join(lines))) == [("paragraph", line) for line in lines]


@pytest.mark.parametrize("sign", ["•", "–", "-", "*", "▪", "‣", "o", "\uf0b7", "●"])
def test_signs_of_points_make_points(sign):
    document = extract_text(
        f"{prose(1)}\n\n{sign} Sample point\n{sign} Second sample\n\n{prose(2)}"
    )
    assert [text for kind, text in kept(document) if kind == "bullet"] == [
        "Sample point",
        "Second sample",
    ]


@pytest.mark.parametrize("number", ["1.", "12)", "(a)", "b.", "iv.", "2.1", "(iii)"])
def test_numbers_stay_in_the_text(number):
    document = extract_text(f"{prose(1)}\n\n{number} Sample point\n\n{prose(2)}")
    assert kept(document)[1] == ("numbered", f"{number} Sample point")


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("We met in the sample town1 and left2.", ["1", "2"]),
        ("The TECH7 met. Later the TECH71 met again, as CO2 and COVID19 and G7 do.", ["1"]),
        ("We met the samples.1 We left them.2", ["1", "2"]),
        ("A raised sign¹ and another one.²", ["¹", "²"]),
        ("A sample in brackets[1] and again[2].", ["[1]", "[2]"]),
        ("The G7 and the TECH7 met in hall B2 in 2025 for version 2.1 of MP3.", []),
    ],
)
def test_footnote_signs_are_found_by_counting(text, signs):
    text = f"{text} {prose(1)}"
    piece = extract_text(text).pieces[0]
    assert [piece.text[start:end] for start, end in piece.markers] == signs


def test_footnotes_below_a_text_are_notes():
    document = extract_text(
        f"{prose(1)}\n\nWe met in the sample town1 again.\n\n{prose(2)}\n\n1 Sample town is made "
        "up."
    )
    assert off(document) == {"1 Sample town is made up.": "footnote"}


def test_the_declarations_own_words_stay_though_they_sound_like_furniture():
    body = [
        prose(1),
        "We use cookies as an example: governments should make one rule for cookies and for "
        "consent on every site.",
        "For more information on skills, governments should read the sample report.",
        "Share",
        "Contact between ministries should be simpler, and copyright should be clear to all of "
        "them.",
        "About half of the firms subscribe to a newsletter on standards, which is not enough.",
        prose(2),
    ]
    document = extract_text("\n\n".join(body))
    assert [text for _, text in kept(document)] == [line for line in body if line != "Share"]


def test_a_list_of_signatories_stays():
    names = [
        "Signed by:",
        "Jane Sample, CEO, Sample Tech",
        "Jean Exemple, President, Exemple Numérique",
    ]
    document = extract_text("\n\n".join([prose(1), prose(2), *names]))
    assert [text for _, text in kept(document)][2:] == names


FURNITURE = {
    "copyright or legal line": [
        "This page is licensed under a sample licence, except where it says otherwise.",
        "© 2026 Sample Association",
        "Mentions légales",
        "Impressum",
        "Privacy policy | Terms",
        "利用規約",
    ],
    "share, follow or subscribe": [
        "Follow us on Sample",
        "Partager",
        "Teilen",
        "Seguici su Sample",
        "Subscribe to our newsletter",
    ],
    "navigation": [
        "Back to top",
        "Retour à la liste",
        "Zurück zur Übersicht",
        "Torna indietro",
        "ホーム",
        "Skip to content",
    ],
    "cookie notice": [
        "Accept all cookies",
        "Nous utilisons des cookies pour mesurer la visite de ce site.",
        "Wir verwenden Cookies, um diese Seite zu verbessern.",
        "Utilizziamo i cookie per migliorare questo sito.",
    ],
    "contact": [
        "For further information, please contact Jo Sample.",
        "press@sample.example",
        "Tel: +1 613 555 0100",
        "Pour plus d’informations : Jeanne Exemple",
        "Pressekontakt: Hans Muster",
        "お問い合わせ先",
    ],
    "download or link to the document": [
        "Download PDF (1.2 MB)",
        "Télécharger le document",
        "Read more",
        "Scarica il documento",
    ],
    "reading time": ["5 min read", "Lesezeit: 3 Minuten"],
    "tags": ["Tags: skills, standards", "#skills #standards"],
    "page number": ["Page 3 of 7", "- 4 -", "12"],
    "related publications": [
        "Related articles",
        "Latest news",
        "Weitere Artikel",
        "Leggi anche",
        "関連記事",
        "À lire aussi",
    ],
    "notes to editors": ["###", "Notes to editors", "ENDS"],
    "about the organisation": [
        "About Sample Association",
        "À propos de l’Association Exemple",
        "Über Muster",
    ],
}


@pytest.mark.parametrize(
    ("reason", "line"), [(reason, line) for reason, lines in FURNITURE.items() for line in lines]
)
def test_furniture_below_a_text_is_taken_off_with_its_reason(reason, line):
    document = extract_text("\n\n".join([prose(1), prose(2), prose(3), line]))
    assert [text for _, text in kept(document)] == [prose(1), prose(2), prose(3)]
    assert off(document) == {line: reason}


def test_the_end_of_a_press_release_is_taken_off_with_its_sentences():
    tail = [
        "###",
        "Notes to editors",
        "1. The sample met for the third time, in May.",
        "About Sample",
        "Sample is a sample, and no more.",
    ]
    document = extract_text("\n\n".join([prose(1), prose(2), *tail]))
    assert list(off(document)) == tail
    assert set(off(document).values()) == {"notes to editors", "about the organisation"}


def test_what_stands_above_the_text_is_taken_off_but_not_its_headings():
    head = [
        "Skip to content",
        "Home > News > Statements",
        "Joint statement of sample associations",
        "Published 3 April 2026",
    ]
    document = extract_text("\n".join([*head, "3 min read"]) + f"\n\nIntroduction\n\n{prose(1)}")
    assert (document.title, document.issued_on) == (
        "Joint statement of sample associations",
        date(2026, 4, 3),
    )
    assert kept(document) == [("heading", "Introduction"), ("paragraph", prose(1))]


@pytest.mark.parametrize(
    ("opening", "day"),
    [
        ("LYON, 4 June 2026 – ", date(2026, 6, 4)),
        ("Washington, June 4, 2026 - ", date(2026, 6, 4)),
        ("Adopted on 4 June 2026, ", None),
        ("As we wrote in our letter of 4 June 2026 – ", None),
    ],
)
def test_a_press_release_is_dated_by_the_line_that_opens_it(opening, day):
    title = "Joint statement of sample associations"
    assert extract_text(f"{title}\n\n{opening}{prose(1)}\n\n{prose(2)}").issued_on == day


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("12 May 2026", date(2026, 5, 12)),
        ("May 12th, 2026", date(2026, 5, 12)),
        ("Washington, D.C., June 3, 2026", date(2026, 6, 3)),
        ("Ottawa, le 1er juin 2026", date(2026, 6, 1)),
        ("Berlin, 3. März 2026", date(2026, 3, 3)),
        ("Roma, 4 luglio 2026", date(2026, 7, 4)),
        ("2026年5月12日", date(2026, 5, 12)),
        ("2026-05-12", date(2026, 5, 12)),
        ("13/05/2026", date(2026, 5, 13)),
        ("3/4/2026", None),
        ("31 February 2026", None),
    ],
)
def test_dates_are_read_as_documents_write_them(line, day):
    document = extract_text(f"{line}\n\n{prose(1)}")
    assert document.issued_on == day
    assert day is None or off(document) == {line: "date"}


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        (
            "Nous appelons les gouvernements à soutenir les petites entreprises dans la "
            "formation, et pour la norme.",
            "fr",
        ),
        (
            "Wir fordern die Regierungen auf, die kleinen Firmen mit Mitteln für das Lernen und "
            "die Normen zu fördern.",
            "de",
        ),
        (
            "Chiediamo ai governi di sostenere le imprese con la formazione e con le norme, che "
            "sono per gli altri.",
            "it",
        ),
        ("私たちは各国の政府に対し、技能への投資を求めます。", "ja"),
        ("Xyz qwv.", "en"),
    ],
)
def test_the_language_is_told_by_its_small_words(text, tag):
    assert extract_text(text).language == tag


@pytest.mark.parametrize("text", ["", " \n\t\n", "— • —", "\u200b"])
def test_a_text_without_words_is_refused(text):
    with pytest.raises(Unreadable, match="no text"):
        extract_text(text)


def test_a_text_over_the_limit_is_refused():
    with pytest.raises(Unreadable, match="2,000,000 characters"):
        extract_text("a" * 2_000_001)
    with pytest.raises(Unreadable, match="20,000 lines"):
        extract_text("Sample line\n" * 20_001)
