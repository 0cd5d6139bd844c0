"""Who may do what at the desk: each kind of person, each of the editors' addresses, reading and
sending.

`permissions.txt` holds what was agreed, one line an address and method, one column a kind of
person:

in   sent to sign in     200  opens     302  done, or led on     403  refused     404, 405, 409
nothing to act on

`./kb trials accounts --only matrix` names each line in which the site and the table differ.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from django.apps import apps
from django.contrib.auth import get_user_model
from django.urls import get_resolver

from .addresses import part

AGREED = Path(__file__).with_name("permissions.txt")
PEOPLE = (
    "stranger",
    "staff",
    "editor",
    "publisher",
    "superuser",
)  # the most powerful last: it may delete
METHODS = ("GET", "POST")
# Values in addresses that are no keys.
VALUES = {
    "code": "PARIS-2025-4",
    "extension": "json",
    "slug": "skills",
    "app_label": "recommendations",
    "url": "x",
}


def routes() -> list[str]:
    """Return each pattern of the site map, as it is written there."""
    return sorted(set(flattened(get_resolver().url_patterns, "")))


def flattened(patterns, before: str) -> Iterator[str]:
    """Yield the patterns with those that they stand behind; the admin's own for the rest of the
    world is left out.
    """
    for each in patterns:
        route = before + str(each.pattern)
        if hasattr(each, "url_patterns"):
            yield from flattened(each.url_patterns, route)
        elif "(?P" not in route and route != "admin/r/<path:content_type_id>/<path:object_id>/":
            yield "/" + route


def address(route: str) -> str:
    """Return an address of a pattern, of an object that is there."""
    kind = re.match(r"/admin/(\w+)/(\w+)/<(?:\w+:)?\w+>", route)
    held = key(*kind.groups()) if kind else "1"
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda each: VALUES.get(each[1], held), route)


def key(app: str, name: str) -> str:
    """Return the key of the newest object of a model, or 0; of changes the oldest, as some newer
    are of people.
    """
    found = apps.get_model(app, name).objects.order_by("pk" if name == "change" else "-pk").first()
    return str(found.pk if found else 0)


def person(kind: str, make: Callable):
    """Make somebody of a kind, after somebody and a group to act on."""
    group = apps.get_model("auth", "Group")
    group.objects.get_or_create(name=f"sample group for {kind}")
    make("acted-on", is_staff=False)
    if kind == "stranger":
        return None
    made = make(kind, is_superuser=kind == "superuser")
    if kind in ("editor", "publisher"):
        made.groups.add(group.objects.get(name=f"{kind.title()}s"))
    get_user_model().objects.filter(username__startswith="acted-on").update(is_active=False)
    make("acted-on-last", is_staff=False)  # the newest, so that nobody acts on themselves
    return made


def found(sign_in: Callable, make: Callable) -> set[str]:
    """Ask for everything as everybody."""
    entry = apps.get_model("recommendations", "Recommendation").objects.earliest("pk")
    part("editorial.proposals.keep")("acted-on", part("editorial.withdraw.propose")(entry))
    answers = {}
    guarded = [route for route in routes() if route.startswith(("/admin/", "/accounts/"))]
    for kind in PEOPLE:
        somebody = person(kind, make)
        for method in METHODS:
            visitor = sign_in(somebody)
            for route in sorted(
                guarded, key=lambda route: "logout" in route
            ):  # last, as it ends the session
                answers.setdefault((method, route), []).append(
                    told(visitor, method, address(route))
                )
    return {f"{method:4} {route:72} {' '.join(each)}" for (method, route), each in answers.items()}


def told(visitor, method: str, path: str) -> str:
    """Return what an address answers, in the words of the table."""
    answer = visitor.get(path) if method == "GET" else visitor.post(path, [])
    signs_in = answer.status == 302 and re.match(
        "/(admin|accounts)/login/", answer.headers["location"]
    )
    return "in " if signs_in else str(answer.status)


def agreed() -> set[str]:
    """Return the lines that were agreed."""
    return {line for line in AGREED.read_text().splitlines() if line and not line.startswith("#")}
