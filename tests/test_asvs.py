"""docs/asvs.md names tests that are there; and requirements of that standard that no other test
holds.
"""

import ast
import importlib.util
import logging
import logging.config
import re
import secrets
from collections import Counter
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.fernet import InvalidToken, MultiFernet
from django.conf import global_settings, settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from lxml import html

from recommendations.accounts import recovery, sessions, throttle, validators
from recommendations.accounts.adapters import cipher

ROOT = settings.BASE_DIR
TABLE = (ROOT / "docs" / "asvs.md").read_text()
POLICY = " ".join((ROOT / "SECURITY.md").read_text().split())
ROWS = re.findall(r"^\| ([\d.]+) \| ([12]) \| (.+?) \| (.+?) \| (.+) \|$", TABLE, re.MULTILINE)
APP = sorted(
    path for path in (ROOT / "recommendations").rglob("*.py") if "migrations" not in path.parts
)
PASSWORD = "sample-pass-phrase"


# --- The table -------------------------------------------------------------


def test_the_table_has_every_requirement_of_levels_1_and_2_once_and_in_order():
    numbers = [tuple(map(int, number.split("."))) for number, *_rest in ROWS]
    assert numbers == sorted(set(numbers))
    assert sorted({chapter for chapter, *_rest in numbers}) == list(range(1, 18))
    # As many as the standard itself has (5.0.0, in its own CSV file).
    assert [len([row for row in ROWS if row[1] == level]) for level in "12"] == [70, 183]


def test_every_test_that_the_table_names_is_there():
    held = {
        f"{path.relative_to(ROOT / 'tests')}::{node.name}"
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
    }
    assert sorted(set(re.findall(r"`([\w/]+\.py::\w+)`", TABLE)) - held) == []
    trials = {path.stem for path in (ROOT / "tests" / "trials").glob("*.py")}
    assert set(re.findall(r"`./kb trials ([a-z]+)", TABLE)) <= trials


def test_what_is_met_names_its_test_and_what_is_not_says_why():
    for number, _level, _name, state, why in ROWS:
        assert state in ("met", "**not met**", "does not apply", "operator"), number
        assert "::" in why or "`./kb trials " in why or state != "met", number
        assert why.strip(), number


def test_the_table_counts_itself_rightly():
    count = Counter(state for _number, _level, _name, state, _why in ROWS)
    told = "Of {}: {} met, {} not met, {} for the operator, {} do not apply."
    states = ("met", "**not met**", "operator", "does not apply")
    assert told.format(len(ROWS), *(count[state] for state in states)) in TABLE


# --- The code --------------------------------------------------------------


@cache
def nodes() -> list[tuple[str, ast.AST]]:
    """Every part of the app's code, with the file it stands in."""
    return [(path.name, node) for path in APP for node in ast.walk(ast.parse(path.read_text()))]


def imported(node: ast.AST) -> set[str]:
    """The modules that an import names."""
    if isinstance(node, ast.ImportFrom):
        return {node.module or "", *(f"{node.module}.{each.name}" for each in node.names)}
    return {each.name for each in node.names} if isinstance(node, ast.Import) else set()


