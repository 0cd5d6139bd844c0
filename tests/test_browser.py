"""What only a browser can tell: accessibility, what happens in place, what is left without scripts,
what is blocked.
"""

import re

import pytest
from accessibility import check_accessible
from django.contrib.auth.models import User
from django.utils.html import escape
from playwright.sync_api import expect

from recommendations.formats.share import at_words
from recommendations.models import Recommendation, Source

PAGES = {
    "home": "/",
    "browse": "/recommendations/",
    "search": "/recommendations/?q=AI&theme=skills&theme=smes",
    "nothing": "/recommendations/?q=quantum&theme=skills",
    "nothing together": "/recommendations/?q=SME+skills",
    "misspelt": "/recommendations/?q=cybersecuirty",
    "recommendation": "/PARIS-2025-4",
    "works": "/PARIS-2025-10",
    "version": "/PARIS-2025-4/v/1",
    "embed": "/PARIS-2025-4/embed",
    "declaration": "/PARIS-2025",
    "declarations": "/declarations/",
    "themes": "/themes/",
    "theme": "/themes/infrastructure-security",
    "overview": "/overview/",
    "briefing": "/briefing?codes=PARIS-2025-10,PARIS-2025-99,PARIS-2025-7&find=AI",
    "check": "/check",
    "compare": "/compare",
    "follow": "/follow?theme=skills",
    "verbatim": "/check?q=the+integration+of+AI+capabilities+into+cybersecurity",
    "altered": "/check?q=TECH7+calls+upon+the+G7+governments+to+support+the+adoption+of+AI",
    "too short": "/check?q=AI",
    "about": "/about/",
    "bad request": "/recommendations/?theme=skils&x=1",
    "not found": "/PARIS-2025-14",
    "lost": "/themse/",
}


@pytest.fixture
def watched(page):
    """A page that remembers what the console said and which addresses were asked for."""
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    return page


LOOKS = [(1360, "light"), (375, "dark"), (768, "dark"), (320, "light")]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_accessible_quiet_and_fits(site, watched, name):
    response = watched.goto(PAGES[name])
    check_accessible(watched, LOOKS)
    expected = 1 if response.status >= 400 else 0  # the console names the answer's own status
    assert len(watched.said) == expected, watched.said
    assert {url for url in watched.asked if not url.startswith(site)} == set()
    assert watched.context.cookies() == []


@pytest.mark.parametrize("name", ["recommendation", "declaration"])
def test_the_text_may_be_spaced_out(site, page, name):
    page.goto(PAGES[name])
    page.set_viewport_size({"width": 375, "height": 800})
    spaced = (
        "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em "
        "!important }"
    )
    page.evaluate(
        "css => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets "
        "= [s] }",
        spaced,
    )
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_the_text_of_a_declaration_is_the_stored_text(site, page):
    page.goto("/PARIS-2025")
    shown = page.evaluate(
        """() => {
            const text = document.querySelector('article.text').cloneNode(true);
            text.querySelectorAll('.para-number, a.number, .notes, .footnotes').forEach(added => added.remove());
            return text.textContent;
        }"""
    )
    assert shown.strip("\n ") == Source.objects.get(code="PARIS-2025").text.strip("\n ")


def test_a_link_with_a_number_leads_to_the_marked_passage(site, page):
    page.goto("/PARIS-2025#4")
    target = page.locator(":target")
    assert target.evaluate("mark => mark.tagName") == "MARK"
    assert "We call for prioritising digital fluency" in target.inner_text()
    expect(target).to_be_in_viewport()


def test_the_quote_on_the_page_is_the_quote(site, page):
    for number in range(1, 11):
        page.goto(f"/PARIS-2025-{number}")
        quote = page.locator("figure.quote blockquote").inner_text().strip()
        assert quote in Source.objects.get(code="PARIS-2025").text
        assert page.locator("figure.quote blockquote").get_attribute("lang") == "en"


def test_choosing_a_facet_changes_counts_and_results_in_place(site, watched):
    watched.goto("/recommendations/")
    watched.evaluate("window.stayed = true")
    watched.get_by_role("link", name="Skills & workforce").first.click()
    expect(watched.get_by_role("heading", name="3 recommendations")).to_be_visible()
    assert watched.url == f"{site}/recommendations/?theme=skills"
    assert watched.title() == "Skills & workforce – TECH7 Recommendations"
    watched.locator("#q").fill("curricula")
    watched.get_by_role("button", name="Search").click()
    expect(watched.get_by_role("heading", name="1 recommendation", exact=True)).to_be_visible()
    watched.get_by_role("link", name=re.compile("Remove “curricula”")).click()
    expect(watched.get_by_role("heading", name="3 recommendations")).to_be_visible()
    assert watched.evaluate("window.stayed") is True
    watched.go_back()
    expect(watched.get_by_role("heading", name="1 recommendation", exact=True)).to_be_visible()
    assert watched.said == []


