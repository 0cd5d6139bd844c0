"""The review page in a real browser: by keyboard alone, without scripts, on a phone, with hostile
words, and cut off.

The site's threads see committed rows only, so `review` commits a declaration and two accounts, and
takes them away.
"""

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from accessibility import LOOKS, check_accessible
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from factories import make_source
from playwright.sync_api import expect

from recommendations.editorial.errors import Refused
from recommendations.editorial.review import decisions
from recommendations.editorial.review.accepted import publish_accepted
from recommendations.editorial.review.decisions import ProposalDetails
from recommendations.models import Change, Citation, Recommendation, Source, Theme, Version
from recommendations.models.proposal import Proposal
from recommendations.search import fulltext

FIRST = "We call for sample action 𝟙 now."
THIRD = "Sample bodies should share samples."
TEXT = (
    f"Sample declaration of 😀 nobody.\n\n{FIRST} It must be taken by sample bodies. Nothing else "
    "is said here.\n\n"
    f"  • {THIRD}\n  • They should count samples, too.\n\nWe ask for alpha and for beta 👩‍👩‍👧 at "
    "once.\n"
)
HOSTILE = '</textarea><script>window.bad = 1</script><img src=x onerror="window.bad = 1">'


@contextmanager
def rules_lifted() -> Iterator[None]:
    """Let published rows be deleted, which the database forbids, and forbid it again."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            yield
            cursor.execute("RESET session_replication_role")
            return
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name NOT LIKE '%fts%'"
        )
        rules = cursor.fetchall()
        for name, _sql in rules:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _name, sql in rules:
            cursor.execute(sql)


@pytest.fixture
def review(site) -> Iterator[Source]:
    """A declaration with three proposals, an editor and a publisher, really there."""
    source = make_source("KEYS-2020", text=TEXT)
    for quote in (FIRST, "It must be taken by sample bodies.", THIRD):
        start = TEXT.index(quote)
        Proposal.objects.create(
            source=source,
            spans=[[start, start + len(quote)]],
            why="sample cue",
            themes=["skills"],
        )
    for group in ("Editors", "Publishers"):
        user = User.objects.create_user(f"sample-{group.lower()}", is_staff=True)
        user.groups.add(Group.objects.get(name=group))
    yield source
    entries = Recommendation.objects.filter(source=source)
    fulltext.remove(list(entries.values_list("pk", flat=True)))
    with rules_lifted():
        Version.objects.filter(recommendation__in=entries).delete()
        Citation.objects.filter(source=source).delete()
        source.proposals.all().delete()
        entries.delete()
        Change.objects.filter(who__in=["sample-publishers", "anna", "bert"]).delete()
    source.delete()
    User.objects.filter(username__startswith="sample-").delete()


def sign_in(page, site: str, name: str = "sample-publishers") -> None:
    """Give a page the session of somebody who has signed in."""
    client = Client()
    client.force_login(User.objects.get(username=name))
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}]
    )


@pytest.fixture
def watched(page, site):
    """A page of the publisher's that remembers what the console said."""
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    return page


def address(source: Source) -> str:
    return f"/admin/recommendations/source/{source.pk}/review/"


def saved(page) -> None:
    """Wait until everything is saved."""
    expect(page.locator("#saved")).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))


def quotes(source: Source) -> list[list[str]]:
    return [proposal.quotes for proposal in Proposal.objects.filter(source=source)]


def select(page, start: str, end: str) -> None:
    """Select from the first place of some words in the text to the end of others, as a pointer
    would.
    """
    page.evaluate(
        """([from, to]) => {
            const pieces = [...document.querySelectorAll("#text [data-start]")].map((piece) => piece.firstChild);
            const first = pieces.find((node) => node.data.includes(from));
            const last = pieces.find((node) => node.data.includes(to));
            getSelection().setBaseAndExtent(first, first.data.indexOf(from), last, last.data.indexOf(to) + to.length);
        }""",
        [start, end],
    )