def test_no_code_is_made_from_text():
    called = {
        (path, node.func.id)
        for path, node in nodes()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert {
        each for each in called if each[1] in ("eval", "exec", "compile", "Template", "__import__")
    } == set()
    assert {
        path
        for path, node in nodes()
        if isinstance(node, ast.Attribute) and node.attr == "from_string"
    } == set()
    unsafe = {"pickle", "marshal", "shelve", "dill", "yaml"}
    assert {path for path, node in nodes() if imported(node) & unsafe} == set()


def test_the_site_asks_no_other_host():
    asking = {
        "urllib.request",
        "http.client",
        "requests",
        "httpx",
        "aiohttp",
        "ftplib",
        "smtplib",
        "urllib3",
    }
    asked = {name for name, node in nodes() if imported(node) & asking}
    assert asked == {"doctor.py"}  # by hand, at the site's own address


def test_scripts_store_nothing_in_the_browser_but_the_codes_of_a_briefing():
    ours = "\n".join(path.read_text() for path in (ROOT / "static" / "js").glob("*.js"))
    assert re.findall("indexedDB|document.cookie|caches", ours) == []
    kept = re.findall(r"(?:localStorage|sessionStorage)\.\w+\((\w+)", ours)
    assert set(kept) == {"KEY"}  # the codes of a reader's own briefing
    assert (
        '"historyCacheSize":0' in (ROOT / "templates" / "base.html").read_text()
    )  # htmx would keep pages


def test_cryptography_is_what_the_policy_lists():
    used = {
        node.attr
        for _path, node in nodes()
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "hashlib"
    }
    assert used - {"file_digest"} <= {"sha256", "sha384", "sha512", "blake2b", "sha1"}
    old = [
        path for path, node in nodes() if isinstance(node, ast.Attribute) and node.attr == "sha1"
    ]
    assert old == ["pwned_passwords.py"]  # as that list is kept
    assert isinstance(cipher(), MultiFernet)
    for named in (
        "AES-128-CBC, then HMAC-SHA-256",
        "PBKDF2 with SHA-256",
        "SHA-256, chained",
        "SHA-1 only to look",
    ):
        assert named in POLICY


def test_what_was_encrypted_and_changed_is_not_opened():
    sealed = cipher().encrypt(b"sample")
    changed = sealed[:20] + (b"A" if sealed[20:21] != b"A" else b"B") + sealed[21:]
    assert cipher().decrypt(sealed) == b"sample"
    with pytest.raises(InvalidToken):
        cipher().decrypt(changed)


def test_secrets_are_made_by_the_systems_randomness(monkeypatch):
    monkeypatch.setattr(SessionStore, "exists", lambda *_args: False)
    assert len(generate_totp_secret()) == 32  # of 32 signs: 160 bits
    assert len(SessionStore()._get_new_session_key()) == 32  # of 36 signs: 165 bits
    monkeypatch.setattr(secrets, "token_bytes", bytes)
    monkeypatch.setattr(secrets, "token_hex", lambda count: "0" * 2 * count)
    monkeypatch.setattr(secrets, "choice", lambda signs: signs[0])
    assert generate_totp_secret() == "A" * 32
    assert RecoveryCodes.generate_seed() == "0" * 80
    assert set(SessionStore()._get_new_session_key()) == {"a"}


# --- Passwords -------------------------------------------------------------


def test_passwords_are_stored_slow_to_guess():
    source = (ROOT / "tech7kb" / "settings.py").read_text()
    assert "PASSWORD_HASHERS" not in source
    assert global_settings.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.PBKDF2PasswordHasher"
    assert (recovery.ROUNDS, "PBKDF2 with SHA-256, 600,000 rounds" in POLICY) == (600_000, True)
    assert (PBKDF2PasswordHasher.algorithm, PBKDF2PasswordHasher.iterations >= 600_000) == (
        "pbkdf2_sha256",
        True,
    )


@pytest.mark.parametrize(
    "password", ["blue lamp xy", "914027365108", "ÉÉÉÉÉÉÉÉÉÉÉÉ", "・" * 64, "qzx-wv " * 20]
)
def test_a_password_has_12_characters_of_any_kind(password):
    validate_password(password)
    with pytest.raises(ValidationError, match="too short"):
        validate_password(password[:11])


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("password1234", "too common"),
        ("TECH7-in-spring", "Leave out “tech7”"),
        ("my recommendation is tea", "Leave out “recommendation”"),
        ("sample-signer1", "too similar to the username"),
    ],
)
def test_a_common_password_or_a_word_of_the_site_is_refused(password, reason):
    with pytest.raises(ValidationError, match=reason):
        validate_password(password, User(username="sample-signer"))


