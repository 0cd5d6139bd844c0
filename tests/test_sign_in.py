"""Signing in: a second factor, guesses that run out, sessions that end, and no way round any of
them.
"""

import json
import re
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from clock import Clock
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory
from django.utils import timezone

from recommendations.accounts import recovery
from recommendations.accounts.client_ip import client_address
from recommendations.models import Change
from recommendations.operations.middleware import forwarded_scheme

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
PASSWORD = "sample-pass-phrase"
LOGIN = "/accounts/login/"
SECOND = "/accounts/second-step/"
WRONG = "Wrong username or password."


clock = Clock()


@pytest.fixture(autouse=True)
def _the_clock_stands(monkeypatch):
    """Let time go on for codes only where a test says so."""
    clock.set(monkeypatch)
    monkeypatch.setattr(recovery, "ROUNDS", 1)  # many slow hashes make a slow test


@pytest.fixture
def editor():
    return User.objects.create_superuser("sample-signer", password=PASSWORD)


@pytest.fixture
def secret(editor):
    """The key in the editor's authenticator app."""
    secret = generate_totp_secret()
    TOTP.activate(editor, secret)
    return secret


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def sign_in(client, name="sample-signer", password=PASSWORD, place="", **headers):
    return client.post(LOGIN, {"login": name, "password": password, "next": place}, **headers)


def wrong_code(secret: str) -> str:
    near = {clock.code(secret, steps) for steps in range(-3, 4)}
    return next(
        each
        for each in ("000000", "111111", "222222", *map(str, range(333333, 333343)))
        if each not in near
    )


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def confirm(client):
    """Give the password again, as every change to signing in asks for it."""
    return client.post("/accounts/confirm/", {"password": PASSWORD})


def recovery_codes(client) -> list[str]:
    return re.findall(
        r'"secret">([0-9]{8})<', client.get("/accounts/recovery-codes/").content.decode()
    )


# --- The way in ------------------------------------------------------------


def test_the_desk_leads_to_the_sign_in_page_and_back(client, editor):
    response = client.get("/admin/recommendations/source/", follow=True)
    assert [place for place, _ in response.redirect_chain] == [
        "/admin/login/?next=/admin/recommendations/source/",
        "/accounts/login/?next=/admin/recommendations/source/",
    ]
    assert 'name="next" value="/admin/recommendations/source/"' in response.content.decode()
    response = sign_in(client, place="/admin/recommendations/source/")
    assert (response.status_code, response["Location"]) == (302, "/admin/recommendations/source/")
    assert client.get("/admin/recommendations/source/").status_code == 200


@pytest.mark.parametrize(
    "place",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "http://localhost/admin/",
    ],
)
def test_signing_in_leads_to_no_other_host(client, editor, place):
    assert sign_in(client, place=place)["Location"] == "/admin/"


def test_the_admins_own_sign_in_takes_no_password(client, editor, secret):
    response = client.post("/admin/login/", {"username": "sample-signer", "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/admin/")
    assert not is_signed_in(client)


def test_somebody_signed_in_cannot_become_another_through_the_admin(client, editor, secret):
    client.force_login(User.objects.create_user("sample-helper", is_staff=True))
    before = client.session["_auth_user_id"]
    client.post("/admin/login/?next=/admin/", {"username": "sample-signer", "password": PASSWORD})
    assert client.session["_auth_user_id"] == before


def test_an_account_without_rights_is_told_so_and_not_sent_in_circles(client):
    User.objects.create_user("sample-reader", password=PASSWORD)
    response = sign_in(client, "sample-reader")
    response = client.get(response["Location"], follow=True)
    assert response.status_code == 403
    assert "You can’t edit with this account" in text(response)
    assert [place for place, _ in response.redirect_chain] == ["/admin/login/?next=/admin/"]


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "password/reset/",
        "email/",
        "password/set/",
        "inactive/",
        "3rdparty/",
        "login/code/",
        "confirm-email/",
    ],
)
def test_nothing_else_of_allauth_answers(client, path):
    assert client.get(f"/accounts/{path}").status_code == 404


