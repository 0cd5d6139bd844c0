"""The social card: what is drawn, that no sign is a box, that it is the same each time, and that it
is made once.
"""

import io
import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings
from factories import make_proposal, make_published, make_source, withdrawn
from PIL import Image

from recommendations.formats import social_card
from recommendations.formats.share import card
from recommendations.formats.social_card import drawing, fonts, setting, store
from recommendations.models import Recommendation
from recommendations.models.theme import Sign

CARD = social_card.Card(
    code="SAMPLE-2020-1",
    quotes=("We call for sample action 1 on alpha1.",),
    themes=(("triangle", "Sample skills"),),
    issuers="TECH7",
    source="Sample declaration 2020, 1 May 2020, paragraph 1",
)


@pytest.fixture(autouse=True)
def folder(tmp_path):
    """Keep the pictures of a test to itself."""
    with override_settings(VAR_DIR=tmp_path):
        yield tmp_path / "cards"


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_card_is_a_png_of_the_size_that_sites_ask_for():
    data = social_card.draw(CARD)
    image = opened(data)
    assert (image.format, image.size, image.mode) == ("PNG", (1200, 630), "RGB")
    assert len(data) < 200_000


def test_the_same_content_is_the_same_picture_byte_for_byte_and_other_content_is_not():
    assert social_card.draw(CARD) == social_card.draw(CARD)
    other = social_card.Card(CARD.code, ("Other words.",), CARD.themes, CARD.issuers, CARD.source)
    assert social_card.draw(other) != social_card.draw(CARD)
    assert social_card.key(other) != social_card.key(CARD) == social_card.key(CARD)


@pytest.mark.parametrize("sign", "Éüœōçñ€“”…—№日本語中文한국アあ、。ΩЖ")
def test_every_sign_is_drawn_and_none_is_a_box(sign):
    for face in (fonts.SERIF, fonts.SANS, fonts.BOLD):
        found = fonts.face_of(sign, face)
        assert found
        font = fonts.font(found, 40)
        assert bytes(font.getmask(sign)) != bytes(font.getmask("\U0010fffe"))


def test_a_sign_that_no_font_has_becomes_the_sign_for_that():
    assert fonts.runs("a😀b", fonts.SERIF) == [("serif", "a"), ("sans", "□"), ("serif", "b")]


def test_what_cannot_be_seen_is_not_drawn_and_accents_are_composed():
    assert fonts.drawable("E\u0301 a\u200bb\u202ec\x00 \n d") == "É abc d"


def test_other_scripts_come_from_another_font_in_the_same_line():
    assert fonts.runs("Ōsaka 日本語 mixed", fonts.SERIF) == [
        ("serif", "Ōsaka "),
        ("cjk", "日本語"),
        ("serif", " mixed"),
    ]


def test_a_short_quote_is_large_and_a_longer_one_smaller():
    short = setting.set_quote(["Act."], drawing.ROOM)
    longer = setting.set_quote(["We call for action on this. " * 8], drawing.ROOM)
    assert (short.size, short.lines) == (60, ["“Act.”"])
    assert 34 <= longer.size < 60
    assert longer.lines[-1].endswith("this.”")


def test_a_quote_too_long_for_the_smallest_type_ends_at_a_sentence_and_counts_the_rest():
    words = "We call for prioritising digital fluency, and more. " * 40
    block = setting.set_quote([words], drawing.ROOM)
    shown = " ".join(block.lines)
    assert block.size == 24
    assert len(block.lines) * block.leading <= drawing.ROOM[1]
    kept, rest = re.fullmatch(r"“(.+?)” and ([0-9]+) more sentences", shown).groups()
    assert kept.endswith("and more.")
    assert words.startswith(kept)
    assert kept.count("more.") + int(rest) == 40


def test_a_sentence_that_no_card_can_hold_is_left_to_its_page():
    assert setting.set_quote(["a b " * 20000], drawing.ROOM).lines == [
        "Read the quote on its page."
    ]


def test_no_quote_of_the_declaration_is_shortened():
    words = Path("fixtures/paris-2025/declaration.toml").read_text()
    quotes = [each["quotes"] for each in tomllib.loads(words)["recommendations"]]
    for quote in quotes:
        shown = " ".join(setting.set_quote(quote, drawing.ROOM).lines)
        assert shown == setting.quoted(quote)


@pytest.mark.parametrize(
    "text", ["a" * 500, "a" * 5000, "責任ある開発、" * 20, "責任ある開発、" * 300, "a b " * 20000]
)
def test_no_line_is_wider_than_the_card(text):
    block = setting.set_quote([text], drawing.ROOM)
    assert all(
        fonts.width(line, fonts.SERIF, block.size) <= drawing.ROOM[0] for line in block.lines
    )
    assert len(block.lines) * block.leading <= drawing.ROOM[1]