def test_choosing_an_appearance_comes_back_to_the_results_in_place(site, page):
    page.goto("/recommendations/")
    page.get_by_role("link", name="Skills & workforce").first.click()
    expect(page.get_by_role("heading", name="3 recommendations")).to_be_visible()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.url == f"{site}/recommendations/?theme=skills"


def test_results_that_cannot_be_loaded_are_said_to_be_old(site, page):
    page.goto("/recommendations/")
    page.route("**/recommendations/?theme=skills", lambda route: route.abort())
    page.get_by_role("link", name="Skills & workforce").first.click()
    expect(page.get_by_text("The results could not be loaded.")).to_be_visible()
    expect(page.get_by_role("heading", name="10 recommendations")).to_be_visible()


def test_everything_works_without_scripts(site, no_js_page):
    page = no_js_page
    page.goto("/recommendations/")
    page.get_by_role("link", name="Skills & workforce").first.click()
    page.locator("#q").fill("curricula")
    page.get_by_role("button", name="Search").click()
    assert page.url == f"{site}/recommendations/?q=curricula&theme=skills"
    expect(page.get_by_role("heading", name="1 recommendation", exact=True)).to_be_visible()
    page.get_by_role(
        "link", name="Build learning pathways together: governments, educators and companies"
    ).click()
    assert page.url == f"{site}/PARIS-2025-5"
    expect(page.get_by_role("button", name="Copy link")).to_be_hidden()
    page.get_by_role("button", name="Dark").click()
    assert page.url == f"{site}/PARIS-2025-5"
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_a_briefing_is_gathered_and_ordered_without_scripts(site, no_js_page):
    page = no_js_page
    page.goto("/PARIS-2025-4")
    page.get_by_role("button", name="Add to briefing PARIS-2025-4").click()
    assert page.url == f"{site}/briefing?codes=PARIS-2025-4#PARIS-2025-4"
    page.get_by_label("Search for recommendations to add").fill("curricula")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("button", name="Add to briefing PARIS-2025-5").click()
    assert (
        page.url == f"{site}/briefing?codes=PARIS-2025-4,PARIS-2025-5&find=curricula#PARIS-2025-5"
    )
    page.get_by_label("Add a code, a link").fill("paris-2025-7")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("link", name="Move up PARIS-2025-7").click()
    page.get_by_role("link", name="Remove PARIS-2025-4").click()
    assert page.url == f"{site}/briefing?codes=PARIS-2025-7,PARIS-2025-5"
    assert page.locator("article.entry").evaluate_all("all => all.map(each => each.id)") == [
        "PARIS-2025-7",
        "PARIS-2025-5",
    ]
    assert page.context.cookies() == []


def test_copying_says_what_it_did(site, page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/PARIS-2025-4")
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator("#said")).to_have_text("Link copied")
    assert page.evaluate("navigator.clipboard.readText()").endswith("/PARIS-2025-4")
    page.get_by_role("button", name="Copy quote").click()
    expect(page.locator("#said")).to_have_text("Quote and citation copied")
    quote, citation = page.evaluate("navigator.clipboard.readText()").split("\n\n")
    assert quote.startswith("“We call for prioritising digital fluency")
    assert quote.endswith("specialised AI education.”")
    assert citation.startswith(
        "TECH7, TECH7’s key recommendations for the Paris AI Action Summit, declaration of 7 Feb"
    )
    assert citation.endswith("/PARIS-2025-4/v/1")


