"""Security headers have their exact values over TLS, scripts carry their hashes, and the trial of both can fail."""

import hashlib
import importlib.util
import re
from base64 import b64encode

import pytest
from django.conf import settings as served
from django.contrib.auth.models import Group, User
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import Client, override_settings
from trials import headers

from recommendations.templatetags import scripts

SECURITY = re.compile("(SECURE|SESSION|CSRF|X_FRAME|ALLOWED|TLS|SITE_URL|MESSAGE|REQUIRE)")


@pytest.fixture
def over_tls(monkeypatch):
    """The site as SITE_URL=https://kb.example makes it: the security settings of a second reading of the file."""
    for name, value in headers.SECURE.items():
        monkeypatch.setenv(name, value)
    spec = importlib.util.spec_from_file_location("settings_over_tls", served.BASE_DIR / "tech7kb" / "settings.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with override_settings(**{name: getattr(module, name) for name in dir(module) if SECURITY.match(name)}):
        yield


@pytest.fixture
def editor(db):
    editor = User.objects.create_user("sample-editor", is_staff=True)
    editor.groups.add(Group.objects.get(name="Editors"))
    return editor


def answer(client: Client, page: headers.Page) -> tuple[int, dict]:
    """Ask for a page over TLS; returns its status and its headers as a server sends them."""
    response = client.get(page.path, secure=True, headers={"Host": headers.HOST})
    cookies = ", ".join(each.OutputString() for each in response.cookies.values())
    sent = {name.lower(): value for name, value in response.headers.items()}
    return response.status_code, sent | ({"set-cookie": cookies} if cookies else {})


@pytest.mark.parametrize("page", headers.PAGES, ids=lambda page: page.name)
def test_every_kind_of_page_has_exactly_its_headers(over_tls, editor, page):
    client = Client()
    if page.is_signed_in:
        client.force_login(editor)
    assert list(headers.faults(page, *answer(client, page))) == []


def test_without_tls_a_page_leads_to_itself_over_tls(over_tls, db):
    response = Client().get("/PARIS-2025-4?x=1", headers={"Host": headers.HOST})
    assert (response.status_code, response["Location"]) == (301, "https://kb.example/PARIS-2025-4?x=1")


def test_cookies_of_an_editor_are_bound_to_the_host_and_out_of_reach_of_scripts(over_tls, editor):
    editor.set_password("sample-pass-phrase")
    editor.save()
    client = Client(headers={"Host": headers.HOST, "Referer": f"https://{headers.HOST}/accounts/login/"})
    client.get("/accounts/login/", secure=True)
    client.post("/accounts/login/", {"login": "sample-editor", "password": "sample-pass-phrase"}, secure=True)
    assert sorted(client.cookies) == ["__Host-csrftoken", "__Host-sessionid"]
    for cookie in client.cookies.values():
        assert list(headers.cookie_faults(cookie.OutputString())) == []


GOOD = dict(headers.PAGE)


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ({"strict-transport-security": "max-age=60"}, "home: strict-transport-security is 'max-age=60'"),
        ({"content-security-policy": headers.POLICY.replace("'none'", "*", 1)}, "home: content-security-policy is"),
        ({"content-security-policy": f"{headers.POLICY} 'unsafe-inline'"}, "home: content-security-policy is"),
        ({"cross-origin-resource-policy": None}, "home: cross-origin-resource-policy is None"),
        ({"access-control-allow-origin": "*"}, "home: access-control-allow-origin is '*', not None"),
        ({"set-cookie": "seen=1; Secure; HttpOnly; SameSite=Lax; Path=/"}, "home: the cookie seen lacks its prefix"),
        (
            {"set-cookie": "__Host-a=1; HttpOnly; SameSite=Lax; Path=/"},
            "home: the cookie __Host-a lacks its",
        ),
    ],
)
def test_the_trial_reports_a_header_that_is_not_as_it_must_be(planted, found):
    home = headers.PAGES[0]
    given = GOOD | planted
    assert list(headers.faults(home, 200, GOOD)) == []
    assert list(headers.faults(home, 500, GOOD)) == ["home answers 500, not 200"]
    [fault] = headers.faults(home, 200, given)
    assert fault.startswith(found)


def test_a_nonce_is_no_fault_of_a_policy():
    assert headers.without_nonce("script-src 'self' 'nonce-aB3+/_-='; x") == "script-src 'self'; x"


def test_the_trial_reports_a_page_that_scores_too_little():
    scored = [{"name": "home", "score": 130, "tests": {}}, {"name": "embed", "score": 135, "tests": {}}]
    assert list(headers.too_low(scored)) == ["home scores 130, not 135: {}"]


def test_a_script_is_loaded_with_the_hash_of_what_is_served(client, db, tmp_path):
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=_as_in_production()):
        call_command("collectstatic", verbosity=0, interactive=False)
        page = client.get("/recommendations/").content.decode()
        for name in ("js/site.js", "django_htmx/htmx-2.min.js", "js/passkeys.js"):
            digest = hashlib.sha384((tmp_path / staticfiles_storage.stored_name(name)).read_bytes()).digest()
            told = f"sha384-{b64encode(digest).decode()}"
            assert scripts.integrity(name) == told
            assert (f'integrity="{told}"' in page) is (name != "js/passkeys.js")
        assert page.count("<script src=") == page.count(" integrity=") == 2


def _as_in_production() -> dict:
    """Hashed names, without the compression, which takes seconds."""
    storage = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    return served.STORAGES | {"staticfiles": storage}


def test_no_system_check_is_silenced():
    assert served.SILENCED_SYSTEM_CHECKS == []


def test_the_checks_for_deployment_find_nothing(over_tls, db, monkeypatch):
    with monkeypatch.context() as patch:
        patch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE")  # set by conftest.py for the browser tests
        call_command("check", deploy=True, fail_level="WARNING")
