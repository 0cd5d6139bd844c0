"""Accounts: a first password by a link that works once, stolen passwords, and where somebody is
signed in.
"""

import hashlib
import importlib.util
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Permission, User
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.checks import run_checks
from django.core.exceptions import ValidationError
from django.test import Client

from recommendations.accounts import password_links
from recommendations.accounts.pwned_passwords import BreachedPasswords, is_listed
from recommendations.accounts.sessions import browser_name
from recommendations.models import Change

pytestmark = pytest.mark.both_databases

PASSWORD, CHOSEN = "sample-pass-phrase", "another-pass-phrase"
LOGIN, PLACES, END, NEW = (
    "/accounts/login/",
    "/accounts/",
    "/accounts/sessions/end/",
    "/accounts/password/new/",
)
ENDED = "This link doesn’t work"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:152.0) Gecko/20100101 Firefox/152.0"


@pytest.fixture
def administrator(client, db):
    """An administrator, signed in at `client`."""
    person = User.objects.create_superuser("sample-admin", password=PASSWORD)
    client.force_login(person)
    return person


@pytest.fixture
def rosa(db):
    """Somebody with a password."""
    return User.objects.create_user("rosa", password=PASSWORD, is_staff=True)


def link_on(response) -> str:
    """Return the path and query of the link that a page shows."""
    [link] = re.findall(
        r"http://testserver(/accounts/password/new/\?key=[\w-]+)", response.content.decode()
    )
    return link


def link_for(client, person: User) -> str:
    return link_on(client.post(f"/admin/auth/user/{person.pk}/password/"))


def choose(link: str, password: str = CHOSEN, again: str | None = None):
    """Open a link as a stranger, and send the form it shows."""
    sent = {
        "key": link.partition("=")[2],
        "password1": password,
        "password2": password if again is None else again,
    }
    return Client().post(NEW, sent)


def sign_in(client, name: str = "rosa", password: str = PASSWORD, **headers):
    return client.post(LOGIN, {"login": name, "password": password}, **headers)