@pytest.mark.parametrize("path", ["/Accounts/Login", "/accounts/login", "/ACCOUNTS/LOGIN/"])
def test_other_spellings_lead_to_the_sign_in_page(client, path):
    response = client.get("/", PATH_INFO=path)
    assert (response.status_code, response["Location"]) == (301, LOGIN)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "password/",
        "app/add/",
        "app/remove/",
        "recovery-codes/",
        "recovery-codes/new/",
        "passkeys/add/",
    ],
)
def test_account_pages_are_for_those_signed_in(client, path):
    assert client.get(f"/accounts/{path}")["Location"].startswith(f"{LOGIN}?next=")


def test_account_pages_are_kept_by_no_cache(client, editor):
    assert "no-store" in client.get(LOGIN)["Cache-Control"]
    client.force_login(editor)
    for path in ("/accounts/", "/accounts/password/", "/admin/"):
        assert "no-store" in client.get(path)["Cache-Control"]


def test_signing_out_takes_a_button(client, editor):
    client.force_login(editor)
    assert "Sign out?" in text(client.get("/admin/logout/"))
    assert is_signed_in(client)
    assert client.post("/admin/logout/")["Location"] == "/"
    assert not is_signed_in(client)


# --- The second step -------------------------------------------------------


def test_with_an_app_the_password_alone_opens_nothing(client, editor, secret):
    response = sign_in(client, place="/admin/auth/user/")
    assert (response.status_code, response["Location"]) == (302, SECOND)
    assert not is_signed_in(client)
    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert client.get("/accounts/app/remove/").status_code == 302
    response = client.post(SECOND, {"code": clock.code(secret)})
    assert (response.status_code, response["Location"]) == (302, "/admin/auth/user/")
    assert is_signed_in(client)


def test_the_second_step_can_be_left_for_another_account(client, editor, secret):
    sign_in(client)
    assert client.get(LOGIN)["Location"] == SECOND
    assert client.post("/accounts/logout/", {"next": LOGIN})["Location"] == LOGIN
    assert client.get(LOGIN).status_code == 200
    assert client.get(SECOND)["Location"] == LOGIN


def test_a_code_works_once_whichever_process_checks_it(client, editor, secret, settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    }  # what another process knows
    used = clock.code(secret)
    for _ in range(2):
        other = Client()
        sign_in(other)
        response = other.post(SECOND, {"code": used})
    assert response.status_code == 200
    assert "Wrong or used code." in text(response)
    assert not is_signed_in(other)
    clock.step += 1
    later = Client()
    sign_in(later)
    assert later.post(SECOND, {"code": clock.code(secret)}).status_code == 302


def test_a_code_before_a_used_one_is_used_up_too_where_another_clock_is_behind(
    client, editor, secret
):
    for steps, status in ((1, 302), (-1, 200)):
        clock.step += steps
        other = Client()
        sign_in(other)
        assert other.post(SECOND, {"code": clock.code(secret)}).status_code == status


@pytest.mark.parametrize(("steps", "status"), [(-1, 200), (0, 302), (1, 200)])
def test_a_code_of_an_app_is_good_in_its_own_30_seconds_alone(
    client, editor, secret, steps, status
):
    sign_in(client)
    answer = client.post(SECOND, {"code": clock.code(secret, steps)})
    assert answer.status_code == status
    assert is_signed_in(client) is (steps == 0)
    assert ("set your phone’s clock automatically" in text(answer)) is (steps != 0)


def test_the_code_that_set_the_app_up_does_not_sign_in(client, editor):
    client.force_login(editor)
    confirm(client)
    page = client.get("/accounts/app/add/").content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    secret = re.search(r'"secret">([A-Z2-7]{32})<', page)[1]
    used = clock.code(secret)
    assert (
        client.post("/accounts/app/add/", {"code": used})["Location"] == "/accounts/recovery-codes/"
    )
    other = Client()
    sign_in(other)
    assert other.post(SECOND, {"code": used}).status_code == 200
    assert not is_signed_in(other)


