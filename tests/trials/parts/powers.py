"""Attacks on what somebody may do: forms of others, other sites, other hosts, and rules that a site
may set.
"""

import re
from collections.abc import Iterator
from urllib.parse import quote

from django.apps import apps
from django.contrib.auth import get_user_model

from . import permissions
from .addresses import part
from .desk import changed, form
from .publishing import factories
from .server import PASSWORD, model
from .visitors import (
    CONFIRM,
    DESK,
    HERE,
    LOGIN,
    SECOND,
    Place,
    add_app,
    add_recovery_codes,
    forget,
    group,
    hashed,
    signed_in,
)

FOREIGN = (
    *(
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\t//evil.example",
        "javascript:alert(1)",
    ),
    *(
        "/\t/evil.example",
        "https:evil.example",
        "https:/\\evil.example",
        "///evil.example",
        "\\\\evil.example",
    ),
)
LOCAL = re.compile(
    r"/(?![/\\])[!-\[\]-~]*"
)  # what no browser takes for another host (URL standard, 4.4)
HOSTS = ("evil.example", "evil.example:80", "127.0.0.1.evil.example", "127.0.0.1@evil.example", "")
ENTRY, REASON = "/admin/recommendations/recommendation", ("reason", "Sample reason.")
RUNS = b"<!doctype html><title>Sample</title><script>alert(1)</script>"


def leading_away(place: Place) -> Iterator[str]:
    """Ask to be led to another site wherever the site leads on."""
    forget()
    person = place.person("led")
    for target in FOREIGN:
        for told, location in led(place, person, target):
            if not LOCAL.fullmatch(location or ""):
                yield f"leading away: {told} with next={target!r} leads to {location}"


def led(place: Place, person, target: str) -> Iterator[tuple[str, str | None]]:
    """Yield where each of the site's ways leads that take a target."""
    for path in ("/appearance", CONFIRM, "/accounts/logout/"):
        visitor = signed_in(place, person)
        pairs = [("next", target), ("password", PASSWORD), ("theme", "dark")]
        yield path, visitor.post(path, pairs, **place.sent_by(HERE)).headers.get("location")


def followed(place: Place) -> Iterator[str]:
    """Follow the links that a stranger may send: to sign in, and on to another site, over the
    second step.
    """
    forget()
    person = place.person("followed")
    add_app(person)
    codes = add_recovery_codes(person)
    for target, code in zip(FOREIGN, codes, strict=False):
        forget()
        visitor = place.visitor()
        begun = visitor.get(f"/admin/login/?next={quote(target, safe='')}", **place.sent_by(HERE))
        page = visitor.get(begun.headers["location"], **place.sent_by(HERE))
        typed = {"login": person.username, "password": PASSWORD}
        visitor.post(LOGIN, changed(form(page.text, "login"), typed), **place.sent_by(HERE))
        answer = visitor.post(SECOND, [("code", code)], **place.sent_by(HERE))
        if answer.headers.get("location") != DESK:
            yield f"leading away: a link with next={target!r} leads to {answer.headers.get('location')}"


def hosts(place: Place) -> Iterator[str]:
    """Name another host in each way a request can; no answer may repeat it."""
    for path in ("/", LOGIN, "/recommendations.json", "/PARIS-2025/"):
        for host in HOSTS:
            answer = place.visitor().get(path, Host=host)
            # Another spelling of an address leads to its path alone, before the host is looked at.
            if answer.status != 400 and not re.fullmatch(
                "/[A-Z0-9-]+", answer.headers.get("location", "")
            ):
                yield f"hosts: {path} of the host {host!r} answers {answer.status}"
        for name in ("X-Forwarded-Host", "X-Original-Host", "Forwarded"):
            answer = place.visitor().get(
                path, **{name: "host=evil.example" if name == "Forwarded" else "evil.example"}
            )
            if "evil.example" in answer.text + answer.headers.get("location", ""):
                yield f"hosts: {path} repeats the host of {name}"


def escalating(place: Place) -> Iterator[str]:
    """Send, as an editor, more fields than forms have, and forms that are others'."""
    editors = group("Editors")
    person = place.person("climbing")
    person.groups.add(editors)
    visitor = signed_in(place, person)
    entries = model("Recommendation").objects
    entry = entries.filter(status="published").first()
    joined = [
        ("date_joined_0", "2026-01-02"),
        ("date_joined_1", "10:00:00"),
    ]  # without which the form is not valid
    powers = [
        ("is_superuser", "on"),
        ("is_staff", "on"),
        ("is_active", "on"),
        ("groups", "1"),
        ("groups", "2"),
    ]
    proposed = [
        ("status", "published"),
        ("number", "99"),
        ("code", "EVIL-2025-1"),
        ("title", "Sample"),
        ("_save", "1"),
    ]
    for path, pairs in (
        (
            f"/admin/auth/user/{person.pk}/change/",
            [("username", person.username), *joined, *powers],
        ),
        (
            f"/admin/auth/user/{person.pk}/password/",
            [("password1", "x" * 20), ("password2", "x" * 20)],
        ),
        ("/admin/auth/user/add/", [("username", "sample-evil"), *powers]),
        (f"/admin/auth/group/{editors.pk}/change/", [("name", "Editors"), ("permissions", "1")]),
        (CONFIRM, [("password", PASSWORD), *powers]),
        (f"{ENTRY}/{entry.pk}/change/", proposed),
    ):
        visitor.post(path, pairs)
    now = get_user_model().objects.get(pk=person.pk)
    if (now.is_superuser, now.password, now.user_permissions.count(), now.groups.count()) != (
        False,
        hashed(),
        0,
        1,
    ):
        yield "escalating: an editor changed what they may do"
    if get_user_model().objects.filter(username="sample-evil").exists():
        yield "escalating: an editor made an account"
    if not entries.filter(pk=entry.pk, number=entry.number, title=entry.title).exists():
        yield "escalating: an editor changed a published entry by fields that the form does not have"