def says(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def acts() -> list[tuple[str, str]]:
    """Return who did what to accounts, signing in apart."""
    changes = Change.objects.filter(kind="user").exclude(act="sign in").order_by("pk")
    return list(changes.values_list("who", "act"))


# --- A first password ------------------------------------------------------


def test_a_new_account_has_no_password_and_its_owner_chooses_one_by_a_link(client, administrator):
    page = client.get("/admin/auth/user/add/").content.decode()
    assert "password1" not in page
    answer = client.post(
        "/admin/auth/user/add/", {"username": "rosa", "password1": CHOSEN, "password2": CHOSEN}
    )
    rosa, link = User.objects.get(username="rosa"), link_on(answer)
    assert not rosa.has_usable_password()
    assert sign_in(Client(), password=CHOSEN).status_code == 200
    page = Client().get(link)
    assert (page.status_code, "For the account rosa." in says(page)) == (200, True)
    assert "at least 12 characters" in says(page)
    assert choose(link)["Location"] == LOGIN
    assert sign_in(Client(), password=CHOSEN).status_code == 302
    assert acts() == [
        ("sample-admin", "add"),
        ("sample-admin", "make password link"),
        ("rosa", "set password by link"),
    ]
    kept = str(list(Change.objects.values_list("before", "after", "label")))
    assert CHOSEN not in kept
    assert link.partition("=")[2] not in kept


def test_a_link_is_shown_once_to_who_made_it(client, administrator, rosa):
    link = link_for(client, rosa)
    for path in (
        f"/admin/auth/user/{rosa.pk}/password/",
        f"/admin/auth/user/{rosa.pk}/change/",
        "/admin/",
    ):
        assert link.partition("=")[2] not in client.get(path).content.decode(), path


def test_a_link_works_once(client, administrator, rosa):
    link = link_for(client, rosa)
    assert choose(link)["Location"] == LOGIN
    again = choose(link, "a-third-pass-phrase")
    assert (again.status_code, ENDED in says(again)) == (410, True)
    assert ENDED in says(Client().get(link))
    assert sign_in(Client(), password=CHOSEN).status_code == 302


def test_a_link_used_while_its_form_is_sent_sets_nothing(client, administrator, rosa, monkeypatch):
    link = link_for(client, rosa)
    key = link.partition("=")[2]
    validate = password_links.PasswordLinkTokens.check_token

    def used_meanwhile(tokens, person, token):
        good = validate(tokens, person, token)
        monkeypatch.setattr(password_links.PasswordLinkTokens, "check_token", validate)
        password_links.use_link(key, CHOSEN)
        return good

    monkeypatch.setattr(password_links.PasswordLinkTokens, "check_token", used_meanwhile)
    assert choose(link, "a-third-pass-phrase").status_code == 410
    assert User.objects.get(pk=rosa.pk).check_password(CHOSEN)


@pytest.mark.parametrize(("hours", "status"), [(23.9, 200), (24.1, 410)])
def test_a_link_lives_for_24_hours(client, administrator, rosa, monkeypatch, hours, status):
    link = link_for(client, rosa)
    later = datetime.now() + timedelta(hours=hours)
    monkeypatch.setattr(password_links.PasswordLinkTokens, "_now", lambda _tokens: later)
    assert Client().get(link).status_code == status


def test_a_new_link_ends_the_password_the_sessions_and_the_link_before(client, administrator, rosa):
    elsewhere = Client()
    sign_in(elsewhere)
    assert elsewhere.get(PLACES).status_code == 200
    first = link_for(client, rosa)
    assert elsewhere.get(PLACES).status_code == 302
    assert sign_in(Client()).status_code == 200
    second = link_for(client, rosa)
    assert [Client().get(link).status_code for link in (first, second)] == [410, 200]


def test_a_link_outlives_what_an_administrator_changes_besides(client, administrator, rosa):
    link = link_for(client, rosa)
    User.objects.filter(pk=rosa.pk).update(first_name="Rosa", is_superuser=True)
    assert Client().get(link).status_code == 200
    User.objects.filter(pk=rosa.pk).update(is_active=False)
    assert Client().get(link).status_code == 410
    assert choose(link).status_code == 410


def test_a_password_set_by_a_link_obeys_the_rules_and_the_link_stays_until_it_does(
    client, administrator, rosa
):
    link = link_for(client, rosa)
    for password, again, reason in (
        ("short", "short", "too short"),
        ("password1234", "password1234", "too common"),
        (CHOSEN, "something else", "You must type the same password each time."),
        ("", "", "This field is required."),
    ):
        answer = choose(link, password, again)
        assert (answer.status_code, reason in says(answer)) == (200, True), reason
    assert choose(link)["Location"] == LOGIN


def test_a_link_does_not_pass_the_second_step(client, administrator, rosa):
    TOTP.activate(rosa, generate_totp_secret())
    choose(link_for(client, rosa))
    assert sign_in(Client(), password=CHOSEN)["Location"] == "/accounts/second-step/"


def test_a_link_of_one_account_opens_no_other(client, administrator, rosa):
    link = link_for(client, rosa)
    other = link.replace(f"key={rosa.pk}-", f"key={administrator.pk}-")
    assert choose(other).status_code == 410


@pytest.mark.parametrize(
    "key",
    [
        "",
        "1",
        "1-",
        "-",
        "0-a-b",
        "9" * 30 + "-a-" + "0" * 32,
        "1-é-" + "0" * 32,
        "1-a-\0",
        "x" * 9000,
    ],
)
def test_a_made_up_link_says_what_to_do_and_makes_no_server_error(db, key):
    for answer in (
        Client().get(NEW, {"key": key}),
        Client().post(NEW, {"key": key, "password1": CHOSEN}),
    ):
        assert answer.status_code == 410
        assert "ask an administrator for a new link" in says(answer)


def test_nobody_sets_the_password_of_another_at_the_desk(client, administrator, rosa):
    place = f"/admin/auth/user/{rosa.pk}/password/"
    assert "password1" not in client.get(place).content.decode()
    link = link_on(
        client.post(place, {"password1": CHOSEN, "password2": CHOSEN, "usable_password": "true"})
    )
    rosa.refresh_from_db()
    assert not rosa.has_usable_password()
    assert Client().get(link).status_code == 200
    own = client.post(f"/admin/auth/user/{administrator.pk}/password/")
    assert own["Location"] == "/accounts/password/"
    assert client.get("/admin/auth/user/0/password/").status_code == 404


def test_only_who_may_change_accounts_makes_a_link(rosa, client):
    client.force_login(rosa)
    other = User.objects.create_user("sample-other", password=PASSWORD)
    assert client.post(f"/admin/auth/user/{other.pk}/password/").status_code == 403
    assert User.objects.get(pk=other.pk).check_password(PASSWORD)


@pytest.mark.parametrize("name", ["ROSA", "rosa"])
def test_two_accounts_do_not_differ_in_capitals_alone(client, administrator, rosa, name):
    answer = client.post("/admin/auth/user/add/", {"username": name})
    assert (answer.status_code, User.objects.count()) == (200, 2)


# --- Breached passwords ----------------------------------------------------


def digest(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def list_of(passwords, folder: Path, line: str = "{}:3\r\n") -> Path:
    path = folder / "breached.txt"
    path.write_bytes("".join(line.format(each) for each in sorted(map(digest, passwords))).encode())
    return path


@pytest.mark.parametrize("line", ["{}:3\r\n", "{}:10434004\n", "{}\n"])
@pytest.mark.parametrize("count", [1, 2, 3, 500])
def test_every_listed_password_is_found_and_no_other(tmp_path, count, line):
    path = list_of([f"stolen {number}" for number in range(count)], tmp_path, line)
    assert all(is_listed(digest(f"stolen {number}").encode(), path) for number in range(count))
    assert not any(is_listed(digest(f"other {number}").encode(), path) for number in range(200))
    path.write_bytes(path.read_bytes().rstrip())  # without an end of the last line
    assert all(is_listed(digest(f"stolen {number}").encode(), path) for number in range(count))


def test_a_breached_password_is_refused_where_the_operator_has_a_list(tmp_path, settings):
    path = list_of([CHOSEN], tmp_path)
    validate_password(CHOSEN)
    settings.AUTH_PASSWORD_VALIDATORS = [
        *settings.AUTH_PASSWORD_VALIDATORS,
        {
            "NAME": "recommendations.accounts.pwned_passwords.BreachedPasswords",
            "OPTIONS": {"path": path},
        },
    ]
    validate_password(PASSWORD)
    with pytest.raises(ValidationError, match="on a list of stolen passwords"):
        validate_password(CHOSEN)
    path.unlink()
    with pytest.raises(ValidationError, match="Please tell an administrator"):
        validate_password(PASSWORD)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (None, "it cannot be read"),
        (b"", "its lines are not SHA-1 hashes"),
        (b"password:3\n", "its lines are not SHA-1 hashes"),
        (b"0" * 100_000, "its lines are not SHA-1 hashes"),
        (b"B" * 40 + b":3\n" + b"A" * 40 + b":2\n", "its lines are not sorted by hash"),
        (b"A" * 40 + b":2\r\n" + b"B" * 40 + b":3\r\n", ""),
        (b"a" * 40 + b"\n" + b"B" * 40, ""),
    ],
)
def test_a_list_that_cannot_be_searched_is_told_before_the_site_serves(
    db, tmp_path, settings, content, fault
):
    path = tmp_path / "breached.txt"
    if content is not None:
        path.write_bytes(content)
    settings.BREACHED_PASSWORDS = str(path)
    told = [str(each.msg) for each in run_checks() if each.id == "tech7kb.E001"]
    assert [fault in each for each in told] == ([True] if fault else [])
    assert not is_listed(b"C" * 40, path) if content else True