def test_recovery_codes_are_shown_once_and_work_once(client, editor, secret):
    client.force_login(editor)
    confirm(client)
    client.post("/accounts/recovery-codes/new/")
    codes = recovery_codes(client)
    assert len(set(codes)) == 10
    assert recovery_codes(client) == []
    assert client.get("/accounts/recovery-codes/download/").status_code == 404
    for status in (302, 200):
        other = Client()
        sign_in(other)
        assert other.post(SECOND, {"code": codes[0]}).status_code == status
    client.post("/accounts/recovery-codes/new/")
    other = Client()
    sign_in(other)
    assert other.post(SECOND, {"code": codes[1]}).status_code == 200


def test_recovery_codes_are_stored_hashed_once_they_are_shown(client, editor, secret):
    client.force_login(editor)
    confirm(client)
    client.post("/accounts/recovery-codes/new/")
    codes = recovery_codes(client)
    data = Authenticator.objects.get(user=editor, type="recovery_codes").data
    assert (set(data), data["migrated_codes"]) == (
        {"migrated_codes", "salt", "rounds", "hashes", "viewed_at"},
        [],
    )
    assert len(data["salt"]) == 32
    assert data["hashes"] == [recovery.hash_of(code, data["salt"], 1) for code in codes]
    assert recovery.hash_of("12345678", "00", 1) != recovery.hash_of("12345678", "01", 1)
    assert not [code for code in codes if code in str(data["hashes"])]
    for typed, status in ((data["hashes"][0], 200), (f" {codes[0][:4]} {codes[0][4:]}", 302)):
        other = Client()
        sign_in(other)
        assert other.post(SECOND, {"code": typed}).status_code == status
    assert "9 left." in text(client.get("/accounts/"))
    assert "You have 9 unused codes." in text(client.get("/accounts/recovery-codes/"))


def test_recovery_codes_of_before_still_work_and_are_hashed_as_one_is_used(client, editor, secret):
    codes = RecoveryCodes.activate(editor).get_unused_codes()
    sign_in(client)
    assert client.post(SECOND, {"code": codes[3]}).status_code == 302
    data = Authenticator.objects.get(user=editor, type="recovery_codes").data
    assert ("seed" in data, len(data["hashes"])) == (False, 9)


def test_secrets_are_stored_encrypted_and_survive_a_new_key(client, editor, secret, settings):
    stored = Authenticator.objects.get(user=editor).data["secret"]
    assert secret not in stored
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "sample-new-key", [settings.SECRET_KEY]
    sign_in(client)
    assert client.post(SECOND, {"code": clock.code(secret)}).status_code == 302


def test_without_the_key_no_code_opens_anything_and_nothing_breaks(
    client, editor, secret, settings
):
    settings.SECRET_KEY = "sample-other-key"
    sign_in(client)
    for typed in (clock.code(secret), clock.code("")):
        assert client.post(SECOND, {"code": typed}).status_code == 200
    client.force_login(editor)
    assert client.get("/accounts/").status_code == 200


def test_changes_to_signing_in_ask_for_the_password_again(client, editor, secret):
    client.force_login(editor)
    for path in ("app/remove/", "recovery-codes/new/", "passkeys/add/"):
        response = client.get(f"/accounts/{path}")
        assert (response.status_code, response["Location"]) == (
            302,
            f"/accounts/confirm/?next=%2Faccounts%2F{path.replace('/', '%2F')}",
        )
    assert client.post("/accounts/app/remove/")["Location"].startswith("/accounts/confirm/")
    assert Authenticator.objects.filter(user=editor).count() == 1
    confirm(client)
    client.post("/accounts/app/remove/")
    assert Authenticator.objects.filter(user=editor).count() == 0