def tokens(place: Place) -> Iterator[str]:
    """Post to every address of the site map without a token, then from another site, as somebody
    who may do all.
    """
    visitor = signed_in(place, place.person("all", is_superuser=True))
    session = visitor.cookies["sessionid"]
    for path in (permissions.address(route) for route in permissions.routes()):
        if path in ("/appearance", "/compare"):  # which change colours only, or nothing
            continue
        visitor.cookies.pop("csrftoken", None)
        visitor.cookies["sessionid"] = session
        answer = visitor.post(path, [("csrfmiddlewaretoken", "")])
        if answer.status not in (403, 404, 405):
            yield f"tokens: {path} takes a form without its token: {answer.status}"
        visitor.cookies |= {"csrftoken": "a" * 32, "sessionid": session}
        answer = visitor.post(path, [], Origin="https://evil.example")
        if answer.status not in (403, 404, 405):
            yield f"tokens: {path} takes a form of another site: {answer.status}"


def matrix(place: Place) -> Iterator[str]:
    """Ask for each of the editors' addresses as each kind of person, and compare with what was
    agreed.
    """
    agreed, found = (
        permissions.agreed(),
        permissions.found(lambda person: signed_in(place, person), place.person),
    )
    for line in sorted(agreed ^ found):
        yield f"permissions: {'missing' if line in agreed else 'not agreed'}: {line}"


def originals(place: Place) -> Iterator[str]:
    """Open a file that was brought in, which holds a script: it is handed out, and never run at our
    address.
    """
    person = place.person("opening")
    person.groups.add(group("Editors"))
    held = {
        "name": "sample.html",
        "kind": "html",
        "original": RUNS,
        "sha256": "0" * 64,
        "created_by": person.username,
    }
    intake = model("Intake").objects.create(**held)
    answer = signed_in(place, person).get(f"/admin/recommendations/intake/{intake.pk}/original/")
    wanted = {
        "content-type": "application/octet-stream",
        "content-disposition": "attachment",
        "x-content-type-options": "nosniff",
    }
    told = {name: answer.headers.get(name) for name in wanted}
    if (answer.status, answer.body, told) != (200, RUNS, wanted):
        yield f"originals: one is answered {answer.status} with {told}"
    intake.delete()


# --- Rules that a site may set ---------------------------------------------


def required_factor(place: Place) -> Iterator[str]:
    """Ask for each of the desk's addresses without the second factor that the site requires."""
    bare, coded = (place.person(kind, is_superuser=True) for kind in ("bare", "coded"))
    factors = apps.get_model("mfa", "Authenticator").objects
    factors.create(
        user=coded, type="recovery_codes", data={"seed": "", "used_mask": 0}
    )  # which alone are none
    routes = [
        route
        for route in permissions.routes()
        if route.startswith(DESK) and route != "/admin/logout/"
    ]
    for person, asked in ((bare, routes), (coded, [DESK])):
        visitor = signed_in(place, person)
        for path in map(permissions.address, asked):
            for answer in (visitor.get(path), visitor.post(path, [])):
                if not (answer.is_done and answer.location == "/accounts/"):
                    yield f"second factor: {path} answers {answer.status} to somebody without one"
    add_app(bare)
    if signed_in(place, bare).get(DESK).status != 200:
        yield "second factor: the desk does not open to somebody who has one"


def four_eyes(place: Place) -> Iterator[str]:
    """Publish, as whoever wrote it last, in each way there is; then as somebody else, who may."""
    made, propose = factories(), part("editorial.withdraw.propose")
    writer, other = (place.person(kind) for kind in ("writing", "reading"))
    for each in (writer, other):
        each.groups.add(group("Publishers"))
        add_app(each)  # which the same site requires
    code, name = f"SAMPLE-{2021 + next(place.names)}", writer.username
    entry = made.make_published(made.make_source(f"OTHER-{code}"))
    proposal = part("editorial.proposals.keep")(name, propose(entry))
    source = made.make_source(code)
    made.make_proposal(source, who=name, decision="accepted")
    review = f"/admin/recommendations/source/{source.pk}/review/publish/"
    path = f"/admin/recommendations/proposal/{proposal.pk}/publish/"
    for person, is_refused in ((writer, True), (other, False)):
        visitor = signed_in(place, person)
        seen = re.search(r'name="seen" value="(\w+)"', visitor.get(review).text)
        for told, address, pairs in (
            ("a proposal", path, [("revision", str(proposal.revision))]),
            ("what was accepted", review, [("seen", seen[1] if seen else "")]),
        ):
            answer = visitor.post(address, [*pairs, REASON])
            is_done = answer.is_done and answer.location.startswith(DESK)
            if is_done is is_refused:
                who = "whoever wrote it" if is_refused else "nobody, though somebody else may"
                yield f"four eyes: {told} is published by {who}: {answer.status}"
