"""The attacks of the accounts trial find nothing here, and each finds the defect that is planted
for it.
"""

import logging
from collections.abc import Callable
from itertools import count

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group, Permission, User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.template.response import SimpleTemplateResponse, TemplateResponse
from django.test import Client

from recommendations.accounts import (
    adapters,
    admin_guard,
    client_ip,
    forms,
    password_links,
    recovery,
    throttle,
    views,
)
from recommendations.admin import intakes
from recommendations.admin.users import AdministratorsOnly
from recommendations.editorial import approval
from recommendations.operations.log_format import JsonFormatter
from recommendations.operations.security_log import SecurityFilter
from recommendations.views import site
from tests.trials import accounts
from tests.trials.parts import guessing, keys, permissions, powers, proving, visitors
from tests.trials.parts.desk import Answer

pytestmark = pytest.mark.django_db


class Inside:
    """A visitor who reaches the site inside this process."""

    def __init__(self):
        self.client, self.cookies = (
            Client(enforce_csrf_checks=True, raise_request_exception=False),
            {},
        )

    def ask(self, method: str, path: str, sent: dict | None, headers: dict) -> Answer:
        self.client.cookies.clear()
        self.client.cookies.load(self.cookies)
        response = getattr(self.client, method)(path, sent, headers=headers)
        self.cookies |= {name: each.value for name, each in self.client.cookies.items()}
        body = b"".join(response) if response.streaming else response.content
        return Answer(
            response.status_code,
            {name.lower(): value for name, value in response.headers.items()},
            body,
        )

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("get", path, None, headers)

    def post(self, path: str, pairs: list, **headers: str) -> Answer:
        pairs = [("csrfmiddlewaretoken", self.cookies.get("csrftoken", "")), *pairs]
        sent = {name: [value for each, value in pairs if each == name] for name, _value in pairs}
        return self.ask("post", path, sent, headers)


class OneByOne:
    """What stands in for threads: the test's rows are seen by this one alone."""

    def __init__(self, _workers: int):
        self.map = map

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        return None


def without_the_desk(response: TemplateResponse) -> str:
    """Leave out the desk's pages, which are long: only whether they open is of interest."""
    is_desk = response._request.path.startswith("/admin/")
    return "" if is_desk else SimpleTemplateResponse.rendered_content.fget(response)


@pytest.fixture
def place(monkeypatch, settings, lines):
    """The site in this process behind one proxy, every limit filled with a few guesses."""
    settings.TRUSTED_PROXIES = 1
    monkeypatch.setattr(guessing, "ThreadPoolExecutor", OneByOne)
    monkeypatch.setattr(proving, "ThreadPoolExecutor", OneByOne)
    monkeypatch.setattr(
        TemplateResponse, "rendered_content", property(without_the_desk), raising=False
    )
    monkeypatch.setattr(visitors, "_HASHED", [])
    monkeypatch.setattr(recovery, "ROUNDS", 1)
    return visitors.Place(Inside, proxies=1, guesses=2, log=lambda: "\n".join(lines))


@pytest.fixture
def lines():
    """Every line that the site would write on stderr."""
    written, handler = [], logging.Handler()
    handler.setFormatter(JsonFormatter())
    handler.addFilter(SecurityFilter())
    handler.emit = lambda record: written.append(handler.format(record))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


UNTIMED = [each for each in (*accounts.EVERYWHERE, *accounts.ONCE) if each is not guessing.timing]


@pytest.mark.parametrize("attack", UNTIMED, ids=lambda each: each.__name__)
def test_an_attack_finds_nothing(place, attack):
    assert list(attack(place)) == []


@pytest.fixture
def strict(settings):
    """A site that requires a second factor and four eyes."""
    settings.REQUIRE_SECOND_FACTOR = settings.FOUR_EYES = True


@pytest.mark.parametrize("attack", accounts.STRICTLY, ids=lambda each: each.__name__)
def test_an_attack_on_a_strict_site_finds_nothing(place, strict, attack):
    assert list(attack(place)) == []


def returning(answer) -> Callable:
    """A function that always answers the same."""
    return lambda *_args, **_options: answer


def no_limit(patch, _settings):
    patch.setattr(throttle, "seconds_to_wait", returning(0))


def forged_is_believed(_patch, settings):
    settings.TRUSTED_PROXIES = 2


def nobody_is_known(patch, _settings):
    patch.setattr(throttle.Throttle, "user_logged_in", returning(None))


def shut_for_all(patch, _settings):
    patch.setattr(throttle, "NAME_ELSEWHERE", throttle.Limit(1, throttle.NAME_ELSEWHERE.window))


def names_are_told(patch, _settings):
    def clean_login(form):
        if not User.objects.filter(username=form.data["login"]).exists():
            raise ValidationError("Nobody has this name.")
        return form.cleaned_data["login"]

    patch.setattr(forms.LoginForm, "clean_login", clean_login)