def test_where_a_second_factor_is_required_the_desk_waits_for_it(client, editor, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    client.force_login(editor)
    for path in ("/admin/", "/admin/recommendations/source/add/", "/admin/auth/user/"):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (302, "/accounts/")
    assert client.post("/admin/recommendations/recommendation/publish/")["Location"] == "/accounts/"
    assert "Set up a second factor first." in text(client.get("/accounts/"))
    TOTP.activate(editor, generate_totp_secret())
    assert client.get("/admin/").status_code == 200
    assert "Set up a second factor first." not in text(client.get("/accounts/"))


def test_recovery_codes_alone_are_no_second_factor(client, editor, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    Authenticator.objects.create(
        user=editor, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "", "used_mask": 0}
    )
    client.force_login(editor)
    assert client.get("/admin/")["Location"] == "/accounts/"


@pytest.mark.parametrize(
    ("environment", "required", "believes_proto"),
    [
        ({}, False, False),
        ({"SITE_URL": "https://kb.example"}, True, False),
        (
            {
                "SITE_URL": "https://kb.example",
                "REQUIRE_SECOND_FACTOR": "0",
                "TRUSTED_PROXIES": "1",
            },
            False,
            True,
        ),
        ({"REQUIRE_SECOND_FACTOR": "1", "TRUSTED_PROXIES": "2"}, True, True),
    ],
)
def test_the_environment_says_whether_a_second_factor_is_required(
    environment, required, believes_proto
):
    show = (
        "from tech7kb import settings as s; print(s.REQUIRE_SECOND_FACTOR, s.TRUSTED_PROXIES > 0)"
    )
    variables = {"SECRET_KEY": "sample-key", **environment}
    done = subprocess.run(
        [sys.executable, "-c", show], cwd=settings.BASE_DIR, env=variables, capture_output=True
    )
    assert done.stdout.decode() == f"{required} {believes_proto}\n"


@pytest.mark.parametrize(
    "variable", ["REQUIRE_SECOND_FACTOR=yes", "TRUSTED_PROXIES=-1", "TRUSTED_PROXIES=one"]
)
def test_what_the_environment_says_unclearly_is_refused(variable):
    name, _, value = variable.partition("=")
    variables = {"SECRET_KEY": "sample-key", name: value}
    start = [sys.executable, "-c", "import tech7kb.settings"]
    done = subprocess.run(start, cwd=settings.BASE_DIR, env=variables, capture_output=True)
    assert f"ImproperlyConfigured: {name} is".encode() in done.stderr


# --- Guesses ---------------------------------------------------------------


def test_an_unknown_name_and_a_wrong_password_cost_and_say_the_same(client, editor, monkeypatch):
    User.objects.create_user("sample-former", password=PASSWORD, is_active=False)
    hashed, encode = [], MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda *given: hashed.append(1) or encode(*given)
    )
    pages = []
    for name, password in (("nobody", "x"), ("sample-signer", "x"), ("sample-former", PASSWORD)):
        hashed.clear()
        page = text(sign_in(Client(), name, password))
        assert len(hashed) == 1, name
        pages.append(page)
    assert WRONG in pages[0]
    assert pages[0] == pages[1] == pages[2]


def test_the_fifth_failure_shuts_the_door_even_to_the_right_password(client, editor):
    for _ in range(4):
        assert sign_in(client, password="x").status_code == 200
    response = sign_in(client, password="x")
    assert response.status_code == 429
    assert 890 <= int(response["Retry-After"]) <= 900
    assert "Please wait 15 minutes, then try again." in text(response)
    response = sign_in(Client())
    assert response.status_code == 429
    assert not is_signed_in(client)
    assert AccessFailureLog.objects.count() == 5


def test_the_door_opens_again_after_a_quarter_of_an_hour(client, editor):
    for _ in range(5):
        sign_in(client, password="x")
    AccessFailureLog.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    assert sign_in(client).status_code == 302


def test_waiting_is_not_made_longer_by_trying_and_is_logged_once(client, editor, caplog):
    for _ in range(9):
        sign_in(client, password="x")
    assert AccessFailureLog.objects.count() == 5
    said = [
        record.getMessage()
        for record in caplog.records
        if vars(record).get("event") == "too many guesses"
    ]
    assert said == ["Too many failed sign-ins from 127.0.0.1."]


def test_a_name_nobody_has_is_shut_out_in_the_same_way(client):
    answers = [sign_in(client, "nobody", "x").status_code for _ in range(6)]
    assert answers == [200, 200, 200, 200, 429, 429]


