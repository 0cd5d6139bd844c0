"""Bringing in a declaration in a browser: in place, without scripts, by keyboard, in both modes and
widths.
"""

import re

import pytest
from accessibility import check_accessible
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from factories import make_intake
from playwright.sync_api import Page, expect

from recommendations.editorial import intake as intake_acts
from recommendations.models import Intake, Source

ADD = "/admin/recommendations/intake/add/"
TEXT = """Sample declaration for the Ottawa Sample Summit

Ottawa, 12 May 2025

This is sample text, written for a test, about small enterprises and what they need in a year like this one.

We call on G7 governments to fund sample skills training for small enterprises in every sample region.

<script>document.title = "Sample script"</script> is sample text that members wrote about the year behind them.

We urge companies to publish a sample report on the security of their sample infrastructure each year.

Cookie settings

We use cookies to improve your experience on our website. Read our cookie policy.

Follow us on LinkedIn

Subscribe to our newsletter

All rights reserved
"""


@pytest.fixture
def cookie(site):
    """The session of an editor who is really there, and is taken away afterwards with all that was
    brought in.
    """
    editor = User.objects.create_user("sample-editor", password="sample-pass-phrase", is_staff=True)
    editor.groups.add(Group.objects.get(name="Editors"))
    client = Client()
    client.force_login(editor)
    yield {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}
    made = list(Intake.objects.exclude(source=None).values_list("source", flat=True))
    Intake.objects.all().delete()
    Source.objects.filter(pk__in=made).delete()
    editor.delete()


@pytest.fixture
def intake(cookie, monkeypatch) -> Intake:
    return make_intake(monkeypatch, "sample-editor", TEXT)


@pytest.fixture
def desk(page, cookie) -> Page:
    """A page of the signed-in editor that remembers what the console said."""
    page.context.add_cookies([cookie])
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    return page


@pytest.fixture
def plain_desk(no_js_page, cookie) -> Page:
    no_js_page.context.add_cookies([cookie])
    return no_js_page


def page_of(intake: Intake) -> str:
    return reverse("admin:recommendations_intake_change", args=[intake.pk])


def stored(intake: Intake) -> list:
    return intake_acts.pieces_of(Intake.objects.get(pk=intake.pk))


def unfold(page: Page) -> None:
    page.evaluate(
        "document.querySelectorAll('#pieces details').forEach(details => { details.open = true })"
    )


@pytest.mark.parametrize("shown", ["add", "intake", "mended"])
def test_its_pages_are_accessible_quiet_and_fit(desk, intake, shown):
    desk.goto({"add": ADD, "intake": page_of(intake), "mended": f"{page_of(intake)}?mend=4"}[shown])
    unfold(desk)
    check_accessible(desk)
    assert desk.said == []
    assert not desk.title().startswith("Sample script")


