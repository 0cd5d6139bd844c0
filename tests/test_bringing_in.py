"""Bringing in a declaration: what is read is shown, mended by editors, and made a declaration whole
or not at all.
"""

import io
import re
from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from docx import Document
from factories import make_intake, make_source, sign_in

from recommendations.editorial import code_guess, piece_edits
from recommendations.editorial import intake as intake_acts
from recommendations.editorial.errors import Refused
from recommendations.ingest.extract import Piece, Unreadable
from recommendations.models import Change, Intake, Organisation, Recommendation, Source
from recommendations.models.proposal import Proposal

pytestmark = pytest.mark.django_db
LIST = "/admin/recommendations/intake/"
ADD = f"{LIST}add/"
TITLE = "Sample declaration for the Ottawa Sample Summit"
BODY = [
    "This is sample text, written for a test, about small enterprises and what they need in a "
    "year like this one.",
    "We call on G7 governments to fund sample skills training for small enterprises in every "
    "sample region.",
    "Sample industry has come a long way since the last sample summit, and members are proud of "
    "that work.",
    "We urge companies to publish a sample report on the security of their sample infrastructure "
    "each year.",
]
TEXT = (
    "\n\n".join([TITLE, "Ottawa, 12 May 2025", *BODY, "Cookie settings", "Follow us on LinkedIn"])
    + "\n"
)
HTML = (
    f"<!doctype html><title>{TITLE}</title><nav><a href=/>Home</a></nav><h1>{TITLE}</h1>"
    + "".join(f"<p>{line}</p>" for line in BODY)
)


@pytest.fixture
def editor(client):
    return sign_in(client, "Editors")


@pytest.fixture
def intake(monkeypatch):
    return make_intake(monkeypatch, "sample editor", TEXT)


def docx() -> bytes:
    document, file = Document(), io.BytesIO()
    document.add_heading(TITLE)
    for line in BODY:
        document.add_paragraph(line)
    document.save(file)
    return file.getvalue()


def pdf() -> bytes:
    """Write the smallest PDF that holds the lines, a paragraph each."""
    shown = []
    for line in [TITLE, *BODY]:
        shown += [f"({part}) Tj 0 -14 Td" for part in re.findall(r".{1,80}(?:\s|$)", line)] + [
            "0 -14 Td"
        ]
    stream = "BT /F1 11 Tf 60 760 Td " + " ".join(shown) + " ET"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 "
        "R>>>>>>",
        f"<</Length {len(stream)}>>\nstream\n{stream}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    whole, places = "%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(whole))
        whole += f"{number} 0 obj\n{each}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = (
        f"xref\n0 6\n0000000000 65535 f \n{table}trailer\n<</Size 6/Root 1 0 "
        f"R>>\nstartxref\n{len(whole)}\n%%EOF\n"
    )
    return (whole + end).encode()


FILES = {
    "sample.txt": TEXT.encode,
    "sample.html": HTML.encode,
    "sample.docx": docx,
    "sample.pdf": pdf,
}


def upload(client, data: bytes, name: str = "sample.txt"):
    return client.post(ADD, {"file": SimpleUploadedFile(name, data), "text": ""})


def page_of(intake: Intake) -> str:
    return reverse("admin:recommendations_intake_change", args=[intake.pk])


def mend(client, intake: Intake, what: str, seen: object = None, **headers):
    data = {"mend": what, "seen_revision": intake.revision if seen is None else seen}
    return client.post(reverse("admin:mend_intake", args=[intake.pk]), data, headers=headers)


def description(client, intake: Intake, **changes) -> dict:
    """Return what a browser would send for the form as it stands, with changes."""
    response = client.get(page_of(intake))
    data = {field.name: field.value() or "" for field in response.context["form"]}
    return data | {"seen_revision": response.context["seen"]} | changes