def test_signing_in_forgives_the_failures_before(client, editor):
    for _ in range(2):
        for _ in range(4):
            assert sign_in(client, password="x").status_code == 200
        assert sign_in(client).status_code == 302
        client.logout()


def test_attempts_at_the_same_time_do_not_outrun_the_limit():
    credentials = {"username": "sample-signer"}
    requests = [RequestFactory().post(LOGIN) for _ in range(7)]
    assert [AxesProxyHandler.is_allowed(each, credentials) for each in requests] == [True] * 5 + [
        False
    ] * 2
    assert AccessFailureLog.objects.count() == 5


def test_the_right_password_without_the_second_step_is_no_failure(client, editor, secret):
    for _ in range(6):
        assert sign_in(Client())["Location"] == SECOND
    assert AccessFailureLog.objects.count() == 0


def test_another_address_is_counted_apart(client, editor):
    for _ in range(5):
        sign_in(client, password="x", REMOTE_ADDR="192.0.2.1")
    assert sign_in(client, REMOTE_ADDR="192.0.2.2").status_code == 302


def test_a_forged_forwarded_address_changes_nothing(client, editor):
    answers = [
        sign_in(client, password="x", HTTP_FORWARDED=f"for=192.0.2.{n}").status_code
        for n in range(6)
    ]
    assert answers == [200, 200, 200, 200, 429, 429]


@pytest.mark.parametrize("name", ["X-Forwarded-For", "X_Forwarded_For"])
def test_a_header_that_others_can_spell_is_never_believed(client, editor, settings, name):
    settings.TRUSTED_PROXIES = 1
    answers = [
        sign_in(
            client,
            password="x",
            HTTP_FORWARDED="for=192.0.2.1;proto=http",
            headers={name: f"198.51.100.{n}", "X-Forwarded-Proto": "https"},
        )
        for n in range(6)
    ]
    assert [each.status_code for each in answers] == [200, 200, 200, 200, 429, 429]
    assert not any(each.wsgi_request.is_secure() for each in answers)


def test_behind_one_proxy_only_what_the_proxy_wrote_counts(client, editor, settings):
    settings.TRUSTED_PROXIES = 1
    forged = [f"for=198.51.100.{n}, for=192.0.2.1" for n in range(6)]
    answers = [sign_in(client, password="x", HTTP_FORWARDED=each).status_code for each in forged]
    assert answers == [200, 200, 200, 200, 429, 429]
    assert sign_in(client, HTTP_FORWARDED="for=198.51.100.1, for=192.0.2.2").status_code == 302


@pytest.mark.parametrize(
    ("proxies", "forwarded", "direct", "counted"),
    [
        (0, "for=192.0.2.7", "203.0.113.1", "203.0.113.1"),
        (1, "for=192.0.2.7", "203.0.113.1", "192.0.2.7"),
        (1, "For=192.0.2.7:4711;Proto=https", "203.0.113.1", "192.0.2.7"),
        (1, 'for="[2001:db8:1:2::7]:4711"', "203.0.113.1", "2001:db8:1:2::"),
        (1, 'for="x, for=192.0.2.9', "203.0.113.1", "192.0.2.9"),
        (2, "for=192.0.2.9, for=192.0.2.7, for=192.0.2.8", "203.0.113.1", "192.0.2.7"),
        (2, "for=192.0.2.8", "203.0.113.1", "203.0.113.1"),
        (1, "", "203.0.113.1", "203.0.113.1"),
        (1, "for=unknown", "203.0.113.1", "203.0.113.1"),
        (0, "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (0, "", "::ffff:192.0.2.7", "192.0.2.7"),
        (0, "", "fe80::1%eth0", "fe80::"),
        (0, "", "", None),
    ],
)
def test_guesses_are_counted_by_what_can_be_believed(settings, proxies, forwarded, direct, counted):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=direct, HTTP_FORWARDED=forwarded)
    assert client_address(request) == counted


