"""What the log says of security: who signed in, what was refused, who tries to get round the site's
guards.
"""

import json
import logging
import logging.config
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.webauthn.internal import auth as webauthn
from clock import Clock
from django.conf import settings as site_settings
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse

from recommendations.models import Change
from recommendations.operations import security_log
from recommendations.operations.load_shedding import LARGEST_BODY
from recommendations.operations.log_format import MAX_LENGTH, JsonFormatter, TerminalFormatter

pytestmark = pytest.mark.django_db
PASSWORD = "sample-pass-phrase"
LOGIN = "/accounts/login/"
SECOND = "/accounts/second-step/"
CHANGED_LIST = "/admin/recommendations/change/"


@pytest.fixture
def lines():
    """Every line that the site would write on stderr, with the filters of its settings."""
    written = []

    class Kept(logging.Handler):
        def emit(self, record):
            written.append(json.loads(self.format(record)))

    maker = logging.config.DictConfigurator({})
    handler = Kept()
    handler.setFormatter(JsonFormatter())
    for name in site_settings.LOGGING["handlers"]["stderr"]["filters"]:
        handler.addFilter(maker.configure_filter(dict(site_settings.LOGGING["filters"][name])))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def editor():
    return User.objects.create_superuser("sample-signer", password=PASSWORD)


@pytest.fixture
def app(editor, monkeypatch):
    """The editor's authenticator app: what it shows now."""
    clock, secret = Clock(), generate_totp_secret()
    clock.set(monkeypatch)
    TOTP.activate(editor, secret)
    return SimpleNamespace(secret=secret, code=clock.code(secret))


@pytest.fixture
def visitor(client):
    """A browser that gets answers where the tests' own would get exceptions."""
    client.raise_request_exception = False
    return client


def sign_in(client, name="sample-signer", password=PASSWORD, **headers):
    return client.post(LOGIN, {"login": name, "password": password}, **headers)


def told(lines, *names) -> list[tuple]:
    """Return these fields of each line about security, after checking that such a line is of one
    form.
    """
    for line in lines:
        assert (line["logger"], line["level"] in ("INFO", "WARNING"), "traceback" in line) == (
            "security",
            True,
            False,
        )
    return [tuple(line.get(name) for name in names) for line in lines]


def signed_in() -> list[dict]:
    """What is on record of signing in, for administrators."""
    return [
        (change.who, change.act, change.after)
        for change in Change.objects.filter(who="sample-signer").order_by("pk")
    ]


# --- Signing in ------------------------------------------------------------


def test_signing_in_with_the_password_alone_says_that_there_was_no_second_factor(
    client, editor, lines
):
    answer = sign_in(client)
    assert told(lines, "event", "account", "factor", "path", "address") == [
        ("sign-in", "sample-signer", "none", LOGIN, None)
    ]
    assert lines[0]["request"] == answer["X-Request-ID"]
    assert signed_in() == [("sample-signer", "sign in", {"second factor": "none"})]


def test_signing_in_says_which_second_factor_was_used(client, editor, app, lines, monkeypatch):
    codes = RecoveryCodes.activate(editor).get_unused_codes()
    passkey = Authenticator.objects.create(
        user=editor, type="webauthn", data={"name": "Sample", "credential": {}}
    )
    monkeypatch.setattr(webauthn, "parse_authentication_response", lambda credential: credential)
    monkeypatch.setattr(webauthn, "complete_authentication", lambda user, credential: passkey)
    for sent in ({"code": app.code}, {"code": codes[0]}, {"credential": '{"id": "AA"}'}):
        browser = Client()
        sign_in(browser)
        assert browser.post(SECOND, sent).status_code == 302
    assert told(lines, "event", "factor") == [
        ("sign-in", each) for each in ("app", "recovery code", "passkey")
    ]
    assert [after["second factor"] for _who, _act, after in signed_in()] == [
        "app",
        "recovery code",
        "passkey",
    ]
    assert not re.search(
        f"{app.secret}|{codes[0]}|{PASSWORD}", json.dumps(lines) + str(signed_in())
    )


def test_a_wrong_password_and_a_wrong_code_are_told_apart(client, app, lines):
    sign_in(client, password="wrong-sample")
    sign_in(client)
    client.post(SECOND, {"code": app.code[::-1] + "0"})
    assert told(lines, "event", "step", "account", "address") == [
        ("failed sign-in", "password", "sample-signer", "127.0.0.1"),
        ("failed sign-in", "second", "sample-signer", "127.0.0.1"),
    ]
    assert "wrong-sample" not in json.dumps(lines)
    assert signed_in() == [("sample-signer", "fail second step", None)]