def tab_to(page, selector: str) -> None:
    """Press Tab until something has the focus."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"Tab does not reach {selector}")


# --- By keyboard alone -----------------------------------------------------


def test_a_declaration_is_reviewed_and_published_by_keyboard_alone(site, review, watched):
    sign_in(watched, site)
    page, keys = watched, watched.keyboard
    page.goto(address(review))
    first, second, _third = review.proposals.all()
    tab_to(page, f"#number-{first.pk}")

    keys.press("e")
    keys.type("Take sample action")
    expect(page.locator(f"#state-{first.pk}")).to_have_text("To decide")
    keys.press("Escape")
    for key in "]{[}":
        keys.press(key)
    keys.press("a")
    expect(page.locator(f"#state-{first.pk}")).to_have_text("Accepted by sample-publishers")
    expect(page.locator("mark.accepted")).to_contain_text("We call for sample action")
    expect(page.locator(f"#proposal-{second.pk}")).to_be_focused()

    keys.press("k")
    keys.press("m")
    expect(page.locator("#list > li")).to_have_count(2)
    joined = f"{FIRST} It must be taken by sample bodies."
    assert quotes(review) == [[joined], [THIRD]]
    keys.press("s")
    keys.type("It must")
    keys.press("Enter")
    expect(page.locator("#list > li")).to_have_count(3)
    assert quotes(review) == [[FIRST], ["It must be taken by sample bodies."], [THIRD]]
    keys.press("Escape")
    keys.press("a")
    keys.press("r")
    expect(page.locator("#list .rejected")).to_have_count(1)

    keys.press("n")
    keys.type("We ask for alpha")
    tab_to(page, "#add-it")
    keys.press("Enter")
    expect(page.locator("#list > li")).to_have_count(4)
    added = Proposal.objects.get(why="added by an editor")
    expect(page.locator(f"#title-{added.pk}")).to_be_focused()
    keys.type("Ask for alpha")
    tab_to(page, f"#theme-{added.pk}-skills")
    keys.press("Space")
    keys.press("a")
    expect(page.locator(f"#state-{added.pk}")).to_have_text("Accepted by sample-publishers")

    while not page.evaluate("document.activeElement.id === 'publish'"):
        keys.press("Shift+Tab")
    keys.press("Enter")
    page.wait_for_url("**/review/publish/")
    tab_to(page, "#reason")
    tab_to(page, "form.publish button")
    keys.press("Enter")
    expect(page.get_by_text("Published: KEYS-2020-1, KEYS-2020-2.")).to_be_visible()
    stated = {
        each.code: (each.title, each.quote) for each in Recommendation.objects.filter(source=review)
    }
    assert stated == {
        "KEYS-2020-1": ("Take sample action", FIRST),
        "KEYS-2020-2": ("Ask for alpha", "We ask for alpha"),
    }
    assert page.said == []


def test_letters_are_no_keys_in_fields_and_outside_the_list(site, review, watched):
    sign_in(watched, site)
    watched.goto(address(review))
    first = review.proposals.first()
    watched.locator(f"#tags-{first.pk}").press_sequentially("arm, just")
    watched.locator("#text").click()
    watched.keyboard.press("a")
    watched.keyboard.press("r")
    saved(watched)
    first.refresh_from_db()
    assert (first.decision, first.tags) == ("open", ["arm", "just"])


def test_keys_pressed_fast_are_all_done_in_their_order(site, review, watched):
    sign_in(watched, site)
    watched.goto(address(review))
    third = review.proposals.last()
    watched.locator(f"#proposal-{third.pk}").focus()
    for key in "}}}{a":
        watched.keyboard.press(key)
    expect(watched.locator(f"#state-{third.pk}")).to_contain_text("Accepted")
    assert quotes(review)[2] == ["bodies should"]
    expect(watched.locator(f"#proposal-{third.pk}")).to_be_focused()


def test_a_key_ticks_a_theme_and_a_refused_decision_is_come_back_to(site, review, watched):
    sign_in(watched, site)
    watched.goto(address(review))
    first, second, _third = review.proposals.all()
    infrastructure = list(Theme.objects.values_list("slug", flat=True))[2]
    watched.locator(f"#proposal-{first.pk}").focus()
    watched.keyboard.press("3")
    saved(watched)
    expect(watched.locator(f"#theme-{first.pk}-{infrastructure}")).to_be_checked()
    decisions.reject("anna", second, second.revision)
    for key in "aa":
        watched.keyboard.press(key)
    expect(watched.locator(f"#proposal-{second.pk} [role=alert]")).to_contain_text(
        "anna changed it"
    )
    expect(watched.locator(f"#proposal-{second.pk}")).to_be_focused()
    first.refresh_from_db()
    assert set(first.themes) == {"skills", infrastructure}
    assert [each.decision for each in review.proposals.all()] == ["accepted", "rejected", "open"]


def test_all_are_accepted_at_once_at_the_revisions_shown_and_it_is_undone(site, review, watched):
    sign_in(watched, site)
    watched.goto(address(review))
    first = review.proposals.first()
    watched.locator(f"#title-{first.pk}").fill("Take sample action")
    saved(watched)
    watched.get_by_role("button", name="Accept all 3").click()
    expect(watched.get_by_text("3 accepted at once.")).to_be_visible()
    assert [(each.decision, each.title) for each in review.proposals.all()] == [
        ("accepted", "Take sample action"),
        ("accepted", ""),
        ("accepted", ""),
    ]
    watched.get_by_role("button", name="Undo").click()
    expect(watched.get_by_role("button", name="Reject all 3")).to_be_visible()
    expect(watched.get_by_role("button", name="Undo")).to_have_count(0)
    assert {each.decision for each in review.proposals.all()} == {"open"}


# --- In place --------------------------------------------------------------


def test_a_selection_becomes_a_passage_in_code_points(site, review, watched):
    sign_in(watched, site)
    watched.goto(address(review))
    select(watched, "lpha", "👩‍👩‍👧")
    watched.get_by_role("button", name="Add this passage").click()
    expect(watched.locator("#list > li")).to_have_count(4)
    assert quotes(review)[3] == ["alpha and for beta 👩‍👩‍👧"]
    select(watched, "should count", "amples, too")
    watched.get_by_role("button", name="Use as the words of 4").click()
    saved(watched)
    expect(watched.locator("#list > li:last-child blockquote")).to_have_text(
        "should count samples, too"
    )
    select(watched, "😀", "sample action 𝟙")
    watched.get_by_role("button", name="Add this passage").click()
    expect(watched.locator("#list > li")).to_have_count(5)
    assert quotes(review)[0] == ["😀 nobody.", "We call for sample action 𝟙"]


def test_what_is_typed_while_an_answer_is_on_its_way_stays(site, review, watched):
    sign_in(watched, site)
    watched.goto(address(review))
    first = review.proposals.first()
    held = []
    watched.route(
        f"**/review/{first.pk}/", lambda route: route.continue_() if held else held.append(route)
    )
    watched.locator(f"#proposal-{first.pk}").focus()
    for key in "ake":
        watched.keyboard.press(key)
    watched.keyboard.type("Typed meanwhile")
    watched.wait_for_function("document.activeElement.value === 'Typed meanwhile'")
    assert len(held) == 1
    held[0].continue_()
    expect(watched.locator(f"#state-{first.pk}")).to_have_text("Accepted by sample-publishers")
    expect(watched.locator(f"#title-{first.pk}")).to_have_value("Typed meanwhile")
    expect(watched.locator(f"#title-{first.pk}")).to_be_focused()
    expect(watched.locator(f"#revision-{first.pk}")).to_have_value("3")
    assert Proposal.objects.get(pk=first.pk).title == "Typed meanwhile"


def test_a_save_that_fails_says_so_and_keeps_what_was_typed(site, review, watched):
    sign_in(watched, site)
    watched.goto(address(review))
    first = review.proposals.first()
    watched.route("**/review/*/", lambda route: route.abort())
    watched.locator(f"#title-{first.pk}").press_sequentially("Not lost")
    expect(
        watched.get_by_role("alert").filter(has_text="The site does not answer.")
    ).to_be_visible()
    watched.unroute("**/review/*/")
    watched.get_by_role("button", name="Try again").click()
    saved(watched)
    expect(watched.locator("#failed")).to_be_hidden()
    assert Proposal.objects.get(pk=first.pk).title == "Not lost"


def test_a_page_left_at_once_has_saved_what_was_typed(site, review, watched):
    sign_in(watched, site)
    watched.goto(address(review))
    first = review.proposals.first()
    watched.locator(f"#title-{first.pk}").fill("Left at once")
    watched.goto("/admin/")
    for _ in range(20):  # the browser sends it without the page
        watched.goto(address(review))
        if watched.locator(f"#title-{first.pk}").input_value():
            break
    expect(watched.locator(f"#title-{first.pk}")).to_have_value("Left at once")


def test_who_was_signed_out_is_told_and_keeps_what_was_typed(site, review, watched):
    sign_in(watched, site)
    watched.goto(address(review))
    first = review.proposals.first()
    watched.context.clear_cookies(name="sessionid")
    watched.locator(f"#title-{first.pk}").fill("Not lost")
    expect(watched.get_by_role("alert").filter(has_text="You are signed out.")).to_be_visible()
    sign_in(watched, site)
    watched.get_by_role("button", name="Try again").click()
    saved(watched)
    assert Proposal.objects.get(pk=first.pk).title == "Not lost"


def test_a_collision_shows_the_card_as_it_is_now_and_what_was_typed(site, review, watched):
    sign_in(watched, site)
    watched.goto(address(review))
    first = review.proposals.first()
    decisions.reject("bert", first, 1)
    watched.locator(f"#title-{first.pk}").fill("Typed by the second")
    alert = watched.locator(f"#proposal-{first.pk}").get_by_role("alert")
    expect(alert).to_contain_text("bert changed it at")
    expect(alert).to_contain_text("Typed by the second")
    expect(watched.locator(f"#state-{first.pk}")).to_contain_text("Rejected by bert")


# --- Without scripts -------------------------------------------------------


def test_the_same_is_done_without_scripts(site, review, no_js_page):
    page = no_js_page
    sign_in(page, site)
    page.goto(address(review))
    first, _second, third = review.proposals.all()

    def press(proposal, name, exact=False):
        card = page.locator(f"#proposal-{proposal.pk}")
        while (folded := card.locator("details:not([open]) > summary")).count():
            folded.first.click()
        card.get_by_role("button", name=name, exact=exact).click()
        assert page.url == f"{site}{address(review)}#proposal-{proposal.pk}"

    page.locator(f"#title-{first.pk}").fill("Take sample action")
    press(first, "Save")
    press(first, "End a word earlier")
    press(first, "End with the sentence")
    press(first, "Join with the next passage")
    press(first, "Before “It must be taken by sample bodies.…”")
    assert quotes(review) == [[FIRST], ["It must be taken by sample bodies."], [THIRD]]
    press(first, "Accept")
    press(third, "Reject")
    page.get_by_label("Its exact words").fill("We ask for alpha")
    page.get_by_role("button", name="Add", exact=True).click()
    added = Proposal.objects.get(why="added by an editor")
    assert page.url.endswith(f"#proposal-{added.pk}")
    page.locator(f"#title-{added.pk}").fill("Ask for alpha")
    page.locator(f"#theme-{added.pk}-skills").check()
    press(added, "Accept")
    page.get_by_role("link", name="Publish the 2 accepted…").click()
    page.get_by_role("button", name="Publish 2").click()
    expect(page.get_by_text("Published: KEYS-2020-1, KEYS-2020-2.")).to_be_visible()
    assert [each.quote for each in review.recommendations.all()] == [FIRST, "We ask for alpha"]


def test_a_refused_act_has_a_page_without_scripts(site, review, no_js_page):
    sign_in(no_js_page, site)
    no_js_page.goto(address(review))
    third = review.proposals.last()
    no_js_page.locator(f"#proposal-{third.pk} summary", has_text="Change the words").click()
    no_js_page.locator(f"#before-{third.pk}").fill("nothing there")
    no_js_page.locator(f"#split-{third.pk}").click()
    expect(no_js_page.get_by_role("alert")).to_contain_text(
        "“nothing there” stands 0 times in the passage."
    )
    no_js_page.get_by_role("button", name="Accept").click()
    assert no_js_page.url == f"{site}{address(review)}#proposal-{third.pk}"


# --- At once ---------------------------------------------------------------


def outcomes(act, *people: str) -> list[str]:
    """Let people do something at the same moment, each on a connection of their own; return what
    came of it.
    """
    ready = threading.Barrier(len(people))

    def run(who: str) -> str:
        ready.wait()
        try:
            act(who)
        except Refused as refusal:
            return type(refusal).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(people)) as pool:
        return sorted(pool.map(run, people))


@pytest.mark.both_databases
def test_of_two_publishers_at_once_one_publishes(review):
    for proposal in review.proposals.all():
        decisions.edit(
            "anna",
            proposal,
            1,
            ProposalDetails("Take sample action", "", [], ["skills"], []),
        )
        decisions.accept("anna", proposal, 2)
    found = outcomes(lambda who: publish_accepted(who, review, "Sample reason."), "anna", "bert")
    assert found == ["NotPublished", "done"]
    codes = list(review.recommendations.values_list("code", flat=True))
    assert codes == ["KEYS-2020-1", "KEYS-2020-2", "KEYS-2020-3"]


@pytest.mark.both_databases
def test_of_two_editors_at_once_one_collides(review):
    proposal = review.proposals.first()
    assert outcomes(lambda who: decisions.accept(who, proposal, 1), "anna", "bert") == [
        "EditConflict",
        "done",
    ]
    assert Proposal.objects.get(pk=proposal.pk).revision == 2


@pytest.mark.both_databases
def test_of_two_overlapping_passages_accepted_at_once_one_is_refused(review):
    first = review.proposals.first()
    other = Proposal.objects.create(source=review, spans=[[first.start, first.start + 2]])
    chosen = {"anna": first, "bert": other}
    assert outcomes(lambda who: decisions.accept(who, chosen[who], 1), "anna", "bert") == [
        "Refused",
        "done",
    ]


# --- Looks, and hostile words ----------------------------------------------


def test_the_pages_are_accessible_and_fit(site, review, watched):
    sign_in(watched, site)
    first, second, _third = review.proposals.all()
    decisions.accept("anna", first, 1)
    decisions.reject("anna", second, 1)
    for rest in ("", "publish/"):
        watched.goto(address(review) + rest)
        watched.evaluate(
            "document.querySelectorAll('main details').forEach(each => { each.open = true })"
        )
        check_accessible(watched, [*LOOKS, (320, "light")])
    assert watched.said == []


def test_hostile_words_are_shown_as_words_and_run_nothing(site, review, watched):
    sign_in(watched, site)
    first = review.proposals.first()
    Proposal.objects.filter(pk=first.pk).update(
        title=HOSTILE, summary=HOSTILE, tags=[HOSTILE], why=HOSTILE
    )
    watched.goto(address(review))
    for field in ("title", "summary"):
        expect(watched.locator(f"#{field}-{first.pk}")).to_have_value(HOSTILE)
    expect(watched.locator(f"#tags-{first.pk}")).to_have_value(HOSTILE)
    watched.locator(f"#proposal-{first.pk}").focus()
    watched.keyboard.press("a")
    expect(watched.locator(f"#state-{first.pk}")).to_contain_text("Accepted")
    expect(watched.locator(f"#title-{first.pk}")).to_have_value(HOSTILE)
    watched.get_by_label("Its exact words").fill(HOSTILE)
    watched.locator("#add-it").click()
    expect(watched.locator("#not-added")).to_contain_text(HOSTILE)
    watched.goto(f"{address(review)}publish/")
    expect(watched.get_by_role("heading", level=2)).to_contain_text(HOSTILE)
    assert watched.evaluate("window.bad") is None
    assert watched.locator("img").count() == 0
    assert [said for said in watched.said if "409" not in said] == []