def test_the_words_that_passwords_may_not_hold_are_documented():
    assert all(f"*{word}*" in POLICY for word in validators.WORDS)
    assert validators.ContextWords().get_help_text().endswith("tech7, recommendation, declaration.")


def test_a_password_counts_exactly_as_it_is_typed(client, db):
    typed = "  Sample  Phrase É " + "x" * 64 + " "
    editor = User.objects.create_superuser("sample-signer", password=PASSWORD)
    client.force_login(editor)
    sent = {"oldpassword": PASSWORD, "password1": typed, "password2": typed}
    assert client.post("/accounts/password/", sent)["Location"] == "/accounts/"
    for password, status in (
        (typed.strip(), 200),
        (typed.lower(), 200),
        (typed[:-1], 200),
        (typed, 302),
    ):
        assert (
            Client()
            .post("/accounts/login/", {"login": "sample-signer", "password": password})
            .status_code
            == status
        )


def test_a_password_that_was_reset_does_not_pass_the_second_step(client, db):
    editor = User.objects.create_superuser("sample-signer", password="another-pass-phrase")
    TOTP.activate(editor, generate_totp_secret())
    editor.set_password(PASSWORD)
    editor.save()
    answer = client.post("/accounts/login/", {"login": "sample-signer", "password": PASSWORD})
    assert answer["Location"] == "/accounts/second-step/"


def test_a_new_site_has_no_account(db):
    assert User.objects.count() == 0


# --- Pages -----------------------------------------------------------------


def test_password_fields_are_masked_and_may_be_filled_by_a_manager(client, db):
    client.force_login(User.objects.create_superuser("sample-signer", password=PASSWORD))
    for visitor, path, count in (
        (Client(), "/accounts/login/", 1),
        (client, "/accounts/password/", 3),
    ):
        page = html.document_fromstring(visitor.get(path).content)
        fields = [each for each in page.iter("input") if "password" in each.get("name", "")]
        assert [each.get("type") for each in fields] == ["password"] * count
        assert {each.get("autocomplete") for each in fields} <= {"current-password", "new-password"}
        assert not [
            each for each in fields if "onpaste" in each.attrib or "readonly" in each.attrib
        ]


def test_what_is_secret_is_only_sent_by_post(client, db):
    client.force_login(User.objects.create_superuser("sample-signer", password=PASSWORD))
    for visitor, path in ((Client(), "login/"), (client, "password/"), (client, "confirm/")):
        page = html.document_fromstring(visitor.get(f"/accounts/{path}").content)
        sending = [
            form
            for form in page.forms
            if {"password", "oldpassword", "code"} & set(form.fields.keys())
        ]
        assert {form.method for form in sending} == {"POST"}, path


def test_every_page_of_the_desk_offers_to_sign_out(client, db):
    client.force_login(User.objects.create_superuser("sample-signer", password=PASSWORD))
    for path in (
        "/admin/",
        "/admin/recommendations/source/",
        "/admin/auth/user/add/",
        "/accounts/",
        "/admin/care/",
    ):
        assert re.search('action="/(admin|accounts)/logout/"', client.get(path).content.decode()), (
            path
        )


@pytest.mark.parametrize(
    "path", ["/.git/config", "/pyproject.toml", "/kb", "/tech7kb/settings.py", "/var/secret-key"]
)
def test_nothing_of_the_repository_is_served(client, db, path):
    assert client.get(path).status_code == 404
    for other in ("/static/", "/static/js/", "/static/../pyproject.toml", f"/static/..{path}"):
        assert client.get(other).status_code == 404, other


@pytest.mark.parametrize(
    "path", ["/", "/PARIS-2025-4", "/recommendations.json", "/accounts/login/", "/livez"]
)
def test_trace_is_not_answered(client, db, path):
    assert client.trace(path).status_code == 405