def test_a_copied_quote_has_no_footnote_signs(site, page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for entry in Recommendation.objects.all():
        page.goto(entry.get_absolute_url())
        page.get_by_role("button", name="Copy quote").click()
        expect(page.locator("#said")).to_have_text("Quote and citation copied")
        quotes = "\n\n".join(f"“{passage.words}”" for passage in entry.passages)
        assert page.evaluate("navigator.clipboard.readText()").startswith(f"{quotes}\n\nTECH7, ")


def test_every_entry_prints_on_one_sheet_with_qr_code_and_citation(site, page):
    page.emulate_media(media="print")
    for number in range(1, 11):
        page.goto(f"/PARIS-2025-{number}")
        expect(page.locator("svg.qr")).to_be_visible()
        expect(
            page.get_by_text(f"(Recommendation PARIS-2025-{number}; Version 1)").first
        ).to_be_visible()
        assert page.pdf(format="A4").count(b"/Type /Page\n") == 1


def test_a_browser_that_can_share_offers_it(site, page):
    page.goto("/PARIS-2025-4")
    expect(page.locator("[data-share]")).to_be_hidden()
    page.add_init_script("navigator.share = async (what) => { window.shared = what }")
    page.goto("/PARIS-2025-4")
    page.get_by_role("button", name="Share…").click()
    link = page.locator("#link").get_attribute("href")
    title = "PARIS-2025-4: Prioritise digital fluency and workforce development"
    assert page.evaluate("window.shared") == {"title": title, "url": link}


def test_a_text_fragment_leads_to_the_words_in_the_original(site, page):
    source = Source.objects.get(code="PARIS-2025")
    lines = "".join(
        f"<p id=p{n}>{escape(line)}</p>" for n, line in enumerate(source.text.splitlines())
    )
    body = (
        f"<!doctype html><meta charset=utf-8><h1>{source.title}</h1><div>{'<br>' * 99}</div>{lines}"
    )
    page.route("**/original", lambda route: route.fulfill(content_type="text/html", body=body))
    for entry in source.recommendations.all():
        page.goto("about:blank")
        page.goto(at_words(f"{site}/original", entry.passages))
        words = page.get_by_text(entry.passages[0].quote[:40]).first
        expect(words).to_be_in_viewport()
        assert page.evaluate("scrollY") > 0


def test_another_site_may_frame_the_small_page_and_no_other(site, page):
    elsewhere = site.replace("127.0.0.1", "localhost")  # another site, and as near as this one
    page.goto(f"{elsewhere}/static/icon.svg")  # a document that has no policy of its own
    page.evaluate(
        """() => {
            const room = document.createElementNS("http://www.w3.org/2000/svg", "foreignObject");
            for (const name of ["width", "height"]) room.setAttribute(name, "100%");
            room.append(document.createElementNS("http://www.w3.org/1999/xhtml", "iframe"));
            document.documentElement.append(room);
            addEventListener("message", ({ data, origin }) => { window.told = { origin, ...data }; });
        }"""
    )
    for path, is_shown in (("/PARIS-2025-4", False), ("/PARIS-2025-4/embed", True)):
        with page.expect_event("framenavigated"):
            page.evaluate(
                "address => { document.querySelector('iframe').src = address; }", site + path
            )
        expect(page.frames[-1].locator("blockquote")).to_have_count(int(is_shown))
    page.frames[-1].wait_for_load_state()
    height = page.frames[-1].evaluate(
        "Math.ceil(document.documentElement.getBoundingClientRect().height)"
    )
    page.wait_for_function("height => window.told?.value === height", arg=height)
    assert page.evaluate("window.told") == {"origin": site, "tech7": "height", "value": height}


def test_the_first_tab_leads_past_the_navigation(site, page):
    page.goto("/PARIS-2025-4")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


def test_every_link_on_every_page_leads_somewhere(site, page):
    seen = set()
    for path in PAGES.values():
        page.goto(path)
        hrefs = page.eval_on_selector_all(
            "a[href], link[href]", "links => links.map(link => link.href)"
        )
        seen |= {href.split("#")[0] for href in hrefs if href.startswith(site)} - {page.url}
    answers = {href: page.request.get(href, max_redirects=0).status for href in sorted(seen)}
    assert {href: status for href, status in answers.items() if status not in (200, 302)} == {}


def test_every_fragment_on_a_page_is_there(site, page):
    for path in PAGES.values():
        page.goto(path)
        missing = page.evaluate(
            """() => [...document.querySelectorAll('a[href*="#"]')]
                .filter(link => link.pathname === location.pathname && link.hash)
                .filter(link => !document.getElementById(decodeURIComponent(link.hash.slice(1))))
                .map(link => link.outerHTML)"""
        )
        assert missing == [], path


@pytest.fixture
def desk(site, watched):
    """The editors' desk, signed in; the account is really there, and taken away afterwards."""
    user = User.objects.create_superuser("sample-editor", password="sample-pass-phrase")
    watched.goto("/admin/")
    watched.get_by_label("Username").fill("sample-editor")
    watched.get_by_label("Password").fill("sample-pass-phrase")
    watched.get_by_role("button", name="Sign in").click()
    yield watched
    user.delete()


def test_the_desk_works_under_the_content_security_policy(site, desk):
    desk.goto("/admin/recommendations/proposal/add/?source=PARIS-2025")
    desk.get_by_label("Title").fill("A sample title")
    desk.locator("#id_quotes-0-quote").fill("The TECH7")
    desk.get_by_role("button", name="Save as a proposal").click()
    expect(desk.get_by_text(re.compile("The quote occurs 3 times"))).to_be_visible()
    for path in ("source/", "theme/", "recommendation/?status__exact=published"):
        desk.goto(f"/admin/recommendations/{path}")
    desk.goto("/PARIS-2025-4")
    desk.get_by_role("link", name="Edit this entry").click()
    expect(desk.get_by_role("link", name="Withdraw…")).to_be_visible()
    assert desk.said == []
    assert {url for url in desk.asked if not url.startswith((site, "data:"))} == set()


def test_a_briefing_keeps_what_is_put_into_it_while_the_reader_stays(site, page):
    page.goto("/recommendations/?theme=skills")
    for code in ("PARIS-2025-4", "PARIS-2025-6"):
        page.get_by_role("button", name=f"Add to briefing {code}").click()
    assert page.url == f"{site}/recommendations/?theme=skills"
    expect(page.get_by_role("status")).to_have_text("PARIS-2025-6 added: your briefing has 2.")
    page.goto("/PARIS-2025-9")
    page.get_by_role("button", name="Add to briefing PARIS-2025-9").click()
    page.get_by_role("link", name="Briefing (3)").click()
    codes = "PARIS-2025-4,PARIS-2025-6,PARIS-2025-9"
    assert page.url == f"{site}/briefing?codes={codes}"
    page.get_by_role("link", name="Move up PARIS-2025-9").click()
    expect(page.get_by_role("status")).to_have_text("PARIS-2025-9 is now number 2 of 3.")
    page.get_by_role("link", name="Remove PARIS-2025-6").click()
    expect(page.get_by_role("link", name="Briefing (2)")).to_have_attribute(
        "href", "/briefing?codes=PARIS-2025-4,PARIS-2025-9"
    )
    page.goto("/PARIS-2025-4")
    page.get_by_role("button", name="In briefing · Remove PARIS-2025-4").click()
    expect(page.get_by_role("link", name="Briefing (1)")).to_be_visible()
    assert page.context.cookies() == []


def test_a_briefing_is_ordered_by_dragging(site, page):
    page.set_viewport_size({"width": 1360, "height": 1600})
    page.goto("/briefing?codes=PARIS-2025-4,PARIS-2025-5")
    page.locator("#PARIS-2025-5").drag_to(
        page.locator("#PARIS-2025-4"), target_position={"x": 20, "y": 5}
    )
    page.wait_for_url(f"{site}/briefing?codes=PARIS-2025-5,PARIS-2025-4")
    expect(page.get_by_role("status")).to_have_text("PARIS-2025-5 is now number 1 of 2.")


def test_somebody_elses_briefing_replaces_ones_own_only_when_asked(page):
    page.goto("/PARIS-2025-4")
    page.get_by_role("button", name="Add to briefing PARIS-2025-4").click()
    page.goto("/briefing?codes=PARIS-2025-7,PARIS-2025-8")
    expect(page.get_by_role("link", name="Briefing (1)")).to_be_visible()
    page.get_by_role("button", name="Keep this as my briefing").click()
    expect(page.get_by_role("link", name="Briefing (2)")).to_be_visible()
    expect(page.get_by_role("button", name="Keep this as my briefing")).to_be_hidden()


def test_suggestions_are_chosen_by_keyboard_and_the_search_stays_as_typed_without(site, page):
    page.goto("/about/")
    box = page.get_by_role("combobox", name="Search recommendations")
    box.press_sequentially("skil")
    expect(page.get_by_role("option", name="Skills & workforce Theme")).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    first = page.get_by_role("option").first
    expect(first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == first.get_attribute("id")
    check_accessible(page, [(1360, "light"), (375, "dark")])
    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press("Enter")
    page.wait_for_url(f"{site}/recommendations/?q=skil")
    box = page.get_by_role("combobox")
    box.fill("")
    box.press_sequentially("fluency")
    page.get_by_role("option").first.click()
    page.wait_for_url(f"{site}/recommendations/?tag=digital-fluency")