def codes_are_kept(patch, _settings):
    patch.setattr(forms, "use_once", returning(None))
    patch.setattr(
        TOTP, "_mark_code_used", returning(True)
    )  # allauth's own guard, in one process's memory


def recovery_codes_are_kept(patch, _settings):
    use = forms.use_recovery_code

    def without_saving(user, typed):
        with transaction.atomic():
            found = use(user, typed)
            transaction.set_rollback(True)
        return found

    patch.setattr(forms, "use_recovery_code", without_saving)


def keys_are_kept(patch, _settings):
    patch.setattr(SessionStore, "cycle_key", returning(None))


def sessions_stay(patch, _settings):
    patch.setattr(SessionStore, "delete", returning(None))


def sessions_never_end(patch, _settings):
    patch.setattr(admin_guard, "has_ended", returning(False))


def passwords_do_not_matter(patch, _settings):
    patch.setattr(User, "get_session_auth_hash", returning("same"))


def elsewhere_stays(patch, _settings):
    patch.setattr(views, "end_sessions", returning(0))


def every_place_is_safe(patch, _settings):
    patch.setattr(adapters.AccountAdapter, "is_safe_url", returning(True))


def every_host_is_ours(_patch, settings):
    settings.ALLOWED_HOSTS = ["*"]


def editors_may_change_people(patch, _settings):
    patch.setattr(AdministratorsOnly, "has_permission", returning(True))


def editors_may_withdraw(patch, _settings):
    patch.setattr(
        permissions, "routes", returning(["/admin/recommendations/proposal/<int:pk>/publish/"])
    )
    Group.objects.get(name="Editors").permissions.add(
        Permission.objects.get(codename="withdraw_recommendation")
    )


def no_token_is_asked_for(patch, _settings):
    patch.setattr(CsrfViewMiddleware, "process_view", returning(None))


def passwords_are_logged(patch, _settings):
    def user_login_failed(_handler, _sender, credentials, request=None, **_facts):
        throttle.log.warning("Failed: %s", dict(request.POST), extra={"event": "failed sign-in"})

    patch.setattr(throttle.Throttle, "user_login_failed", user_login_failed)


def nothing_is_reported(patch, _settings):
    patch.setattr(throttle.log, "warning", returning(None))


def strangers_count_as_one(patch, _settings):
    known, others = throttle.get_client_username, count()

    def get_client_username(*given):
        name = known(*given)
        return name if User.objects.filter(username=name).exists() else f"{name}-{next(others)}"

    patch.setattr(throttle, "get_client_username", get_client_username)


def codes_are_not_counted(patch, _settings):
    patch.setattr(forms.ThrottledMixin, "throttled", lambda _form, check: check())


def old_passwords_are_not_counted(patch, _settings):
    def clean_oldpassword(form):
        if not form.user.check_password(form.cleaned_data["oldpassword"]):
            raise ValidationError("This is not your current password.")

    patch.setattr(forms.ChangePasswordForm, "clean_oldpassword", clean_oldpassword)


def each_address_of_a_household_counts(patch, _settings):
    patch.setattr(client_ip, "countable", lambda text: text.strip() or None)


def proofs_last(_patch, settings):
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 10**9


def codes_last(_patch, settings):
    settings.MFA_TOTP_TOLERANCE = 1


def links_last(patch, _settings):
    patch.setattr(
        password_links.PasswordLinkTokens,
        "_make_hash_value",
        lambda _tokens, user, moment: f"{user.pk} {moment}",
    )


def keys_outlive_the_password(patch, _settings):
    patch.setattr(adapters.AccountAdapter, "pre_login", DefaultAccountAdapter.pre_login)


def sessions_are_everybodys(patch, _settings):
    patch.setattr(views, "end_sessions", lambda *_who, **_which: Session.objects.all().delete()[0])


def readers_are_led_away(patch, _settings):
    patch.setattr(site, "url_has_allowed_host_and_scheme", returning(True))


def files_are_run(patch, _settings):
    patch.setattr(intakes, "HttpResponse", lambda body, **_kind: HttpResponse(body))


def no_factor_is_required(patch, _settings):
    patch.setattr(admin_guard, "lacks_required_factor", returning(False))


def two_eyes(patch, _settings):
    patch.setattr(approval, "is_required", returning(False))


@pytest.mark.parametrize(
    ("attack", "plant", "fault"),
    [
        (
            powers.required_factor,
            no_factor_is_required,
            "/admin/care/ answers 200 to somebody without one",
        ),
        (powers.four_eyes, two_eyes, "four eyes: a proposal is published by whoever wrote it"),
        (
            powers.four_eyes,
            two_eyes,
            "four eyes: what was accepted is published by whoever wrote it",
        ),
    ],
)
def test_an_attack_on_a_strict_site_reports_the_defect_that_is_planted(
    place, strict, monkeypatch, settings, attack, plant, fault
):
    monkeypatch.setattr(permissions, "routes", returning(["/admin/care/"]))
    plant(monkeypatch, settings)
    assert any(fault in each for each in attack(place)), fault


