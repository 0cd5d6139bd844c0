"""The attacks of the accounts trial find nothing here, and each finds the defect that is planted for it."""

from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group, Permission, User
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import ValidationError
from django.db import connection
from django.middleware.csrf import CsrfViewMiddleware
from django.template.response import SimpleTemplateResponse, TemplateResponse
from django.test import Client
from smallest import finds_nothing
from trials import accounts, permissions
from trials.desk import Answer

from recommendations.access import adapters, forms, gate, recovery, throttle, views

pytestmark = pytest.mark.django_db


class Inside:
    """A visitor who reaches the site inside this process."""

    def __init__(self):
        self.client, self.cookies = Client(enforce_csrf_checks=True, raise_request_exception=False), {}

    def ask(self, method: str, path: str, sent: dict | None, headers: dict) -> Answer:
        self.client.cookies.clear()
        self.client.cookies.load(self.cookies)
        response = getattr(self.client, method)(path, sent, headers=headers)
        self.cookies |= {name: each.value for name, each in self.client.cookies.items()}
        body = b"".join(response) if response.streaming else response.content
        return Answer(response.status_code, {name.lower(): value for name, value in response.headers.items()}, body)

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
def place(monkeypatch, settings):
    """The site in this process behind one proxy, every limit filled with a few guesses."""
    settings.TRUSTED_PROXIES = 1
    monkeypatch.setattr(accounts, "ThreadPoolExecutor", OneByOne)
    monkeypatch.setattr(TemplateResponse, "rendered_content", property(without_the_desk), raising=False)
    monkeypatch.setattr(accounts, "_HASHED", [])
    monkeypatch.setattr(recovery, "ROUNDS", 1)
    return accounts.Place(Inside, proxies=1, guesses=2)


UNTIMED = [each for each in (*accounts.EVERYWHERE, *accounts.ONCE) if each is not accounts.timing]


@pytest.mark.parametrize("attack", UNTIMED, ids=lambda each: each.__name__)
def test_an_attack_finds_nothing(place, attack):
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
    patch.setattr(forms, "spend", returning(None))
    patch.setattr(TOTP, "_mark_code_used", returning(True))  # allauth's own guard, in one process's memory


def recovery_codes_are_kept(patch, _settings):
    patch.setattr(recovery, "use_up", returning(None))


def keys_are_kept(patch, _settings):
    patch.setattr(SessionStore, "cycle_key", returning(None))


def sessions_stay(patch, _settings):
    patch.setattr(SessionStore, "delete", returning(None))


def sessions_never_end(patch, _settings):
    patch.setattr(gate, "has_ended", returning(False))


def passwords_do_not_matter(patch, _settings):
    patch.setattr(User, "get_session_auth_hash", returning("same"))


def elsewhere_stays(patch, _settings):
    patch.setattr(views, "end_sessions", returning(0))


def every_place_is_safe(patch, _settings):
    patch.setattr(adapters.AccountAdapter, "is_safe_url", returning(True))


def every_host_is_ours(_patch, settings):
    settings.ALLOWED_HOSTS = ["*"]


def editors_may_change_people(_patch, _settings):
    Group.objects.get(name="Editors").permissions.add(Permission.objects.get(codename="change_user"))


def editors_may_publish(patch, _settings):
    patch.setattr(permissions, "routes", returning(["/admin/recommendations/recommendation/publish/"]))
    Group.objects.get(name="Editors").permissions.add(Permission.objects.get(codename="publish_recommendation"))


def no_token_is_asked_for(patch, _settings):
    patch.setattr(CsrfViewMiddleware, "process_view", returning(None))


@pytest.mark.parametrize(
    ("attack", "plant", "fault"),
    [
        (accounts.one_name, no_limit, "one name at one address: 9 guesses were answered before the door shut"),
        (accounts.one_name, forged_is_believed, "one name at one address: 9 guesses were answered before the door"),
        (accounts.one_name, shut_for_all, "or a forged address, shut out somebody at another"),
        (accounts.at_once, no_limit, "at once: 10 guesses were answered"),
        (accounts.many_addresses, no_limit, "many addresses: 39 guesses at one name were answered"),
        (accounts.many_addresses, nobody_is_known, "strangers shut somebody out of their usual desk"),
        (accounts.many_names, no_limit, "many names: 99 guesses from one address were answered"),
        (accounts.messages, names_are_told, "a wrong password tells whether the name exists"),
        (accounts.replayed_app, codes_are_kept, "a code of an app sent twice at once opens 2 times"),
        (accounts.replayed_recovery, recovery_codes_are_kept, "a recovery code opens again"),
        (accounts.session_keys, keys_are_kept, "a key is kept over a step of signing in"),
        (accounts.ended, sessions_stay, "the key opens the desk after signing out"),
        (accounts.ended, sessions_never_end, "the key opens the desk after 2 hours without use"),
        (accounts.ended, passwords_do_not_matter, "the key opens the desk after a new password"),
        (accounts.ended, elsewhere_stays, "the key opens the desk after signing out everywhere else"),
        (accounts.leading_away, every_place_is_safe, "next='https://evil.example/' leads to https://evil.example/"),
        (accounts.hosts, every_host_is_ours, "/ of the host 'evil.example' answers 200"),
        (accounts.escalating, editors_may_change_people, "an editor changed what they may do"),
        (accounts.tokens, no_token_is_asked_for, "/accounts/logout/ takes a form without its token: 302"),
        (accounts.matrix, editors_may_publish, "not agreed: POST /admin/recommendations/recommendation/publish/"),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_an_attack_reports_the_defect_that_is_planted(place, monkeypatch, settings, attack, plant, fault):
    plant(monkeypatch, settings)
    assert any(fault in each for each in attack(place)), fault


def test_the_times_of_two_names_are_told_apart_where_one_costs_no_hash():
    assert list(accounts.uneven([0.21, 0.20, 0.30], [0.19, 0.22, 0.20])) == []
    assert list(accounts.uneven([0.20, 0.21, 0.22], [0.01, 0.02, 0.01])) == [
        "timing: a name that exists takes 21.00 times as long as one that does not"
    ]
    assert list(accounts.uneven([0.24] * 20, [0.20] * 20)) != []


def test_two_processes_open_once_to_one_code_that_both_are_sent():
    told = finds_nothing("accounts", "--proxies", "1", "--only", "replayed_app")
    assert told.startswith(f"{connection.vendor}: ")
    assert told.endswith(" s; 1 attacks of 4 guesses and 1 rounds behind [1] proxies; 0 faults.\n")