def test_a_name_that_no_account_has_is_not_logged_as_it_may_be_a_password(client, lines):
    sign_in(client, name="my secret phrase", password="x")
    assert told(lines, "event", "account", "address") == [("failed sign-in", None, "127.0.0.1")]
    assert "secret phrase" not in json.dumps(lines)


def test_the_record_says_how_many_failures_came_before(client, editor):
    for place in ("192.0.2.1", "192.0.2.1", "192.0.2.2"):
        sign_in(Client(), password="x", REMOTE_ADDR=place)
    sign_in(client)
    assert signed_in() == [
        ("sample-signer", "sign in", {"second factor": "none", "failures in the day before": 3}),
    ]


def test_only_who_may_see_accounts_sees_their_sign_ins(client, editor):
    sign_in(client)
    assert "sign in" in client.get(CHANGED_LIST).content.decode()
    helper = User.objects.create_user("sample-helper", is_staff=True)
    helper.groups.add(Group.objects.get(name="Editors"))
    client.force_login(helper)
    assert "sample-signer" not in client.get(CHANGED_LIST).content.decode()


def test_too_many_guesses_are_said_once_with_their_address(client, editor, lines):
    for _ in range(7):
        sign_in(client, password="x")
    events = told(lines, "event", "address")
    assert events.count(("too many guesses", "127.0.0.1")) == 1
    assert events.count(("failed sign-in", "127.0.0.1")) == 7


# --- What is refused -------------------------------------------------------


def test_what_somebody_at_the_desk_may_not_do_is_logged_with_their_name(visitor, lines):
    helper = User.objects.create_user("sample-helper", is_staff=True)
    helper.groups.add(Group.objects.get(name="Editors"))
    visitor.force_login(helper)
    answer = visitor.get("/admin/auth/user/?q=private")
    assert answer.status_code == 403
    assert told(lines, "event", "account", "method", "path", "request") == [
        ("refused access", "sample-helper", "GET", "/admin/auth/user/", answer["X-Request-ID"])
    ]
    assert "private" not in json.dumps(lines)


def test_an_account_without_rights_is_logged_where_it_is_turned_away(visitor, lines):
    visitor.force_login(User.objects.create_user("sample-reader"))
    assert visitor.get("/admin/login/").status_code == 403
    assert told(lines, "event", "account", "path") == [
        ("refused access", "sample-reader", "/admin/login/")
    ]


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/recommendations/?theme=x",
        "/admin/",
        "/recommendations.json?page=1",
        "/oembed?url=x",
    ],
)
def test_what_a_reader_asks_for_wrongly_is_no_news(visitor, lines, path):
    assert visitor.get(path).status_code in (302, 400, 404)
    assert lines == []


def test_a_format_that_is_not_offered_raises_no_alarm(visitor, lines):
    assert (
        visitor.get("/oembed?url=http://127.0.0.1:8000/PARIS-2025-4&format=yaml").status_code == 501
    )
    assert lines == []


def test_a_fault_is_logged_as_ever(visitor, lines, monkeypatch):
    def fail(*_args):
        raise RuntimeError("sample fault")

    monkeypatch.setattr("recommendations.views.site.MigrationExecutor", fail)
    assert visitor.get("/readyz").status_code == 500
    assert [(line["logger"], line["level"], "traceback" in line) for line in lines] == [
        ("django.request", "ERROR", True)
    ]


# --- Who tries to get round ------------------------------------------------


def test_a_forged_form_is_one_line_with_the_reason(editor, lines):
    forger = Client(enforce_csrf_checks=True)
    assert sign_in(forger).status_code == 403
    forger.force_login(editor)
    assert (
        forger.post(
            "/accounts/sessions/end/", HTTP_ORIGIN="https://evil.example\n\x1b[2J"
        ).status_code
        == 403
    )
    assert told(lines, "event", "account", "path") == [
        ("csrf", None, LOGIN),
        ("csrf", "sample-signer", "/accounts/sessions/end/"),
    ]
    assert lines[0]["reason"] == "CSRF cookie not set."
    assert "\x1b" not in lines[1]["reason"]


def test_a_host_that_is_not_ours_is_one_line_without_its_name(visitor, lines):
    assert visitor.get("/", HTTP_HOST="evil.example").status_code == 400
    assert told(lines, "event", "message") == [
        ("DisallowedHost", "A request for another host was refused.")
    ]
    assert "evil" not in json.dumps(lines)


def test_a_forged_place_in_a_selection_is_one_line(visitor, lines):
    answer = visitor.get("/recommendations.json?after=PARIS-2025-4:forged")
    assert answer.status_code == 400
    assert told(lines, "event", "path") == [("signature", "/recommendations.json")]