@pytest.mark.parametrize(
    ("forwarded", "is_secure"),
    [
        ("for=192.0.2.7;proto=https", True),
        ("for=192.0.2.7;proto=http", False),
        ("proto=https", True),
    ],
)
def test_the_proxy_says_whether_a_client_came_over_tls(settings, forwarded, is_secure):
    settings.TRUSTED_PROXIES = 1
    request = RequestFactory().get("/", HTTP_FORWARDED=forwarded)
    assert forwarded_scheme(lambda request: request.is_secure())(request) is is_secure


def test_many_addresses_do_not_guess_one_account_for_long(client, editor):
    answers = [
        sign_in(client, password="x", REMOTE_ADDR=f"192.0.2.{n}").status_code for n in range(21)
    ]
    assert answers == [200] * 19 + [429] * 2


def test_strangers_do_not_shut_an_editor_out_of_the_usual_desk(client, editor):
    sign_in(client, REMOTE_ADDR="203.0.113.1")
    client.logout()
    for n in range(30):
        sign_in(client, password="x", REMOTE_ADDR=f"192.0.2.{n}")
    assert sign_in(Client(), REMOTE_ADDR="192.0.2.200").status_code == 429
    assert sign_in(client, REMOTE_ADDR="203.0.113.1").status_code == 302


def test_one_address_does_not_try_a_password_on_every_name(client):
    answers = [sign_in(client, f"name-{n}", "x").status_code for n in range(51)]
    assert answers == [200] * 49 + [429] * 2


def test_wrong_codes_are_counted_too(client, editor, secret):
    sign_in(client)
    guess = wrong_code(secret)
    assert [client.post(SECOND, {"code": guess}).status_code for _ in range(5)] == [200] * 4 + [429]
    assert client.post(SECOND, {"code": clock.code(secret)}).status_code == 429
    assert sign_in(Client()).status_code == 429


def test_the_right_password_does_not_forgive_wrong_codes(client, editor, secret):
    guess, answers = wrong_code(secret), []
    for _ in range(5):
        other = Client()
        sign_in(other)
        answers.append(other.post(SECOND, {"code": guess}).status_code)
    assert answers == [200] * 4 + [429]


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("confirm/", {"password": "x"}),
        ("confirm/code/", {"code": "x"}),
        (
            "password/",
            {
                "oldpassword": "x",
                "password1": "another-pass-phrase",
                "password2": "another-pass-phrase",
            },
        ),
    ],
)
def test_somebody_at_an_open_desk_cannot_guess_either(client, editor, secret, path, data):
    client.force_login(editor)
    assert [client.post(f"/accounts/{path}", data).status_code for _ in range(5)] == [200] * 4 + [
        429
    ]


def test_nothing_of_what_was_typed_is_stored_but_the_name(client, editor):
    sign_in(client, password="a-secret-thing")
    assert AccessAttempt.objects.count() == 0
    stored = AccessFailureLog.objects.values().get()
    assert stored["username"] == "sample-signer"
    assert "a-secret-thing" not in str(stored)


def test_old_records_go_at_the_next_sign_in(client, editor):
    sign_in(client, "nobody", "x")
    sign_in(client)
    AccessFailureLog.objects.update(attempt_time=timezone.now() - timedelta(days=2))
    AccessLog.objects.update(attempt_time=timezone.now() - timedelta(days=91))
    client.logout()
    sign_in(client)
    assert (AccessFailureLog.objects.count(), AccessLog.objects.count()) == (0, 1)


# --- Sessions --------------------------------------------------------------


def test_the_session_gets_a_new_key_at_each_step(client, editor, secret):
    client.session.save()
    keys = [client.session.session_key]
    sign_in(client)
    keys.append(client.cookies["sessionid"].value)
    client.post(SECOND, {"code": clock.code(secret)})
    keys.append(client.cookies["sessionid"].value)
    assert len(set(keys)) == 3
    for planted in keys[:2]:
        other = Client()
        other.cookies["sessionid"] = planted
        assert not is_signed_in(other)
        assert other.get(SECOND)["Location"] == LOGIN


def age(client, **hours) -> None:
    """Make a session as old as that."""
    session = client.session
    for key, value in hours.items():
        session[f"desk.{key}"] = time.time() - value * 3600
    session.save()


