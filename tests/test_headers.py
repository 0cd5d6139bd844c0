"""Security headers have their exact values over TLS, scripts carry their hashes, and the trial of
both can fail.
"""

import hashlib
import importlib.util
import re
from base64 import b64encode

import pytest
from django.conf import settings as served
from django.contrib.auth.models import Group, User
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, override_settings
from django.views.decorators.csp import csp_override

from recommendations.operations import page_cache
from recommendations.search import facets
from recommendations.templatetags import scripts
from recommendations.views import errors, site
from tests.trials import headers
from tests.trials.parts import heads

SECURITY = re.compile("(SECURE|SESSION|CSRF|X_FRAME|ALLOWED|TLS|SITE_URL|MESSAGE|REQUIRE)")


@pytest.fixture
def over_tls(monkeypatch):
    """The site as SITE_URL=https://kb.example makes it: the security settings of a second reading
    of the file.
    """
    for name, value in headers.SECURE.items():
        monkeypatch.setenv(name, value)
    spec = importlib.util.spec_from_file_location(
        "settings_over_tls", served.BASE_DIR / "tech7kb" / "settings.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with override_settings(
        **{name: getattr(module, name) for name in dir(module) if SECURITY.match(name)}
    ):
        yield


@pytest.fixture
def editor(db):
    editor = User.objects.create_user("sample-editor", is_staff=True)
    editor.groups.add(Group.objects.get(name="Editors"))
    return editor


@pytest.fixture
def ask(over_tls, editor, monkeypatch):
    """Asks the site in this process, as `headers.over_http` asks one that is served."""
    monkeypatch.setattr(headers, "AGAIN", 1)
    monkeypatch.setattr(
        site, "APPEARANCE_COOKIE", heads.APPEARANCE
    )  # read once, when the site starts
    heads.prepare()
    desk = Client(enforce_csrf_checks=True, raise_request_exception=False)
    desk.force_login(editor)

    def asked(page, **more) -> tuple[int, dict]:
        client = (
            desk
            if page.is_signed_in
            else Client(enforce_csrf_checks=True, raise_request_exception=False)
        )
        sent = page.head("") | more
        if sent.pop("Cookie", ""):
            client.cookies[heads.TOKEN] = heads.SECRET
        kind = sent.pop("Content-Type", "text/plain")
        response = client.generic(
            page.method,
            page.path,
            page.body(),
            kind,
            secure="proto=https" in sent["Forwarded"],
            headers=sent,
        )
        cookies = ", ".join(each.OutputString() for each in response.cookies.values())
        found = {name.lower(): value for name, value in response.headers.items()}
        return response.status_code, found | ({"set-cookie": cookies} if cookies else {})

    return asked


def test_every_kind_of_page_has_exactly_its_headers(ask):
    pages = [page for page in headers.PAGES if not page.path.startswith("/static/")]
    assert list(headers.read(ask, pages)) == []


def test_every_route_that_readers_have_has_exactly_its_headers_in_each_format(ask):
    readers = [page for page in heads.routed() if not page.is_signed_in]
    assert len(readers) == 62
    assert [fault for page in readers for fault in heads.faults(page, *ask(page))] == []


def test_signing_in_sets_cookies_that_no_script_and_no_other_host_can_have(ask, editor):
    editor.set_password("sample-pass-phrase")
    editor.save()
    headers.guessed()
    assert list(headers.read(ask, heads.signing_in("sample-editor", "sample-pass-phrase"))) == []


def test_while_the_database_is_away_headers_are_as_ever(ask, monkeypatch):
    def fail(*_args):
        raise OperationalError("sample outage")

    monkeypatch.setattr(page_cache.seen, "now", fail)
    monkeypatch.setattr(facets, "current", fail)
    monkeypatch.setattr("recommendations.views.site.MigrationExecutor", fail)
    away = [page for page in headers.AWAY if page.path != "/sitemap.xml"]
    assert list(headers.read(ask, away)) == []


def test_without_tls_every_page_leads_to_itself_over_tls(ask):
    assert list(headers.without_tls(ask, headers.PAGES)) == []


# --- Defects that the trial reports ----------------------------------------


def found_with(ask, *names: str) -> str:
    return "\n".join(headers.read(ask, [page for page in headers.PAGES if page.name in names]))


def test_the_trial_reports_a_cookie_for_readers(ask, monkeypatch):
    def remembering(request):
        request.session["seen"] = 1
        return ""

    monkeypatch.setattr(page_cache, "appearance_of", remembering)
    assert "unknown: the cookies set are ['__Host-sessionid'], not []" in found_with(ask, "unknown")


def test_the_trial_reports_a_framed_page_that_is_kept_without_its_policy(ask, monkeypatch):
    restored = page_cache.restored

    def without_policy(kept):
        return restored((kept[0], {k: v for k, v in kept[1].items() if k != page_cache.POLICY}))

    monkeypatch.setattr(page_cache, "restored", without_policy)
    assert "embed, again: content-security-policy is" in found_with(ask, "embed")


def test_the_trial_reports_a_page_that_is_gone_and_has_another_policy(ask, monkeypatch):
    gone = errors.gone
    monkeypatch.setattr(
        "recommendations.views.record.gone", csp_override({"default-src": ["*"]})(gone)
    )
    assert "withdrawn: content-security-policy is 'default-src *'" in found_with(ask, "withdrawn")