def test_a_parameter_of_one_value_is_not_taken_twice(client, db):
    assert client.get("/recommendations/?sort=code&sort=newest").status_code == 400
    assert client.get("/recommendations.json?q=skills&q=growth").status_code == 400


def test_the_readers_one_cookie_is_bound_to_the_host_over_tls(monkeypatch):
    monkeypatch.setenv("SITE_URL", "https://kb.example")
    spec = importlib.util.spec_from_file_location(
        "settings_over_tls", ROOT / "tech7kb" / "settings.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    names = (module.APPEARANCE_COOKIE_NAME, module.SESSION_COOKIE_NAME, module.CSRF_COOKIE_NAME)
    assert names == ("__Host-appearance", "__Host-sessionid", "__Host-csrftoken")
    assert settings.APPEARANCE_COOKIE_NAME == "appearance"


def test_the_site_says_where_to_report_a_weakness_as_its_standard_asks(client, settings, db):
    settings.CONTACT = "security@kb.example"
    settings.SITE_URL = "https://kb.example"
    answer = client.get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", fields.pop("Expires"))
    assert fields == {
        "Contact": "mailto:security@kb.example",
        "Preferred-Languages": "en",
        "Canonical": "https://kb.example/.well-known/security.txt",
    }


# --- Errors and logs -------------------------------------------------------


def test_an_unexpected_error_says_nothing_of_the_inside_and_is_logged(db, monkeypatch, caplog):
    def fail(*_args):
        raise RuntimeError("what is inside")

    monkeypatch.setattr("recommendations.views.site.MigrationExecutor", fail)
    answer = Client(raise_request_exception=False).get("/readyz")
    assert answer.status_code == 500
    assert not re.search("inside|Traceback|RuntimeError|/site-packages", answer.content.decode())
    assert [
        (record.levelno, str(record.exc_info[1])) for record in caplog.records if record.exc_info
    ] == [(logging.ERROR, "what is inside")]


def test_logs_go_to_one_place():
    assert [each["class"] for each in settings.LOGGING["handlers"].values()] == [
        "logging.StreamHandler"
    ]
    assert settings.LOGGING["root"]["handlers"] == ["stderr"]


def test_no_sign_of_a_request_begins_a_line_of_the_log():
    formatter = logging.config.DictConfigurator({}).configure_custom(
        dict(settings.LOGGING["formatters"]["json"])
    )
    said, sent = "one\ntwo\r%s\x1b[0m\u2028", ("three\nfour",)
    record = logging.LogRecord("sample", logging.WARNING, "x.py", 1, said, sent, None)
    assert len(formatter.format(record).splitlines()) == 1


def test_times_on_record_are_in_utc():
    assert (settings.USE_TZ, settings.TIME_ZONE) == (True, "UTC")
    assert connection.timezone_name == "UTC"


def test_the_policy_says_how_long_addresses_are_kept():
    for told in (
        f"addresses of sign-ins ({throttle.ADDRESSES_KEPT.days} days)",
        f"failed sign-ins ({throttle.FAILURES_KEPT.days} day,",
        f"after {sessions.LONGEST / 3600:.0f} hours, or {sessions.IDLE / 3600:.0f} without use",
        f"Guesses: {throttle.NAME_AT_ADDRESS.failures} for a name from one address in 15 minutes",
        f"{throttle.NAME_ELSEWHERE.failures} for a name from all addresses where it never signed "
        "in, in an hour",
        f"{throttle.ADDRESS.failures} from one address in an hour",
    ):
        assert told in POLICY
    windows = (
        throttle.NAME_AT_ADDRESS.window,
        throttle.NAME_ELSEWHERE.window,
        throttle.ADDRESS.window,
    )
    assert windows == (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=1))


def test_no_address_is_invented():
    assert re.findall(r"[\w.]+@[\w.]+|https?://", Path(ROOT / "SECURITY.md").read_text()) == []
