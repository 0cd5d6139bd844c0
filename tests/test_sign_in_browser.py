"""Signing in as an editor meets it: in a browser, on a phone, by keyboard, with a passkey, and
without scripts.
"""

import re

import pytest
from accessibility import check_accessible
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from axes.models import AccessFailureLog, AccessLog
from clock import Clock
from django.contrib.auth.models import User
from playwright.sync_api import expect

from recommendations.accounts import recovery
from recommendations.accounts.password_links import make_link
from recommendations.accounts.sessions import end_sessions

NAME, PASSWORD = "sample-visitor", "sample-pass-phrase"
clock = Clock()
LOOKS = [(1360, "light"), (375, "dark"), (320, "light")]


@pytest.fixture(autouse=True)
def _the_clock_stands(monkeypatch):
    """Let no code run out while the browser types it."""
    clock.set(monkeypatch)
    monkeypatch.setattr(recovery, "ROUNDS", 1)  # many slow hashes make a slow test


@pytest.fixture
def editor(site):
    """An editor's account that is really there, and taken away afterwards with all that signing in
    left behind.
    """
    user = User.objects.create_superuser(NAME, password=PASSWORD)
    yield user
    end_sessions(user)
    user.delete()
    AccessLog.objects.filter(username=NAME).delete()
    AccessFailureLog.objects.filter(username=NAME).delete()


@pytest.fixture
def secret(editor):
    """The key in the editor's authenticator app."""
    secret = generate_totp_secret()
    TOTP.activate(editor, secret)
    return secret


@pytest.fixture
def watched(page):
    """A page that remembers what the console said and which addresses were asked for."""
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    return page


def sign_in(page, site: str) -> None:
    page.goto(f"{site}/accounts/login/")
    page.get_by_label("Username").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def confirm(page) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def check(page, site: str) -> None:
    """Check a page as it stands, at each width and in both modes."""
    check_accessible(page, LOOKS)
    inline = page.locator(
        "script:not([src]):not([type='application/json']), style, [style], [onclick]"
    )
    assert inline.count() == 0, page.url
    assert page.said == [], page.url
    assert {url for url in page.asked if not url.startswith((site, "data:"))} == set()


def check_desk(page) -> None:
    """Check a page of the desk as it stands."""
    check_accessible(page, LOOKS[:2])
    assert page.said == [], page.url


def test_every_page_of_signing_in_is_accessible_quiet_and_fits(site, watched, secret, editor):
    RecoveryCodes.activate(editor)
    watched.goto("/accounts/login/")
    check(watched, site)
    watched.get_by_label("Username").fill(NAME)
    watched.get_by_label("Password").fill("wrong")
    watched.get_by_role("button", name="Sign in").click()
    expect(watched.get_by_role("alert")).to_contain_text("Wrong username or password.")
    check(watched, site)
    sign_in(watched, site)
    expect(watched.get_by_role("heading", name="Second step")).to_be_visible()
    check(watched, site)
    watched.get_by_label("Code").fill("wrong")
    watched.get_by_role("button", name="Sign in").click()
    expect(watched.get_by_text("Wrong or used code.")).to_be_visible()
    check(watched, site)
    watched.get_by_label("Code").fill(clock.code(secret))
    watched.get_by_role("button", name="Sign in").click()
    watched.get_by_role("link", name="Your account").click()
    check(watched, site)
    watched.get_by_role("link", name="Remove app").click()
    check(watched, site)
    confirm(watched)
    check(watched, site)
    watched.get_by_role("button", name="Remove app").click()
    for path in ("app/add/", "password/", "passkeys/add/", "logout/"):
        watched.goto(f"/accounts/{path}")
        check(watched, site)


def test_an_app_is_set_up_and_used_without_scripts(site, no_js_page, editor):
    page = no_js_page
    sign_in(page, site)
    page.get_by_role("link", name="Your account").click()
    page.get_by_role("link", name="Add authenticator app").click()
    confirm(page)
    assert page.locator("img.qr-code").evaluate("image => image.naturalWidth") > 100
    secret = page.locator("code.secret").inner_text()
    page.get_by_label("code").fill(clock.code(secret))
    page.get_by_role("button", name="Add app").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    codes = page.locator("code.secret").all_inner_texts()
    assert len(codes) == 10
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.path().read_text().split() == codes
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, site)
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Sign in").click()
    assert page.url == f"{site}/admin/"


def test_signing_in_works_by_keyboard(site, page, secret):
    page.goto("/accounts/login/")
    page.get_by_label("Username").focus()
    page.keyboard.type(NAME)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("Code").focus()
    page.keyboard.type(clock.code(secret))
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/admin/")