@pytest.mark.parametrize(
    ("attack", "plant", "fault"),
    [
        (
            guessing.one_name,
            no_limit,
            "one name at one address: 9 guesses were answered before the door shut",
        ),
        (
            guessing.one_name,
            forged_is_believed,
            "one name at one address: 9 guesses were answered before the door",
        ),
        (guessing.one_name, shut_for_all, "or a forged address, shut out somebody at another"),
        (guessing.at_once, no_limit, "at once: 11 guesses were answered"),
        (guessing.many_addresses, no_limit, "many addresses: 39 guesses at one name were answered"),
        (
            guessing.many_addresses,
            nobody_is_known,
            "strangers shut somebody out of their usual desk",
        ),
        (guessing.many_names, no_limit, "many names: 99 guesses from one address were answered"),
        (guessing.messages, names_are_told, "a wrong password tells whether the name exists"),
        (proving.replayed_app, codes_are_kept, "a code of an app sent twice at once opens 2 times"),
        (proving.replayed_recovery, recovery_codes_are_kept, "a recovery code opens again"),
        (keys.session_keys, keys_are_kept, "a key is kept over a step of signing in"),
        (keys.ended, sessions_stay, "the key opens the desk after signing out"),
        (keys.ended, sessions_never_end, "the key opens the desk after 2 hours without use"),
        (keys.ended, passwords_do_not_matter, "the key opens the desk after a new password"),
        (keys.ended, elsewhere_stays, "the key opens the desk after signing out everywhere else"),
        (
            powers.leading_away,
            every_place_is_safe,
            "/accounts/confirm/ with next='https://evil.example/' leads to",
        ),
        (powers.hosts, every_host_is_ours, "/ of the host 'evil.example' answers 200"),
        (powers.escalating, editors_may_change_people, "an editor changed what they may do"),
        (
            guessing.one_name,
            strangers_count_as_one,
            "a name that nobody has at one address: 9 guesses were answered",
        ),
        (
            guessing.one_household,
            each_address_of_a_household_counts,
            "one household: 9 guesses from its addresses",
        ),
        (
            guessing.doors,
            codes_are_not_counted,
            "second step: 7 guesses were answered before the door shut",
        ),
        (guessing.doors, codes_are_not_counted, "/accounts/confirm/code/: 7 guesses were answered"),
        (
            guessing.doors,
            old_passwords_are_not_counted,
            "/accounts/password/: 7 guesses were answered",
        ),
        (proving.replayed_app, codes_last, "second step: a code opens -1 steps from its own"),
        (
            proving.proved_long_ago,
            proofs_last,
            "proved an hour ago: /accounts/app/remove/ answers 200",
        ),
        (proving.links, links_last, "links: one used is answered (200, 302)"),
        (proving.links, links_last, "links: one after another was made is answered (200, 302)"),
        (proving.told, passwords_are_logged, "is in the log"),
        (proving.reported, nothing_is_reported, "log: it does not say 'too many guesses'"),
        (
            keys.session_keys,
            keys_outlive_the_password,
            "sessions: a planted key opens the second step",
        ),
        (
            keys.of_others,
            sessions_are_everybodys,
            "sessions: somebody has ended the session of somebody else",
        ),
        (
            powers.leading_away,
            readers_are_led_away,
            "leading away: /appearance with next='https://evil.example/'",
        ),
        (
            powers.followed,
            every_place_is_safe,
            "leading away: a link with next='https://evil.example/' leads to",
        ),
        (powers.originals, files_are_run, "'content-type': 'text/html; charset=utf-8'"),
        (
            powers.tokens,
            no_token_is_asked_for,
            "/accounts/logout/ takes a form without its token: 302",
        ),
        (
            powers.matrix,
            editors_may_withdraw,
            "not agreed: POST /admin/recommendations/proposal/<int:pk>/publish/",
        ),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_an_attack_reports_the_defect_that_is_planted(
    place, monkeypatch, settings, attack, plant, fault
):
    plant(monkeypatch, settings)
    assert any(fault in each for each in attack(place)), fault


def test_the_times_of_two_names_are_told_apart_where_one_costs_no_hash():
    assert list(guessing.uneven([0.21, 0.20, 0.30], [0.19, 0.22, 0.20])) == []
    assert list(guessing.uneven([0.20, 0.21, 0.22], [0.01, 0.02, 0.01])) == [
        "timing: a name that exists takes 21.00 times as long as one that does not"
    ]
    assert list(guessing.uneven([0.24] * 20, [0.20] * 20)) != []