@pytest.mark.parametrize(
    ("hours", "ended"),
    [
        ({"began": 11.9}, False),
        ({"began": 12.1}, True),
        ({"seen": 1.9}, False),
        ({"seen": 2.1}, True),
    ],
)
def test_a_session_ends_after_12_hours_or_2_without_use(client, editor, hours, ended):
    sign_in(client)
    age(client, **hours)
    response = client.get("/admin/", follow=True)
    assert is_signed_in(client) is not ended
    assert ("You were signed out, because a session ends after 12 hours" in text(response)) is ended


def test_use_keeps_a_session_but_not_beyond_its_12_hours(client, editor):
    sign_in(client)
    age(client, began=11, seen=1.5)
    client.get("/admin/")
    assert time.time() - client.session["desk.seen"] < 60
    age(client, began=12.1)
    client.get("/admin/")
    assert not is_signed_in(client)


def test_sessions_whose_time_is_over_go_at_the_next_sign_in(client, editor):
    sign_in(client)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    sign_in(Client())
    assert Session.objects.filter(pk=client.session.session_key).count() == 0


def test_signing_out_everywhere_else_leaves_only_this_session(client, editor):
    elsewhere, stranger = Client(), Client()
    sign_in(elsewhere)
    stranger.force_login(User.objects.create_user("sample-helper", is_staff=True))
    sign_in(client)
    confirm(client)
    assert client.get("/accounts/sessions/end/").status_code == 405
    assert "Signed out of 1 other session." in text(
        client.post("/accounts/sessions/end/", follow=True)
    )
    assert [is_signed_in(each) for each in (client, elsewhere, stranger)] == [True, False, True]


def test_a_new_password_ends_the_other_sessions(client, editor):
    elsewhere = Client()
    sign_in(elsewhere)
    sign_in(client)
    new = {
        "oldpassword": PASSWORD,
        "password1": "another-pass-phrase",
        "password2": "another-pass-phrase",
    }
    assert client.get("/admin/password_change/")["Location"] == "/accounts/password/"
    assert client.post("/accounts/password/", new)["Location"] == "/accounts/"
    assert client.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302


def test_the_session_cookie_is_out_of_reach_of_scripts_and_ends_with_the_browser(client, editor):
    sign_in(client)
    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", "")


# --- What is on record -----------------------------------------------------


def on_record() -> list[tuple]:
    """Return what changed of people, the first change first; nothing secret may be in it."""
    changes = Change.objects.filter(kind="user").exclude(act="sign in").order_by("pk")
    return [(change.who, change.act, change.before, change.after) for change in changes]


def test_changing_ones_own_password_is_on_record_and_the_password_never_is(client, editor):
    sign_in(client)
    new = {
        "oldpassword": PASSWORD,
        "password1": "another-pass-phrase",
        "password2": "another-pass-phrase",
    }
    client.post("/accounts/password/", new | {"oldpassword": "wrong"})
    assert on_record() == []
    client.post("/accounts/password/", new)
    assert on_record() == [("sample-signer", "change own password", None, None)]
    editor.refresh_from_db()
    assert editor.check_password("another-pass-phrase")


def test_what_is_set_up_for_signing_in_is_on_record_without_its_secrets(
    client, editor, django_capture_on_commit_callbacks
):
    client.force_login(editor)
    confirm(client)
    page = client.get("/accounts/app/add/").content.decode()
    secret = re.search(r'"secret">([A-Z2-7]{32})<', page)[1]
    app, codes = {"second factors": ["authenticator app"]}, {"second factors": ["recovery codes"]}
    for path, data in [
        ("app/add/", {"code": clock.code(secret)}),
        ("recovery-codes/new/", {}),
        ("app/remove/", {}),
    ]:
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(f"/accounts/{path}", data).status_code == 302, path
    assert on_record() == [
        ("sample-signer", "add second factor", None, app),
        ("sample-signer", "add second factor", None, codes),
        ("sample-signer", "renew second factor", None, codes),
        ("sample-signer", "remove second factor", app, None),
        ("sample-signer", "remove second factor", codes, None),
    ]