def test_the_trial_reports_a_cookie_for_colours_that_scripts_may_read(ask, monkeypatch):
    set_cookie = HttpResponse.set_cookie
    bare = lambda response, *given, httponly, **facts: set_cookie(response, *given, **facts)  # noqa: E731
    monkeypatch.setattr(HttpResponse, "set_cookie", bare)
    assert "dark: the cookie __Host-appearance lacks its prefix, or httponly" in found_with(
        ask, "dark"
    )


def test_the_trial_reports_a_password_that_is_taken_without_tls(ask):
    with override_settings(SECURE_REDIRECT_EXEMPT=["^livez$", "^readyz$", "^accounts/"]):
        found = list(headers.without_tls(ask, headers.PAGES))
    assert "sign-in without TLS answers 200 and leads to None" in found


def test_cookies_of_an_editor_are_bound_to_the_host_and_out_of_reach_of_scripts(over_tls, editor):
    editor.set_password("sample-pass-phrase")
    editor.save()
    client = Client(
        headers={"Host": headers.HOST, "Referer": f"https://{headers.HOST}/accounts/login/"}
    )
    client.get("/accounts/login/", secure=True)
    client.post(
        "/accounts/login/",
        {"login": "sample-editor", "password": "sample-pass-phrase"},
        secure=True,
    )
    assert sorted(client.cookies) == ["__Host-csrftoken", "__Host-sessionid"]
    for cookie in client.cookies.values():
        assert list(heads.cookie_faults(cookie.OutputString())) == []


GOOD = dict(heads.PAGE)


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        (
            {"strict-transport-security": "max-age=60"},
            "home: strict-transport-security is 'max-age=60'",
        ),
        (
            {"content-security-policy": heads.POLICY.replace("'none'", "*", 1)},
            "home: content-security-policy is",
        ),
        (
            {"content-security-policy": f"{heads.POLICY} 'unsafe-inline'"},
            "home: content-security-policy is",
        ),
        ({"cross-origin-resource-policy": None}, "home: cross-origin-resource-policy is None"),
        ({"server": "Sample/1.0"}, "home: the server says that it is 'Sample/1.0'"),
        ({"x-powered-by": "Sample"}, "home: x-powered-by is 'Sample', not None"),
        (
            {"access-control-allow-origin": "*"},
            "home: access-control-allow-origin is '*', not None",
        ),
        (
            {"set-cookie": "seen=1; Secure; HttpOnly; SameSite=Lax; Path=/"},
            "home: the cookies set are ['seen'], not []",
        ),
        (
            {"set-cookie": "__Host-a=1; HttpOnly; SameSite=Lax; Path=/"},
            "home: the cookies set are ['__Host-a'], not []",
        ),
    ],
)
def test_the_trial_reports_a_header_that_is_not_as_it_must_be(planted, found):
    home = headers.PAGES[0]
    given = GOOD | planted
    assert list(heads.faults(home, 200, GOOD)) == []
    assert list(heads.faults(home, 500, GOOD)) == ["home answers 500, not 200"]
    assert next(heads.faults(home, 200, given)).startswith(found)


def test_a_nonce_and_an_order_are_no_faults():
    assert heads.words("x", "script-src 'self' 'nonce-aB3+/_-='; x") == "script-src 'self'; x"
    assert heads.words("cache-control", "private, no-store") == heads.words(
        "cache-control", "no-store, private"
    )


def test_the_trial_reports_a_page_that_scores_too_little():
    scored = [
        {"name": "home", "score": 130, "tests": {}},
        {"name": "embed", "score": 135, "tests": {}},
    ]
    assert list(headers.too_low(scored)) == ["home scores 130, not 135: {}"]


def test_a_script_is_loaded_with_the_hash_of_what_is_served(client, db, tmp_path):
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=_as_in_production()):
        call_command("collectstatic", verbosity=0, interactive=False)
        page = client.get("/recommendations/").content.decode()
        for name in ("js/site.js", "django_htmx/htmx-2.min.js", "js/passkeys.js"):
            digest = hashlib.sha384(
                (tmp_path / staticfiles_storage.stored_name(name)).read_bytes()
            ).digest()
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


@pytest.mark.usefixtures("_no_loop")
def test_the_checks_for_deployment_find_nothing(over_tls, db, monkeypatch):
    with monkeypatch.context() as patch:
        patch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE")  # set by conftest.py for the browser tests
        call_command("check", deploy=True, fail_level="WARNING")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accepted", "is_taken"),
    [
        ("br", True),
        ("gzip, BR;q=0.5", True),
        ("br;level=3", True),
        ("br;q=0", False),
        ("br;level=3;q=0", False),
        ("br ; q=0.000, gzip", False),
        ("gzip", False),
        ("", False),
    ],
)
def test_a_page_is_compressed_for_who_takes_it(client, accepted, is_taken):
    answer = client.get("/about/", headers={"Accept-Encoding": accepted})
    assert ("Content-Encoding" in answer) is is_taken


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/nothing-here", "/recommendations/?theme=x", "/recommendations"])
def test_every_answer_says_who_may_keep_it(client, admin_client, path):
    assert client.get(path)["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert admin_client.get(path)["Cache-Control"] == "private, no-store"
    assert admin_client.get("/")["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_a_page_to_be_framed_is_kept_with_its_policy(client):
    made, kept = client.get("/PARIS-2025-4/embed"), client.get("/PARIS-2025-4/embed")
    again = client.get("/PARIS-2025-4/embed", headers={"If-None-Match": made["ETag"]})
    assert (kept.status_code, again.status_code) == (200, 304)
    for answer in (made, kept, again):
        assert answer["Content-Security-Policy"].endswith("frame-ancestors *")
        assert "X-Frame-Options" not in answer