@pytest.fixture
def passkey(page):
    """A security key that the browser believes in."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    key = devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": options | {"automaticPresenceSimulation": True}},
    )
    return key["authenticatorId"]


def test_a_passkey_is_added_named_used_and_removed(site, watched, passkey, editor):
    page, there = (
        watched,
        site.replace("127.0.0.1", "localhost"),
    )  # an address in numbers cannot have passkeys
    sign_in(page, there)
    page.get_by_role("link", name="Your account").click()
    page.get_by_role("link", name="Add passkey").click()
    confirm(page)
    check(page, there)
    page.get_by_role("textbox", name="Name").fill("Sample key")
    page.get_by_role("button", name="Add passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    check(page, there)
    page.goto(f"{there}/accounts/")
    check(page, there)
    page.get_by_role("link", name="Rename Sample key").click()
    page.get_by_role("textbox", name="Name").fill("Another sample key")
    check(page, there)
    page.get_by_role("button", name="Rename").click()
    page.get_by_role("button", name="Sign out here").click()
    sign_in(page, there)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    check(page, there)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{there}/admin/")
    page.goto(f"{there}/accounts/")
    page.get_by_role("link", name="Remove Another sample key").click()
    page.get_by_role("link", name="Use a passkey").click()
    check(page, there)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Remove this passkey?")).to_be_visible()
    check(page, there)
    page.get_by_role("button", name="Remove passkey").click()
    expect(page.get_by_role("link", name=re.compile("Remove Another"))).to_have_count(0)
    assert not Authenticator.objects.filter(user=editor).exists()
    assert page.said == []


def test_where_no_passkey_can_be_used_the_page_says_so(site, page, editor):
    sign_in(page, site)
    page.goto("/accounts/passkeys/add/")
    confirm(page)
    page.get_by_role("button", name="Add passkey").click()
    expect(page.get_by_role("status").first).to_have_text(
        "This browser cannot use passkeys at this address. Use a code instead."
    )


def test_without_scripts_a_passkey_is_not_offered_in_vain(site, no_js_page, editor):
    sign_in(no_js_page, site)
    no_js_page.goto("/accounts/passkeys/add/")
    confirm(no_js_page)
    expect(no_js_page.get_by_text("Passkeys need JavaScript.")).to_be_visible()
    expect(no_js_page.get_by_role("button", name="Add passkey")).to_be_disabled()


def test_too_many_attempts_are_told_how_long_to_wait(site, watched, editor):
    for _ in range(5):
        watched.goto("/accounts/login/")
        watched.get_by_label("Username").fill(NAME)
        watched.get_by_label("Password").fill("wrong")
        watched.get_by_role("button", name="Sign in").click()
    expect(watched.get_by_role("heading", name="Too many attempts")).to_be_visible()
    assert len(watched.said) == 1  # the console names the answer's own status
    watched.said.clear()
    check(watched, site)


def test_readers_load_nothing_of_it(site, watched):
    watched.goto("/")
    assert [url for url in watched.asked if re.search(r"account|passkeys|allauth|mfa", url)] == []
    assert watched.context.cookies() == []


@pytest.fixture
def newcomer(editor):
    """The name of an account that an administrator is about to make, taken away afterwards with
    what it left.
    """
    yield "sample-newcomer"
    for left in (User, AccessLog, AccessFailureLog):
        left.objects.filter(username="sample-newcomer").delete()


def test_an_administrator_makes_an_account_and_its_owner_chooses_a_password(
    site, watched, no_js_page, newcomer
):
    sign_in(watched, site)
    watched.goto("/admin/auth/user/add/")
    check_desk(watched)
    watched.get_by_label("Username").fill(newcomer)
    watched.get_by_role("button", name="Save", exact=True).click()
    link = watched.locator("code").inner_text()
    assert link.startswith(f"{site}/accounts/password/new/?key=")
    check_desk(watched)
    watched.get_by_role("link", name=f"Say what {newcomer} may do").click()
    watched.get_by_role("button", name="Set password").click()
    check_desk(watched)
    page = no_js_page
    page.goto(link)
    page.get_by_label("Password", exact=True).fill("another-pass-phrase")
    page.get_by_label("Password (again)").fill("another-pass-phrase")
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_text(f"Password set for {newcomer}. You can sign in now.")).to_be_visible()
    page.get_by_label("Username").fill(newcomer)
    page.get_by_label("Password").fill("another-pass-phrase")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="You can’t edit with this account")).to_be_visible()


def test_the_pages_of_a_link_are_accessible_quiet_and_fit(site, watched, newcomer):
    person = User.objects.create_user(newcomer)
    link = make_link("sample-admin", person)
    watched.goto(link)
    check(watched, site)
    watched.get_by_label("Password", exact=True).fill("short")
    watched.get_by_label("Password (again)").fill("short")
    watched.get_by_role("button", name="Set password").click()
    expect(watched.get_by_text("This password is too short.")).to_be_visible()
    check(watched, site)
    watched.goto("/accounts/password/new/?key=used")
    watched.said.clear()  # the console names the answer's own status
    check(watched, site)


def test_sessions_are_seen_and_ended_in_a_browser(site, watched, new_context, editor):
    other = new_context().new_page()
    sign_in(other, site)
    sign_in(watched, site)
    watched.goto("/accounts/")
    check(watched, site)
    watched.get_by_role("button", name=re.compile("^Sign out Chrome on Linux, since")).click()
    confirm(watched)
    expect(watched.get_by_text("Signed out of 1 other session.")).to_be_visible()
    other.goto(f"{site}/accounts/")
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