# --- Help for somebody who lost the second factor --------------------------


def test_an_administrator_lets_somebody_in_who_lost_the_second_factor(
    client, editor, secret, capsys
):
    elsewhere = Client()
    elsewhere.force_login(editor)
    for _ in range(5):
        sign_in(client, password="x")
    call_command("resetsignin", "sample-signer")
    assert "sample-signer can now sign in with the password alone" in capsys.readouterr().out
    assert not is_signed_in(elsewhere)
    assert sign_in(client)["Location"] == "/admin/"
    assert on_record() == [
        ("command line", "remove second factor", {"second factors": ["authenticator app"]}, None),
    ]


def test_a_name_nobody_has_cannot_be_reset():
    with pytest.raises(CommandError, match="There is no account 'nobody'"):
        call_command("resetsignin", "nobody")


# --- Hostile input ---------------------------------------------------------

HOSTILE = [
    "",
    "\0",
    "'",
    "<script>alert(1)</script>",
    "a" * 3000,
    "日本",
    "\ud83d",
    "٣٣٣٣٣٣",
    "{{7*7}}",
    "-1",
    "1e999",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_no_name_password_or_code_makes_a_server_error(client, editor, secret, value):
    value = value.encode(errors="replace").decode()
    for name, password in ((value, "x"), ("sample-signer", value), (value, value)):
        assert sign_in(client, name, password, place=value).status_code in (200, 429)
    AccessFailureLog.objects.all().delete()
    sign_in(client)
    response = client.post(SECOND, {"code": value})
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


CREDENTIALS = [
    *(
        "null",
        "1",
        "[]",
        '"x"',
        "{}",
        "{",
        "\0",
        '{"id": 1}',
        '{"response": null}',
        '{"response": []}',
        '{"a": "\\u0000"}',
    ),
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}),
    json.dumps(
        {
            "id": "AA",
            "rawId": "AA",
            "type": "public-key",
            "response": {
                "clientDataJSON": "e30",
                "attestationObject": "oA",
                "authenticatorData": "AA",
                "signature": "AA",
            },
        }
    ),
    json.dumps(
        {
            "id": "AA",
            "rawId": "AA",
            "type": "public-key",
            "response": {
                "clientDataJSON": "AA",
                "attestationObject": "_w",
                "authenticatorData": "A" * 60,
                "signature": 1,
                "userHandle": "AA",
            },
        }
    ),
]


@pytest.mark.parametrize("credential", CREDENTIALS)
def test_no_made_up_passkey_opens_anything_or_makes_a_server_error(
    client, editor, secret, credential
):
    sign_in(client)
    assert client.post(SECOND, {"credential": credential}).status_code == 200
    assert not is_signed_in(client)
    client.force_login(editor)
    confirm(client)
    client.get("/accounts/passkeys/add/")
    response = client.post("/accounts/passkeys/add/", {"credential": credential, "name": "x"})
    assert response.status_code == 200
    assert Authenticator.objects.filter(type="webauthn").count() == 0
    assert client.post("/accounts/confirm/passkey/", {"credential": credential}).status_code == 302


def test_a_passkey_of_somebody_else_is_not_found(client, editor):
    owner = User.objects.create_user("sample-owner")
    passkey = Authenticator.objects.create(
        user=owner, type="webauthn", data={"name": "Theirs", "credential": {}}
    )
    client.force_login(editor)
    confirm(client)
    for pk in (passkey.pk, 0, 99999999999999999999):
        for act in ("rename", "remove"):
            path = f"/accounts/passkeys/{pk}/{act}/"
            assert client.get(path).status_code == 404
            assert client.post(path, {"name": "Mine"}).status_code == 404
    assert Authenticator.objects.get().data["name"] == "Theirs"


def test_the_second_step_without_the_first_leads_back(client):
    for answer in (client.get(SECOND), client.post(SECOND, {"code": "123456"})):
        assert answer["Location"] == LOGIN


def test_signing_in_needs_the_forms_token(editor):
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client).status_code == 403