@pytest.mark.parametrize("path", ["", "/srv/breached.txt"])
def test_the_list_is_named_by_the_environment(monkeypatch, settings, path):
    monkeypatch.setenv("BREACHED_PASSWORDS", path)
    spec = importlib.util.spec_from_file_location(
        "settings_with_a_list", settings.BASE_DIR / "tech7kb" / "settings.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    named = [
        each["OPTIONS"]["path"]
        for each in module.AUTH_PASSWORD_VALIDATORS
        if "Breached" in each["NAME"]
    ]
    assert named == ([Path(path)] if path else [])
    assert (
        BreachedPasswords(Path("x")).get_help_text()
        == "Your password can’t be on a list of stolen passwords."
    )


# --- Where somebody is signed in -------------------------------------------


@pytest.fixture
def two_sessions(client, rosa):
    """The same person, signed in at `client` and in Firefox elsewhere."""
    elsewhere = Client()
    sign_in(elsewhere, headers={"user-agent": FIREFOX})
    sign_in(client)
    return elsewhere


def confirm(client, **data):
    return client.post("/accounts/confirm/", {"password": PASSWORD, **data})


def marks(client) -> list[str]:
    return re.findall(r'name="session" value="(\w+)"', client.get(PLACES).content.decode())


def is_in(client) -> bool:
    return client.get(PLACES).status_code == 200


