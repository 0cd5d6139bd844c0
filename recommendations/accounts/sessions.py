"""Where somebody is signed in, and when that ends: after some hours, after a while without use, or
by its owner.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from allauth.account.signals import authentication_step_completed
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

LONGEST = timedelta(hours=12).total_seconds()
IDLE = timedelta(hours=2).total_seconds()
WRITTEN_EVERY = timedelta(minutes=5).total_seconds()  # each request would be a write of its own
BEGAN, SEEN, BROWSER = "desk.began", "desk.seen", "desk.browser"

# What browsers say they are; most also name those below them here.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "Chrom": "Chrome",
    "CriOS/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


@dataclass(frozen=True)
class Place:
    """A session as its owner sees it; `mark` names it on a page without giving its key away."""

    mark: str
    browser: str
    began: datetime
    seen: datetime
    is_here: bool


def begin(request: HttpRequest) -> None:
    """Start the clock of a session, and keep the kind of browser that it is in."""
    request.session[BEGAN] = request.session[SEEN] = time.time()
    request.session[BROWSER] = kind_of_browser(request.headers.get("User-Agent", ""))


def kind_of_browser(told: str) -> str:
    """Return the family and the system that a browser names, such as "Firefox on Linux"."""
    browser = next((name for sign, name in BROWSERS.items() if sign in told), "A browser")
    system = next((name for sign, name in SYSTEMS.items() if sign in told), "")
    return f"{browser} on {system}" if system else browser


def has_ended(request: HttpRequest) -> bool:
    """Tell whether a session is too old or was left alone too long; if neither, note that it is in
    use.
    """
    if BEGAN not in request.session:
        begin(request)
    now = time.time()
    for moment in (BEGAN, SEEN):
        if request.session[moment] > now:  # the clock was set back, which makes no session longer
            request.session[moment] = now
    if is_over(request.session, now):
        return True
    if now - request.session[SEEN] > WRITTEN_EVERY:
        request.session[SEEN] = now
    return False


def is_over(content, now: float) -> bool:
    """Tell whether a session's time is over; `content` is what it holds, and `now` is in
    seconds.
    """
    return now - content[BEGAN] > LONGEST or now - content[SEEN] > IDLE


def living_sessions(user: User) -> Iterator[tuple[str, dict]]:
    """Yield the keys and contents of a user's sessions; readers have none, so there are few to look
    through.
    """
    hashes = {
        user.get_session_auth_hash(),
        *user.get_session_auth_fallback_hash(),
    }  # of the present password
    for session in Session.objects.filter(expire_date__gt=timezone.now()):
        content = session.get_decoded()
        if content.get(SESSION_KEY) != str(user.pk) or content.get(HASH_SESSION_KEY) not in hashes:
            continue
        if BEGAN not in content or not is_over(content, time.time()):
            yield session.pk, content


def places(user: User, here: str) -> list[Place]:
    """Return where somebody is signed in: this session, whose key is `here`, first, then the last
    used.
    """
    moment = time.time()
    found = [
        Place(
            mark(key),
            content.get(BROWSER, "A browser"),
            *(datetime.fromtimestamp(content.get(name, moment), UTC) for name in (BEGAN, SEEN)),
            is_here=key == here,
        )
        for key, content in living_sessions(user)
    ]
    return sorted(found, key=lambda place: (place.is_here, place.seen), reverse=True)


def mark(key: str) -> str:
    """Return what names a session on a page: nobody gets the key from it."""
    return salted_hmac(__name__, key, algorithm="sha256").hexdigest()[:32]


def end_sessions(user: User, except_key: str | None = None, marked: str = "") -> int:
    """End a user's sessions, or the marked one, except one; returns how many there were."""
    keys = {key for key, _content in living_sessions(user) if not marked or mark(key) == marked}
    return Session.objects.filter(pk__in=keys - {except_key}).delete()[0]


@receiver(authentication_step_completed)
def renewed(sender, request: HttpRequest, reauthenticated: bool = False, **kwargs) -> None:
    """Give a session a new key when its owner proves again who they are (OWASP ASVS 5.0, 7.2.4)."""
    if reauthenticated:
        request.session.cycle_key()