def test_a_line_does_not_begin_with_a_closing_sign():
    block = setting.set_quote(["責任ある開発を支える、包摂的な仕組み。" * 5], drawing.ROOM)
    assert not [line for line in block.lines if line[0] in "、。」”"]


def test_several_passages_stand_apart():
    assert setting.quoted(["First.", "Second."]) == "“First.” … “Second.”"


def test_signs_and_colours_are_those_of_the_site():
    css = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text()
    hues = dict(re.findall(r'\[data-sign="(\w+)"\] \{\s+--hue: light-dark\((#\w+)', css))
    assert hues == drawing.HUES
    assert set(drawing.HUES) == {*drawing.SHAPES, "circle"} == set(Sign.values)
    css = css.partition("@supports not")[0]
    colours = dict(re.findall(r"--(\w+): (?:light-dark\()?(#\w+)", css))
    names = ("paper", "ink", "soft", "highlight", "pen")
    assert [colours[name] for name in names] == [getattr(drawing, name.upper()) for name in names]


# --- Kept in a folder ------------------------------------------------------


def test_a_picture_is_drawn_once_and_then_taken_from_the_folder(folder, monkeypatch):
    first = social_card.picture(CARD, folder)
    assert [path.name for path in folder.iterdir()] == [f"{social_card.key(CARD)}.png"]
    monkeypatch.setattr(store, "draw", lambda card: pytest.fail("drawn again"))
    assert social_card.picture(CARD, folder) == first


def test_half_a_picture_is_drawn_again(folder):
    first = social_card.picture(CARD, folder)
    path = next(folder.iterdir())
    path.write_bytes(first[:1000])
    assert social_card.picture(CARD, folder) == first == path.read_bytes()


def test_a_folder_that_cannot_be_used_costs_no_picture(tmp_path):
    (tmp_path / "file").write_text("no folder")
    assert social_card.picture(CARD, tmp_path / "file" / "cards") == social_card.draw(CARD)


def test_a_full_disk_leaves_nothing_half_written(folder, monkeypatch):
    monkeypatch.setattr(store.os, "fdopen", lambda *_args: (_ for _ in ()).throw(OSError("full")))
    assert social_card.picture(CARD, folder) == social_card.draw(CARD)
    assert list(folder.iterdir()) == []


def test_the_folder_does_not_grow_for_ever(folder, monkeypatch):
    monkeypatch.setattr(store, "MOST", 4)
    for number in range(10):
        store.keep(folder / f"{number}.png", b"sample")
    assert len(list(folder.iterdir())) <= 4
    assert (folder / "9.png").exists()


# --- At its address --------------------------------------------------------


@pytest.mark.django_db
def test_the_picture_answers_with_a_tag_and_other_sites_may_show_it(client):
    response = client.get("/PARIS-2025-4.png")
    assert response.content == social_card.draw(
        card(Recommendation.objects.get(code="PARIS-2025-4"))
    )
    assert response["Content-Type"] == "image/png"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response["Cache-Control"] == "public, max-age=300"
    again = client.get("/PARIS-2025-4.png", headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", response["ETag"])


@pytest.mark.django_db
def test_an_address_with_the_key_is_good_for_ever_and_with_another_key_is_not(client):
    key = social_card.key(card(Recommendation.objects.get(code="PARIS-2025-4")))
    assert "immutable" in client.get(f"/PARIS-2025-4.png?v={key}")["Cache-Control"]
    assert "immutable" not in client.get("/PARIS-2025-4.png?v=0000000000000000")["Cache-Control"]


@pytest.mark.django_db
def test_what_changes_the_page_changes_the_address_of_the_picture(client):
    entry = make_published(make_source())
    before = social_card.key(card(entry))
    entry.themes.first().__class__.objects.filter(slug="skills").update(label="Another label")
    assert social_card.key(card(Recommendation.objects.get(pk=entry.pk))) != before


@pytest.mark.django_db
@pytest.mark.parametrize("ending", [".png", ".qr.png", ".qr.svg"])
def test_a_draft_has_no_picture_and_a_withdrawn_entry_no_longer(client, ending):
    make_proposal(make_source())
    entry = make_published(make_source("OTHER-2020"))
    assert client.get(f"/SAMPLE-2020-1{ending}").status_code == 404
    assert client.get(f"/{entry.code}{ending}").status_code == 200
    withdrawn(entry, "A sample reason.")
    assert client.get(f"/{entry.code}{ending}").status_code == 410


@pytest.mark.django_db
def test_a_picture_takes_four_queries(client, django_assert_num_queries):
    with django_assert_num_queries(4):
        client.get("/PARIS-2025-4.png")