def test_an_upload_that_is_too_big_and_one_that_is_a_bomb_are_a_line_each(client, editor, lines):
    client.force_login(editor)
    add = reverse("admin:recommendations_intake_add")
    assert (
        client.post(add, b"x" * (LARGEST_BODY + 1), "application/octet-stream").status_code == 413
    )
    nested = b"<!doctype html><html><body>" + b"<div>" * 400 + b"Sample" + b"</div>" * 400
    assert client.post(add, {"file": SimpleUploadedFile("sample.html", nested)}).status_code == 200
    assert told(lines, "event", "path") == [("upload", add), ("upload", add)]
    assert lines[1]["reason"].startswith("The web page is nested too deeply")


def test_a_form_with_too_many_fields_is_one_line(visitor, lines):
    assert visitor.post(LOGIN, {f"field{n}": "x" for n in range(1001)}).status_code == 400
    assert told(lines, "event", "path") == [("TooManyFieldsSent", LOGIN)]


# --- The form of a line, and how many --------------------------------------


def record(message="Sample.", level=logging.WARNING, **facts):
    values = {
        "name": "security",
        "levelno": level,
        "levelname": logging.getLevelName(level),
        "msg": message,
    }
    return logging.makeLogRecord(values | facts)


def test_a_flood_is_32_lines_of_a_kind_and_then_each_doubling(monkeypatch):
    monkeypatch.setattr(security_log.time, "monotonic", lambda: 60.0)
    bounded, written = security_log.RateLimitFilter(), []
    for _ in range(1000):
        flood = record(event="csrf")
        if bounded.filter(flood):
            written.append(getattr(flood, "nth", None))
    assert written == [None] * 32 + [64, 128, 256, 512]
    assert bounded.filter(record(event="refused access"))
    assert bounded.filter(record(level=logging.INFO, event="csrf"))
    assert not bounded.filter(record(event="csrf"))
    monkeypatch.setattr(security_log.time, "monotonic", lambda: 120.0)
    assert bounded.filter(record(event="csrf"))


def test_lines_of_errors_are_bounded_by_their_message_whatever_they_are_about(monkeypatch):
    monkeypatch.setattr(security_log.time, "monotonic", lambda: 60.0)
    bounded = security_log.RateLimitFilter()
    passed = [
        bounded.filter(record("%s is away", args=(str(n),), name="sample")) for n in range(100)
    ]
    assert passed.count(True) == 33


def test_the_site_writes_with_both_filters():
    assert site_settings.LOGGING["handlers"]["stderr"]["filters"] == ["security", "rate limit"]
    kinds = [each["()"].rpartition(".")[2] for each in site_settings.LOGGING["filters"].values()]
    assert kinds == ["SecurityFilter", "RateLimitFilter"]


def test_no_sign_of_an_attacker_acts_on_a_terminal_or_begins_a_line():
    try:
        raise ValueError("one\x1b[2Jtwo\rthree")
    except ValueError:
        hostile = record(
            "Sample\n%s", args=("\x1b[31m\u2028\u202e",), reason="x\ny", exc_info=sys.exc_info()
        )
    shown = TerminalFormatter().format(hostile)
    first, *traceback = shown.split("\n")
    assert first.endswith(r"WARNING security: Sample\n\x1b[31m\u2028\u202e reason=x\ny")
    assert traceback[-1] == r"ValueError: one\x1b[2Jtwo\rthree"
    assert shown.replace("\n", "").isprintable()
    assert len(JsonFormatter().format(hostile).splitlines()) == 1


def test_what_a_request_brought_has_a_bounded_length():
    assert (
        len(json.loads(JsonFormatter().format(record(reason="x" * 5000)))["reason"]) == MAX_LENGTH
    )
    assert MAX_LENGTH == 300


def test_the_database_is_not_asked_who_a_reader_is(django_assert_num_queries):
    request = RequestFactory().post("/recommendations/")
    with django_assert_num_queries(0):
        assert security_log.account(record(request=request)) == {}


def test_what_is_recorded_of_accounts_is_connected_without_any_page():
    show = (
        "import django; django.setup();"
        "from allauth.account import signals as a; from allauth.mfa import signals as m;"
        "from django.contrib.auth import signals as d;"
        "print(*(len(s.receivers) > 0 for s in (a.user_logged_in, m.authenticator_added,"
        " a.authentication_step_completed, d.user_login_failed)))"
    )
    variables = {"SECRET_KEY": "sample-key", "DJANGO_SETTINGS_MODULE": "tech7kb.settings"}
    done = subprocess.run(
        [sys.executable, "-c", show], cwd=site_settings.BASE_DIR, env=variables, capture_output=True
    )
    assert done.stdout.decode() == "True True True True\n", done.stderr.decode()