def words(response) -> str:
    """Return what a page says, without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def changes() -> int:
    """Count what is on record of intakes."""
    return Change.objects.filter(kind="intake").count()


def pieces(*texts: str) -> list[Piece]:
    return [Piece(text, "paragraph", True) for text in texts]


# --- Who may ---


@pytest.mark.parametrize(
    ("groups", "status"), [((), 403), (("Editors",), 200), (("Publishers",), 200)]
)
def test_only_editors_see_what_is_brought_in(client, intake, groups, status):
    sign_in(client, *groups)
    original = reverse("admin:original_of_intake", args=[intake.pk])
    assert [client.get(path).status_code for path in (LIST, ADD, page_of(intake), original)] == [
        status
    ] * 4
    assert mend(client, intake, "1 take-off").status_code == (302 if status == 200 else 403)
    assert upload(client, b"Sample").status_code == (302 if status == 200 else 403)


def test_a_stranger_is_asked_to_sign_in(client, intake):
    answers = [client.get(path) for path in (LIST, ADD, page_of(intake))] + [
        mend(client, intake, "1 keep")
    ]
    assert [answer.status_code for answer in answers] == [302] * 4


def test_what_may_only_be_looked_at_has_no_buttons(client, intake):
    user = sign_in(client)
    user.user_permissions.set(
        Group.objects.get(name="Editors").permissions.filter(codename="view_intake"),
    )
    page = client.get(page_of(intake)).content.decode()
    assert BODY[1] in page
    assert 'name="mend"' not in page
    assert client.post(page_of(intake), {}).status_code == 403
    assert mend(client, intake, "1 take-off").status_code == 403


def test_readers_never_see_what_is_brought_in(client, intake):
    source = intake_acts.accept("sample editor", intake, intake.revision)
    assert client.get(f"/{source.code}").status_code == 404
    assert source.code not in client.get("/declarations/").content.decode()


# --- Reading ---


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_each_type_is_read_and_shown(client, editor, name):
    data = FILES[name]()
    response = upload(client, data, name)
    intake = Intake.objects.get()
    assert (response.status_code, response.url) == (302, page_of(intake))
    assert (intake.name, bytes(intake.original), intake.created_by) == (name, data, "editors")
    assert (intake.title, intake.code[:7]) == (TITLE, "OTTAWA-")
    kept = [piece.text for piece in intake_acts.pieces_of(intake) if piece.kept]
    assert kept[-4:] == BODY
    assert all(line in words(client.get(page_of(intake))) for line in BODY)


def test_pasted_text_is_read_as_a_text_file_is(client, editor):
    client.post(ADD, {"text": TEXT.replace("\n", "\r\n")})
    intake = Intake.objects.get()
    assert (intake.name, bytes(intake.original).decode()) == ("", TEXT)
    assert (intake.title, intake.code, intake.issued_on) == (
        TITLE,
        "OTTAWA-2025",
        date(2025, 5, 12),
    )
    assert intake.occasion == "Ottawa Sample Summit"
    off = [piece.text for piece in intake_acts.pieces_of(intake) if not piece.kept]
    assert "Cookie settings" in off
    assert "Follow us on LinkedIn" in off


def test_two_million_characters_may_be_pasted(client, editor):
    line = "私たちは行動を求めます。" * 900  # three bytes for each of the characters
    response = client.post(ADD, {"text": "\n\n".join([line[:9_990]] * 200)})
    assert response.status_code == 302
    assert len(intake_acts.pieces_of(Intake.objects.get())) == 200


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"text": " \n"}, "Choose a file, or paste a text: one of the two."),
        ({"file": SimpleUploadedFile("a.txt", b"Sample"), "text": "Sample"}, "one of the two"),
        ({"file": SimpleUploadedFile("a.txt", b""), "text": ""}, "The file is empty"),
        ({"file": SimpleUploadedFile("a.pdf", b"MZ\x90\x00sample"), "text": ""}, "program"),
        ({"file": SimpleUploadedFile("a.docx", b"PK\x03\x04broken"), "text": ""}, ""),
        ({"file": SimpleUploadedFile("a.pdf", b"%PDF-1.4 broken"), "text": ""}, ""),
        ({"text": "Sample \0 text."}, "Null characters are not allowed"),
        ({"text": "…"}, "There is no text in it."),
    ],
)
def test_what_cannot_be_read_is_said_and_leaves_nothing(
    client, editor, sent, said, tmp_path, settings
):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1
    for value in sent.values():
        if hasattr(value, "seek"):
            value.seek(0)
    before = changes()
    response = client.post(ADD, sent)
    assert response.status_code == 200
    assert 'class="errorlist' in response.content.decode()
    assert said in words(response)
    assert (Intake.objects.count(), changes(), list(tmp_path.iterdir())) == (0, before, [])


@pytest.mark.parametrize("sent", ["file", "text"])
def test_what_is_too_big_is_refused_in_words_before_it_is_read(client, editor, sent):
    big = SimpleUploadedFile("a.txt", b"x" * 12_000_000) if sent == "file" else "x" * 12_000_000
    response = client.post(ADD, {"text": "", sent: big})
    assert response.status_code == 413
    assert "a file may have 10 MB, a pasted text 2,000,000 characters" in words(response)
    assert Intake.objects.count() == 0


def test_a_file_with_a_name_that_is_too_long_is_refused_in_words(client, editor):
    file = io.BytesIO(TEXT.encode())
    file.name = "a" * 5000 + ".txt"
    answer = client.post(ADD, {"file": file})
    said = answer.content.decode()
    assert (answer.status_code, Intake.objects.count()) == (400, 0)
    assert "There is a problem with what was sent." in said
    assert (
        f'give the file a shorter name, and choose it again. <a href="{ADD}">Back to the form</a>'
        in said
    )


def test_a_pasted_text_over_the_limit_is_refused_in_words(client, editor):
    response = client.post(ADD, {"text": "word " * 400_001})
    assert response.status_code == 200
    assert "longer than 2,000,000 characters" in words(response)


def test_bringing_in_needs_the_token(editor, client):
    client.handler.enforce_csrf_checks = True
    assert client.post(ADD, {"text": TEXT}).status_code == 403
    assert Intake.objects.count() == 0


def test_markup_in_a_text_is_shown_as_text(client, editor):
    hostile = (
        "<script>alert(1)</script> <b onclick=alert(1)>sample</b> text that we call for in every "
        "sample region."
    )
    client.post(ADD, {"text": f"<script>alert(2)</script>\n\n{hostile}\n\n{BODY[0]}"})
    page = client.get(page_of(Intake.objects.get())).content.decode()
    assert "<script>alert" not in page
    assert "<b onclick" not in page
    assert "&lt;b onclick=alert(1)&gt;sample" in page


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/sample.txt", "sample.txt"),
        ("C:\\sample folder\\a.txt", "a.txt"),
        ("x" * 300 + ".txt", "x" * 251 + ".txt"),
        ("<img src=x>.txt", "<img src=x>.txt"),
        ("a\0b\u202e\n.txt", "ab.txt"),
        ("\u202e", "file"),
    ],
)
def test_a_files_name_is_kept_without_folders_and_signs_that_cannot_be_shown(name, shown):
    assert intake_acts.bring_in("sample editor", TEXT.encode(), name).name == shown


def test_the_file_can_be_looked_at_again_but_never_runs(client, editor, intake):
    response = client.get(reverse("admin:original_of_intake", args=[intake.pk]))
    assert response.content == TEXT.encode()
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == "attachment"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.both_databases
def test_the_same_file_is_brought_in_again_only_by_a_second_click(client, editor, intake):
    response = upload(client, TEXT.encode())
    assert "Nothing was brought in. sample editor brought in the same file on" in words(response)
    assert f'href="{page_of(intake)}"' in response.content.decode()
    assert Intake.objects.count() == 1
    assert client.post(ADD, {"again": intake.pk}).status_code == 302
    second = Intake.objects.first()
    assert (second.sha256, second.name, second.created_by) == (
        intake.sha256,
        "sample.txt",
        "editors",
    )
    assert (intake.code, second.code) == ("OTTAWA-2025", "OTTAWA-B-2025")


@pytest.mark.both_databases
@pytest.mark.parametrize("again", ["0", "x", "9" * 30, "-1", ""])
def test_what_was_never_brought_in_cannot_be_brought_in_again(client, editor, again):
    assert client.post(ADD, {"again": again}).status_code == 404


# --- Proposing how to call it ---


@pytest.mark.parametrize(
    ("title", "lines", "code"),
    [
        ("Sample for the Paris AI Action Summit", [], "PARIS-2035"),
        ("SAMPLE FOR THE PARIS AI ACTION SUMMIT", [], "PARIS-2035"),
        ("A nice sample statement", [], "TECH7-2035"),
        ("Sample statement", ["Évian, 3 June 2025"], "EVIAN-2035"),
        ("Sample statement", ["Carbis Bay, 3 June 2025"], "CARBIS-BAY-2035"),
        ("Sample statement", ["Lyon, France – 5 June 2025"], "LYON-2035"),
        ("Sample statement", ["Published 5 June 2025"], "TECH7-2035"),
        ("Sample statement", ["We met on 3 June 2025 in a sample town."], "TECH7-2035"),
        ("", [], "TECH7-2035"),
    ],
)
def test_a_code_is_the_place_and_the_year(title, lines, code):
    assert code_guess.free_code(title, lines, date(2035, 6, 3), date(2026, 1, 1)) == code


@pytest.mark.both_databases
def test_a_code_is_never_proposed_twice():
    assert code_guess.free_code("Paris", [], date(2025, 2, 7), date(2026, 1, 1)) == "PARIS-B-2025"
    assert code_guess.free_code("Sample of 2024", [], None, date(2026, 1, 1)) == "TECH7-2024"
    assert code_guess.free_code("Sample", [], None, date(2026, 1, 1)) == "TECH7-2026"


def test_a_short_title_ends_at_a_word():
    assert code_guess.short_title("Sample") == "Sample"
    assert code_guess.short_title("word " * 30) == ("word " * 16).strip()
    assert code_guess.short_title("x" * 90) == "x" * 80


# --- Mending ---


def test_a_piece_is_taken_off_and_brought_back(client, editor, intake):
    response = mend(client, intake, "4 take-off")
    assert response.url == f"{page_of(intake)}#piece-4"
    intake.refresh_from_db()
    piece = intake_acts.pieces_of(intake)[3]
    assert (piece.text, piece.kept, piece.reason) == (BODY[1], False, "taken off by an editor")
    assert f"<del>{BODY[1]}</del>" in client.get(page_of(intake)).content.decode()
    mend(client, intake, "4 keep")
    intake.refresh_from_db()
    assert intake_acts.pieces_of(intake)[3] == Piece(BODY[1], "paragraph", True)
    assert list(Change.objects.values_list("who", "act")[:2]) == [
        ("editors", "keep piece 4"),
        ("editors", "take-off piece 4"),
    ]


def test_a_change_in_place_answers_with_the_piece_and_the_next_revision(client, editor, intake):
    response = mend(client, intake, "4 take-off", **{"HX-Request": "true"})
    page = response.content.decode()
    assert response["HX-Retarget"] == "#piece-4"
    assert page.count("<li") == 1
    assert f'id="seen-about" value="{intake.revision + 1}" hx-swap-oob="true"' in page
    assert f'id="seen-pieces" value="{intake.revision + 1}" hx-swap-oob="true"' in page


def test_a_kind_is_changed_and_the_piece_stays_open(client, editor, intake):
    assert mend(client, intake, "4 bullet").url == f"{page_of(intake)}?mend=4#piece-4"
    intake.refresh_from_db()
    assert intake_acts.pieces_of(intake)[3].kind == "bullet"
    page = client.get(f"{page_of(intake)}?mend=4").content.decode()
    assert 'value="4 bullet" hx-post="../mend/" aria-pressed="true"' in page
    assert 'value="4 join"' in page


@pytest.mark.parametrize(
    ("act", "texts", "whole"),
    [
        ("join", ["We call for", "sample action."], "We call for sample action."),
        ("join-closely", ["policy-", "making"], "policy-making"),
        ("join-at-hyphen", ["recom-", "mendation"], "recommendation"),
    ],
)
def test_pieces_are_joined_in_three_ways(act, texts, whole):
    assert piece_edits.mended(pieces(*texts, "After."), 1, act) == pieces(whole, "After.")


def test_joining_passes_over_what_lies_between_and_moves_the_note_markers():
    first = Piece("Sample1 before", "paragraph", True, markers=((6, 7),))
    between = Piece("Page 2", "paragraph", False, "page number")
    after = Piece("sample2 after", "paragraph", True, markers=((6, 7),))
    whole = piece_edits.mended([first, between, after], 1, "join")
    assert whole == [
        Piece("Sample1 before sample2 after", "paragraph", True, markers=((6, 7), (21, 22))),
        between,
    ]


def test_the_last_piece_cannot_be_joined():
    with pytest.raises(Refused, match="no kept piece after this one"):
        piece_edits.mended(pieces("Sample"), 1, "join")


def test_joining_in_place_answers_with_all_pieces(client, editor, intake):
    response = mend(client, intake, "4 join", **{"HX-Request": "true"})
    assert response["HX-Retarget"] == "#pieces"
    assert f"{BODY[1]} {BODY[2]}" in words(response)
    assert response.content.decode().count('id="seen-pieces"') == 1


def test_all_above_and_below_is_taken_off_and_a_boundary_can_be_moved():
    pieces = [
        Piece(str(n), "paragraph", n != 2, "" if n != 2 else "navigation") for n in range(1, 8)
    ]

    def left(pieces: list[Piece]) -> str:
        return "".join(piece.text for piece in pieces if piece.kept)

    assert left(pieces) == "134567"
    cut = piece_edits.mended(piece_edits.mended(pieces, 4, "begins-here"), 6, "ends-here")
    assert left(cut) == "456"
    assert [piece.reason for piece in cut[:3]] == [
        "above its beginning",
        "navigation",
        "above its beginning",
    ]
    assert left(piece_edits.mended(piece_edits.mended(cut, 3, "keep"), 3, "begins-here")) == "3456"
    assert left(piece_edits.mended(piece_edits.mended(cut, 1, "keep"), 1, "begins-here")) == "13456"
    assert left(piece_edits.mended(piece_edits.mended(cut, 7, "keep"), 7, "ends-here")) == "4567"


def test_the_beginning_in_place_answers_with_all_pieces(client, editor, intake):
    response = mend(client, intake, "5 begins-here", **{"HX-Request": "true"})
    assert response["HX-Retarget"] == "#pieces"
    assert response.content.decode().count("above its beginning") >= 1


@pytest.mark.parametrize(
    "what",
    [
        "",
        "4",
        "4 explode",
        "0 keep",
        "99 keep",
        "9" * 40 + " keep",
        "-1 keep",
        "٤ keep",
        "4 keep x",
    ],
)
def test_an_act_that_makes_no_sense_is_refused_in_words(client, editor, intake, what):
    response = mend(client, intake, what)
    assert response.status_code == 302
    assert "There is no such piece" in words(client.get(response.url))
    assert Intake.objects.get(pk=intake.pk).revision == intake.revision


@pytest.mark.both_databases
@pytest.mark.parametrize("seen", ["", "x", "-1", "0", "9" * 30])
def test_an_act_on_an_older_page_is_refused_and_says_who_was_faster(client, editor, intake, seen):
    response = mend(client, intake, "4 take-off", seen=seen)
    assert "Sample editor changed this at" in words(client.get(response.url))
    assert intake_acts.pieces_of(Intake.objects.get(pk=intake.pk))[3].kept


def test_an_act_on_an_older_page_in_place_loads_the_page_again(client, editor, intake):
    assert (
        mend(client, intake, "4 take-off", seen=0, **{"HX-Request": "true"})["HX-Refresh"] == "true"
    )


def test_the_browser_cannot_send_pieces(client, editor, intake):
    data = description(
        client, intake, pieces='[{"text": "Forged"}]', original="Forged", source="1", title="Sample"
    )
    client.post(page_of(intake), data)
    stored = Intake.objects.get(pk=intake.pk)
    assert (stored.title, stored.pieces, bytes(stored.original)) == (
        "Sample",
        intake.pieces,
        TEXT.encode(),
    )
    assert stored.source is None


@pytest.mark.parametrize("path", ["999999/change/", "x/change/", "9" * 30 + "/change/"])
def test_an_intake_that_is_not_there_is_answered(client, editor, path):
    assert client.get(LIST + path).status_code == 302


def test_a_long_run_of_pieces_taken_off_is_folded_with_its_reasons(client, editor, intake):
    for number in range(2, 6):
        intake = intake_acts.mend("sample editor", intake, intake.revision, number, "take-off")
    page = words(client.get(page_of(intake)))
    assert "Pieces 1 to 5: title, taken off by an editor" in page
    assert "1 piece kept, 7 taken off." in page


# --- Describing ---


def test_what_it_is_called_is_saved_as_typed(client, editor, intake):
    data = description(
        client, intake, title="Another sample title", issued_on="2025-05-13", code="SAMPLE-2025"
    )
    assert client.post(page_of(intake), data).url == page_of(intake)
    intake.refresh_from_db()
    assert (intake.title, intake.issued_on, intake.code) == (
        "Another sample title",
        date(2025, 5, 13),
        "SAMPLE-2025",
    )
    change = Change.objects.first()
    assert (change.who, change.act, change.before["code"], change.after["code"]) == (
        "editors",
        "describe",
        "OTTAWA-2025",
        "SAMPLE-2025",
    )


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("code", "ottawa", "Words of capitals and digits, then the year"),
        ("code", "PARIS-2025", "PARIS-2025 is taken by another declaration"),
        ("code", "OTTAWA-2025\n", ""),
        ("issued_on", "31.2.2025", "valid date"),
        ("url", "javascript:alert(1)", "valid URL"),
        ("language", "english!", "A BCP 47 tag"),
        ("title", "x" * 251, "at most 250"),
        ("title", "a\0b", "Null characters"),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_nothing_is_saved(
    client, editor, intake, field, value, said
):
    data = description(client, intake, occasion="Sample occasion", **{field: value})
    response = client.post(page_of(intake), data)
    if said:
        assert response.status_code == 200
        assert said in words(response)
        assert Intake.objects.get(pk=intake.pk).occasion == "Ottawa Sample Summit"
        in_place = client.post(page_of(intake), data, headers={"HX-Request": "true"})
        assert "Not saved" in words(in_place)
    else:
        assert Intake.objects.get(pk=intake.pk).code == "OTTAWA-2025"


@pytest.mark.both_databases
def test_a_description_typed_on_an_older_page_is_refused_and_kept_on_the_page(
    client, editor, intake
):
    data = description(client, intake, title="The second sample title")
    intake_acts.mend("other editor", intake, intake.revision, 4, "take-off")
    for _ in range(2):
        response = client.post(page_of(intake), data)
        assert "other editor changed this at" in words(response)
        assert 'value="The second sample title"' in response.content.decode()
        data["seen_revision"] = response.context["seen"]
    assert Intake.objects.get(pk=intake.pk).title == TITLE


# --- Accepting ---


@pytest.mark.both_databases
def test_an_intake_becomes_a_declaration_with_proposals_in_the_order_of_the_text(
    client, editor, intake
):
    response = client.post(page_of(intake), description(client, intake, accept=""))
    source = Source.objects.get(code="OTTAWA-2025")
    assert response.url == reverse("admin:review_source", args=[source.pk])
    assert (
        source.text
        == "\n\n".join(piece.text for piece in intake_acts.pieces_of(intake) if piece.kept) + "\n"
    )
    assert [actor.slug for actor in source.issuers.all()] == ["tech7"]
    assert (source.kind, source.issued_on, source.language) == (
        "declaration",
        date(2025, 5, 12),
        "en",
    )
    proposals = list(source.proposals.all())
    assert [proposal.quotes for proposal in proposals] == [[BODY[1]], [BODY[3]]]
    assert "skills" in proposals[0].themes
    assert all(
        proposal.title and proposal.why and proposal.decision == "open" for proposal in proposals
    )
    intake.refresh_from_db()
    assert intake.source == source
    assert set(Change.objects.filter(who="editors").values_list("kind", "act")) == {
        ("source", "bring in"),
        ("intake", "make a declaration"),
    }
    assert Recommendation.objects.filter(source=source).count() == 0


def test_accepting_in_place_leads_on_to_the_review(client, editor, intake):
    data = description(client, intake, accept="", title="A last sample title")
    response = client.post(page_of(intake), data, headers={"HX-Request": "true"})
    source = Source.objects.get(code="OTTAWA-2025")
    assert source.title == "A last sample title"
    assert response["HX-Redirect"] == reverse("admin:review_source", args=[source.pk])


def test_the_issuer_is_asked_and_never_assumed(client, editor):
    text = "Sample Alliance calls on states to act.\n\nStates must act. They should act soon.\n"
    intake = intake_acts.bring_in("editors", text.encode(), "sample.txt")
    assert intake.issuer == ""
    page = client.get(page_of(intake)).content.decode()
    assert 'name="issuer_guess" value="Sample Alliance"' in page
    assert "“Sample Alliance calls on states to act" in page
    data = description(client, intake, title="Sample", short_title="Sample", code="OSLO-2025")
    data |= {"issued_on": "2025-05-12"}
    response = client.post(page_of(intake), data | {"accept": ""})
    assert response.context["form"].errors == {"issuer": ["Say who issued it."]}
    data["seen_revision"] = response.context["seen"]
    client.post(page_of(intake), data | {"issuer_guess": "Sample Alliance"})
    intake.refresh_from_db()
    assert intake.issuer == "Sample Alliance"
    source = intake_acts.accept("editors", intake, intake.revision)
    assert [(each.slug, each.name) for each in source.issuers.all()] == [
        ("sample-alliance", "Sample Alliance")
    ]


def test_what_lacks_a_title_a_code_or_a_date_is_saved_but_not_made(client, editor, intake):
    data = description(client, intake, accept="", title="", code="", issued_on="")
    response = client.post(page_of(intake), data)
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"title", "code", "issued_on"}
    assert response.context["seen"] == intake.revision + 1
    assert not Source.objects.filter(code="OTTAWA-2025").exists()
    data["seen_revision"] = response.context["seen"]
    in_place = words(client.post(page_of(intake), data, headers={"HX-Request": "true"}))
    assert "It is saved, but cannot be made a declaration yet" in in_place


def test_an_intake_with_nothing_kept_is_not_made(intake):
    for number, piece in enumerate(intake_acts.pieces_of(intake), start=1):
        if piece.kept:
            intake = intake_acts.mend("sample editor", intake, intake.revision, number, "take-off")
    with pytest.raises(ValidationError, match="Every piece is taken off"):
        intake_acts.accept("sample editor", intake, intake.revision)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "place",
    [
        (intake_acts, "label"),
        (intake_acts.issuers, "organisation"),
        (Proposal.objects, "bulk_create"),
        (Change, "save"),
    ],
    ids=["labelling", "issuer", "proposals", "record"],
)
def test_a_failure_in_the_middle_leaves_nothing(intake, monkeypatch, place):
    def fail(*args, **kwargs):
        raise MemoryError("sample failure")

    def all_there_is() -> list[int]:
        return [model.objects.count() for model in (Source, Proposal, Change)]

    before = all_there_is()
    monkeypatch.setattr(*place, fail)
    with pytest.raises(MemoryError):
        intake_acts.accept("sample editor", intake, intake.revision)
    assert all_there_is() == before
    stored = Intake.objects.get(pk=intake.pk)
    assert (stored.source, stored.revision) == (None, intake.revision)


@pytest.mark.both_databases
def test_accepting_what_somebody_changed_meanwhile_makes_nothing(intake):
    intake_acts.mend("other editor", intake, intake.revision, 4, "take-off")
    with pytest.raises(Refused, match="other editor changed this at"):
        intake_acts.accept("sample editor", intake, intake.revision)
    assert not Source.objects.filter(code="OTTAWA-2025").exists()


@pytest.mark.both_databases
def test_a_code_used_a_moment_ago_is_an_error_of_the_code(intake, monkeypatch):
    monkeypatch.setattr(Source, "full_clean", lambda source: make_source("OTTAWA-2025"))
    with pytest.raises(ValidationError, match="Somebody used this code a moment ago"):
        intake_acts.accept("sample editor", intake, intake.revision)
    assert Proposal.objects.count() == 0


def test_what_was_made_a_declaration_stays_as_it_was_read(client, editor, intake):
    intake_acts.accept("sample editor", intake, intake.revision)
    page = client.get(page_of(intake))
    assert "It was made into OTTAWA-2025" in words(page)
    assert 'name="mend"' not in page.content.decode()
    intake.refresh_from_db()
    with pytest.raises(Refused, match="It was made into OTTAWA-2025"):
        intake_acts.mend("sample editor", intake, intake.revision, 4, "take-off")
    with pytest.raises(Refused, match="It was made into OTTAWA-2025"):
        intake_acts.accept("sample editor", intake, intake.revision)
    delete = reverse("admin:recommendations_intake_delete", args=[intake.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403


@pytest.mark.both_databases
def test_tech7_is_made_where_no_declaration_was_loaded(intake):
    Organisation.objects.filter(slug="tech7").update(slug="former-tech7", name="Former TECH7")
    source = intake_acts.accept("sample editor", intake, intake.revision)
    assert [actor.name for actor in source.issuers.all()] == ["TECH7"]


# --- The list ---


@pytest.mark.both_databases
@pytest.mark.parametrize("count", [1, 30])
def test_the_list_says_what_became_of_each_with_the_same_queries(
    client, editor, intake, count, django_assert_num_queries, monkeypatch
):
    intake_acts.accept("sample editor", intake, intake.revision)
    for number in range(1, count):
        intake_acts.bring_in("sample editor", f"{TEXT}{number}".encode())
    client.get(LIST)
    with django_assert_num_queries(7):
        page = words(client.get(LIST))
    assert "made into OTTAWA-2025" in page
    assert page.count("being read") == count - 1


def test_throwing_an_intake_away_is_on_record(client, editor, intake):
    delete = reverse("admin:recommendations_intake_delete", args=[intake.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 302
    assert Intake.objects.count() == 0
    change = Change.objects.first()
    assert (change.who, change.act, change.object_id, change.label) == (
        "editors",
        "delete",
        str(intake.pk),
        TITLE,
    )
    assert (change.before["code"], change.after) == ("OTTAWA-2025", None)


def test_several_are_thrown_away_together_and_none_that_was_made(client, editor, intake):
    other = intake_acts.bring_in("sample editor", b"Sample text, and sample words of it.")
    intake_acts.accept("sample editor", intake, intake.revision)
    act = {"action": "delete_selected", "post": "yes", "_selected_action": [intake.pk, other.pk]}
    client.post(LIST, act)
    assert Intake.objects.count() == 2
    client.post(LIST, act | {"_selected_action": [other.pk]})
    assert Intake.objects.get() == intake
    assert Change.objects.filter(act="delete").count() == 1


# --- The command ---


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "sample.txt"
    path.write_text(TEXT)
    return path


def run(*arguments) -> str:
    said = io.StringIO()
    call_command("draftdeclaration", *map(str, arguments), stdout=said)
    return said.getvalue()


def test_the_command_says_what_was_taken_off_and_where_to_go_on(file, settings):
    said = run(file)
    intake = Intake.objects.get()
    assert "- Cookie settings (" in said
    assert f"Continue at {settings.SITE_URL}{page_of(intake)}" in said
    assert (intake.created_by, intake.code, Source.objects.filter(code="OTTAWA-2025").exists()) == (
        "command line",
        "OTTAWA-2025",
        False,
    )


@pytest.mark.both_databases
def test_the_command_makes_the_declaration_with_what_it_is_given(file, settings):
    url = "https://example.org/sample"
    said = run(
        file, "--accept", "--issuer", "TECH7", "--code", "SAMPLE-2024", "--title", "Given title", "--date", "2024-03-01", "--url", url,
        "--occasion", "Given occasion", "--language", "en-GB",
        "--short-title", "Given",
    )  # fmt: skip
    source = Source.objects.get(code="SAMPLE-2024")
    assert (source.title, source.issued_on, source.url) == ("Given title", date(2024, 3, 1), url)
    assert (source.short_title, source.occasion, source.language) == (
        "Given",
        "Given occasion",
        "en-GB",
    )
    assert source.proposals.count() == 2
    assert (
        "Review SAMPLE-2024 at "
        f"{settings.SITE_URL}{reverse('admin:review_source', args=[source.pk])}" in said
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--code", "paris"], "code: Words of capitals and digits"),
        (["--code", "PARIS-2025", "--issuer", "TECH7", "--accept"], "code: PARIS-2025 is taken"),
        (["--date", "7.2.2025"], "give a day as 2025-02-07"),
        (["--title", "", "--issuer", "TECH7", "--accept"], "title: This field cannot be blank"),
    ],
)
def test_the_command_keeps_nothing_of_what_it_refuses(file, arguments, said):
    before = (0, changes(), Source.objects.count())
    with pytest.raises(CommandError, match=said):
        run(file, *arguments)
    assert (Intake.objects.count(), changes(), Source.objects.count()) == before


def test_the_command_refuses_what_it_cannot_read(tmp_path):
    with pytest.raises(CommandError, match="No such file or directory"):
        run(tmp_path / "absent.txt")
    with pytest.raises(CommandError, match="Is a directory"):
        run(tmp_path)
    (tmp_path / "sample.pdf").write_bytes(b"\x89PNG sample")
    with pytest.raises(CommandError, match="a picture"):
        run(tmp_path / "sample.pdf")


def test_the_command_brings_the_same_file_in_again_only_when_told(file):
    run(file)
    with pytest.raises(
        CommandError, match=r"command line brought in the same file on .* or give --again"
    ):
        run(file)
    run(file, "--again")
    assert Intake.objects.count() == 2


def test_unreadable_is_raised_as_it_is():
    with pytest.raises(Unreadable):
        intake_acts.bring_in("sample editor", b"", "sample.txt")


@pytest.mark.parametrize(
    ("limit", "most", "says"),
    [
        ("LONGEST_PARAGRAPH", 20, "A piece has more than 20 characters."),
        ("MOST_PASSAGES", 0, "0 is the most"),
    ],
)
def test_a_text_that_would_take_too_long_to_propose_from_is_refused(
    intake, monkeypatch, limit, most, says
):
    monkeypatch.setattr(intake_acts, limit, most)
    with pytest.raises(ValidationError, match=says):
        intake_acts.accept("sample-editor", intake, intake.revision)
    assert not Source.objects.filter(code=intake.code).exists()


def test_of_two_uploads_of_one_file_at_once_one_is_kept(monkeypatch):
    read = intake_acts.extract_text

    def meanwhile(text):
        with monkeypatch.context() as patch:
            patch.setattr(intake_acts, "extract_text", read)
            intake_acts.bring_in("faster editor", TEXT.encode())
        return read(text)

    monkeypatch.setattr(intake_acts, "extract_text", meanwhile)
    with pytest.raises(intake_acts.BroughtBefore, match="faster editor brought in the same file"):
        intake_acts.bring_in("slower editor", TEXT.encode())
    assert [each.created_by for each in Intake.objects.all()] == ["faster editor"]


@pytest.mark.parametrize("url", ["ftp://a.example/x", "https://name:word@a.example/x"])
def test_an_address_that_readers_cannot_be_led_to_is_refused(url):
    for thing in (Source(code="SAMPLE-2020", title="Sample", url=url), Intake(title="x", url=url)):
        with pytest.raises(ValidationError, match="Give an address of the web"):
            thing.full_clean()