def test_people_see_where_they_are_signed_in(client, two_sessions):
    session = two_sessions.session
    session["desk.began"], session["desk.seen"] = time.time() - 7200, time.time() - 3600
    session.save()
    began, seen = (
        f"{datetime.fromtimestamp(session[key], UTC):%H:%M}" for key in ("desk.began", "desk.seen")
    )
    page = says(client.get(PLACES))
    assert "A browser , this session, since" in page
    assert re.search(
        rf"Firefox on Linux , since \d+ \w+, {began}, last seen \d+ \w+, {seen} UTC", page
    )
    assert len(marks(client)) == 1
    keys = {client.session.session_key, two_sessions.session.session_key}
    assert not [key for key in keys if key in client.get(PLACES).content.decode()]


def test_one_session_is_ended_and_no_other(client, two_sessions):
    third = Client()
    sign_in(third)
    confirm(client)
    by_firefox = marks(two_sessions)  # the others as it sees them: not itself
    [firefox] = set(marks(client)) - set(by_firefox)
    assert "Signed out of 1 other session." in says(
        client.post(END, {"session": firefox}, follow=True)
    )
    assert [is_in(each) for each in (client, two_sessions, third)] == [True, False, True]
    assert "Signed out of 0 other sessions." in says(
        client.post(END, {"session": firefox}, follow=True)
    )


def test_sessions_are_ended_only_by_who_proves_themselves_again(client, two_sessions):
    [mark] = marks(client)
    answer = client.post(END, {"session": mark})
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"/accounts/confirm/?next={END.replace('/', '%2F')}",
    )
    assert client.post("/accounts/confirm/", {"password": "wrong", "next": END}).status_code == 200
    assert is_in(two_sessions)
    assert confirm(client, next=END)["Location"] == PLACES
    assert not is_in(two_sessions)
    assert is_in(client)


def test_nobody_ends_the_session_of_somebody_else(client, two_sessions):
    stranger = Client()
    stranger.force_login(User.objects.create_user("sample-other", password=PASSWORD))
    [mark] = marks(client)
    confirm(stranger)
    for digest in (mark, "", "\0", "x" * 9000):
        assert stranger.post(END, {"session": digest}).status_code == 302
    assert [is_in(client), is_in(two_sessions)] == [True, True]


@pytest.mark.parametrize("hours", [{"began": 12.1}, {"seen": 2.1}])
def test_a_session_whose_time_is_over_is_not_listed(client, two_sessions, hours):
    session = two_sessions.session
    for name, old in hours.items():
        session[f"desk.{name}"] = time.time() - old * 3600
    session.save()
    assert marks(client) == []


def test_a_session_that_a_new_password_ended_is_not_listed(client, two_sessions, rosa):
    new = {"oldpassword": PASSWORD, "password1": CHOSEN, "password2": CHOSEN}
    assert client.post("/accounts/password/", new).status_code == 302
    assert marks(client) == []


def test_being_seen_is_not_written_at_each_request(client, two_sessions, django_assert_num_queries):
    client.get("/admin/")
    before = Session.objects.get(pk=client.session.session_key).session_data
    client.get("/admin/")
    assert Session.objects.get(pk=client.session.session_key).session_data == before
    session = client.session
    session["desk.seen"] = time.time() - 301
    session.save()
    client.get("/admin/")
    assert time.time() - client.session["desk.seen"] < 60


def test_proving_oneself_again_gives_the_session_a_new_key(client, rosa):
    sign_in(client)
    former = client.cookies["sessionid"].value
    confirm(client)
    assert client.cookies["sessionid"].value != former
    assert is_in(client)
    planted = Client()
    planted.cookies["sessionid"] = former
    assert not is_in(planted)


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (FIREFOX, "Firefox on Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 "
            "Safari/537.36",
            "Chrome on Windows",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/150.0 Safari/537.36 Edg/150.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19 "
            "Safari/604",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/150.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        ("", "A browser"),
        ("<script>alert(1)</script>", "A browser"),
    ],
)
def test_a_browser_is_kept_as_its_family_alone(told, kind):
    assert browser_name(told) == kind


def test_an_account_with_every_permission_on_people_sees_and_changes_none(client, rosa):
    rosa.is_staff = True
    rosa.save()
    rosa.user_permissions.set(Permission.objects.filter(content_type__app_label="auth"))
    client.force_login(rosa)
    person = f"/admin/auth/user/{rosa.pk}"
    for address in ("/admin/auth/user/", f"{person}/change/", f"{person}/password/"):
        assert client.get(address).status_code == 403
    client.post(f"{person}/change/", {"username": "rosa", "is_superuser": "on"})
    rosa.refresh_from_db()
    assert not rosa.is_superuser