def test_pieces_change_in_place_one_after_another(desk, intake):
    desk.goto(page_of(intake))
    desk.evaluate("window.stayed = true")
    counts = desk.locator("#found").inner_text()
    desk.get_by_role("button", name="Take off piece 3").click()
    desk.get_by_role(
        "button", name="Take off piece 5"
    ).click()  # at once, so that it waits for the first
    desk.get_by_role("button", name="Take off piece 6").click()
    for number in (3, 5, 6):
        expect(desk.get_by_role("button", name=f"Bring back piece {number}")).to_be_visible()
    assert [piece.kept for piece in stored(intake)][2:6] == [False, True, False, False]
    desk.get_by_role("button", name="Bring back piece 6").press("Enter")
    expect(desk.get_by_role("button", name="Take off piece 6")).to_be_focused()
    desk.get_by_role("button", name="Bring back piece 3").click()
    desk.get_by_role("button", name="Bring back piece 5").click()
    expect(desk.locator("#found")).to_have_text(counts)
    desk.get_by_role("link", name="Mend piece 3").click()
    desk.get_by_role("button", name="bullet", exact=True).click()
    expect(desk.get_by_role("button", name="bullet", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    desk.get_by_role("button", name="with a space").click()
    expect(desk.locator("#piece-3")).to_contain_text("like this one. We call on G7 governments")
    desk.get_by_role("link", name="Done with piece 3").click()
    expect(desk.get_by_role("link", name="Mend piece 3")).to_be_focused()
    assert (stored(intake)[2].kind, len(stored(intake))) == ("bullet", 10)
    assert desk.evaluate("window.stayed") is True
    assert desk.said == []


def test_what_is_typed_is_saved_as_it_is_left_and_made_a_declaration(desk, intake):
    desk.goto(page_of(intake))
    desk.get_by_label("Short title").fill("Sample Summit 2025")
    desk.get_by_label("Code").fill("wrong")
    desk.get_by_label("Occasion").focus()
    expect(desk.locator("#about-said")).to_contain_text("Not saved:")
    expect(desk.locator("#about-said")).to_contain_text("Words of capitals and digits")
    desk.get_by_label("Code").fill("OTTAWA-SAMPLE-2025")
    desk.get_by_role("button", name="Take off piece 3").click()
    expect(desk.locator("#about-said")).to_have_text("Saved.")
    expect(desk.get_by_role("button", name="Bring back piece 3")).to_be_visible()
    desk.get_by_label("Occasion").fill("A sample occasion")
    desk.get_by_role(
        "button", name="Make it a declaration"
    ).click()  # while the occasion is being saved
    desk.wait_for_url("**/review/**")
    source = Source.objects.get(code="OTTAWA-SAMPLE-2025")
    assert (source.short_title, source.occasion) == ("Sample Summit 2025", "A sample occasion")
    assert source.proposals.count() == 2
    assert desk.said == []


def test_an_older_page_is_loaded_again_and_says_why(desk, intake):
    desk.goto(page_of(intake))
    intake_acts.mend(
        "other editor", Intake.objects.get(pk=intake.pk), intake.revision, 3, "take-off"
    )
    desk.get_by_role("button", name="Take off piece 4").click()
    expect(desk.get_by_text("Other editor changed this at")).to_be_visible()
    expect(desk.get_by_role("button", name="Bring back piece 3")).to_be_visible()
    assert stored(intake)[3].kept


def test_what_could_not_be_saved_is_said(desk, intake):
    desk.goto(page_of(intake))
    expect(desk.get_by_role("alert")).to_be_hidden()
    desk.route("**/mend/", lambda route: route.abort())
    desk.get_by_role("button", name="Take off piece 4").click()
    expect(desk.get_by_role("alert")).to_be_visible()
    expect(desk.get_by_role("alert")).to_contain_text("Not saved: the site did not answer.")


def test_after_the_session_has_ended_one_is_asked_to_sign_in(desk, intake):
    desk.goto(page_of(intake))
    desk.context.clear_cookies(name="sessionid")
    desk.get_by_role("button", name="Take off piece 4").click()
    expect(desk.get_by_label("Password")).to_be_visible()
    assert desk.locator("#pieces").count() == 0


def test_everything_works_without_scripts_and_comes_back_to_the_same_place(
    site, plain_desk, cookie, tmp_path
):
    page, file = plain_desk, tmp_path / "sample.txt"
    file.write_text(TEXT)
    page.goto(ADD)
    page.get_by_label("A file").set_input_files(file)
    page.get_by_role("button", name="Read it").click()
    intake = Intake.objects.get()
    assert page.url == f"{site}{page_of(intake)}"
    page.get_by_role("button", name="Take off piece 3").click()
    assert page.url == f"{site}{page_of(intake)}#piece-3"
    page.get_by_role("link", name="Mend piece 4").click()
    page.get_by_role("button", name="numbered").click()
    assert page.url == f"{site}{page_of(intake)}?mend=4#piece-4"
    page.get_by_role("button", name="without a space").click()
    page.get_by_role("link", name="Done with piece 4").click()
    page.locator("summary", has_text="Pieces 6 to 10").click()
    page.get_by_role("button", name="Bring back piece 7").click()
    pieces = stored(intake)
    assert (pieces[2].kept, pieces[3].kind, len(pieces), pieces[6].kept) == (
        False,
        "numbered",
        10,
        True,
    )
    page.get_by_label("Title", exact=False).first.fill("")
    page.get_by_role("button", name="Make it a declaration").click()
    expect(page.get_by_text("This field cannot be blank.")).to_be_visible()
    page.get_by_label("Title", exact=False).first.fill("A sample declaration")
    page.get_by_label("Issuer", exact=False).first.fill("TECH7")
    page.get_by_role("button", name="Make it a declaration").click()
    assert "/review/" in page.url
    assert Source.objects.get(code="OTTAWA-2025").title == "A sample declaration"


def test_the_same_file_is_brought_in_again_by_a_second_click(desk, intake):
    desk.goto(ADD)
    desk.get_by_label("Or pasted text").fill(TEXT)
    desk.get_by_role("button", name="Read it").click()
    expect(desk.get_by_role("alert")).to_contain_text("Nothing was brought in.")
    assert Intake.objects.count() == 1
    desk.get_by_role("button", name="Bring it in again all the same").click()
    desk.wait_for_url(re.compile(r"/intake/\d+/change/"))
    assert Intake.objects.count() == 2
    assert desk.said == []


def test_a_file_that_is_too_big_is_answered_in_words(desk, tmp_path):
    file = tmp_path / "sample.txt"
    file.write_bytes(b"Sample text. " * 2_000_000)
    desk.goto(ADD)
    desk.get_by_label("A file").set_input_files(file)
    desk.get_by_role("button", name="Read it").click()
    expect(desk.get_by_text("That is too big: a file may have 10 MB")).to_be_visible()
    assert Intake.objects.count() == 0


def test_it_is_brought_in_and_mended_by_keyboard_alone(desk, cookie):
    desk.goto(ADD)
    desk.get_by_label("Or pasted text").focus()
    desk.keyboard.insert_text(TEXT)
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    desk.wait_for_url(re.compile(r"/intake/\d+/change/"))
    desk.get_by_role("button", name="Make it a declaration").focus()
    pressed = []
    for _ in range(8):
        desk.keyboard.press("Tab")
        pressed.append(desk.evaluate("document.activeElement.textContent"))
    assert pressed == [
        "Bring back piece 1",
        "Bring back piece 2",
        *(f"{act} piece {number}" for number in (3, 4, 5) for act in ("Take off", "Mend")),
    ]
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("group", name="Mend piece 5")).to_be_visible()
    expect(desk.get_by_role("link", name="Done with piece 5")).to_be_focused()
    desk.keyboard.press("Tab")
    desk.keyboard.press("Space")
    expect(desk.get_by_role("button", name="heading", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(desk.get_by_role("button", name="heading", exact=True)).to_be_focused()
