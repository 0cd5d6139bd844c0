"""Sessions: their list, and their end after 12 hours, after 2 without use, or by their owner."""

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
SEEN_PRECISION = timedelta(minutes=5).total_seconds()  # so that not every request writes
BEGAN, SEEN, BROWSER = "desk.began", "desk.seen", "desk.browser"

# Parts of a User-Agent header, in this order because browsers also name those below.
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
class ActiveSession:
    """A session as its owner sees it; `digest` identifies it without revealing its key."""

    digest: str
    browser: str
    began: datetime
    seen: datetime
    is_here: bool


def begin(request: HttpRequest) -> None:
    """Note when a session began and in which browser."""
    request.session[BEGAN] = request.session[SEEN] = time.time()
    request.session[BROWSER] = browser_name(request.headers.get("User-Agent", ""))


def browser_name(user_agent: str) -> str:
    """Return the browser and system of a User-Agent header, such as "Firefox on Linux"."""
    browser = next((name for part, name in BROWSERS.items() if part in user_agent), "A browser")
    system = next((name for part, name in SYSTEMS.items() if part in user_agent), "")
    return f"{browser} on {system}" if system else browser


def has_ended(request: HttpRequest) -> bool:
    """Tell whether a session is too old or was idle too long; if not, note that it is in use."""
    if BEGAN not in request.session:
        begin(request)
    now = time.time()
    for key in (BEGAN, SEEN):
        if request.session[key] > now:  # a clock that was set back makes no session longer
            request.session[key] = now
    if is_expired(request.session, now):
        return True
    if now - request.session[SEEN] > SEEN_PRECISION:
        request.session[SEEN] = now
    return False


def is_expired(data, now: float) -> bool:
    """Tell whether the session with this data has ended at a time in seconds since 1970."""
    return now - data[BEGAN] > LONGEST or now - data[SEEN] > IDLE


def live_sessions(user: User) -> Iterator[tuple[str, dict]]:
    """Yield keys and data of a user's sessions, found among all: readers have none."""
    hashes = {user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()}
    for session in Session.objects.filter(expire_date__gt=timezone.now()):
        data = session.get_decoded()
        if data.get(SESSION_KEY) != str(user.pk) or data.get(HASH_SESSION_KEY) not in hashes:
            continue
        if BEGAN not in data or not is_expired(data, time.time()):
            yield session.pk, data


def active_sessions(user: User, here: str) -> list[ActiveSession]:
    """Return a user's sessions: first that with the key `here`, then the most recently used."""
    now = time.time()
    found = [
        ActiveSession(
            digest=digest_of(key),
            browser=data.get(BROWSER, "A browser"),
            began=datetime.fromtimestamp(data.get(BEGAN, now), UTC),
            seen=datetime.fromtimestamp(data.get(SEEN, now), UTC),
            is_here=key == here,
        )
        for key, data in live_sessions(user)
    ]
    return sorted(found, key=lambda session: (session.is_here, session.seen), reverse=True)


def digest_of(key: str) -> str:
    """Return what identifies a session on a page without revealing its key."""
    return salted_hmac("tech7kb sessions", key, algorithm="sha256").hexdigest()[:32]


def end_sessions(user: User, except_key: str | None = None, digest: str = "") -> int:
    """End all of a user's sessions or that with a digest, except one; return how many ended."""
    keys = {key for key, _data in live_sessions(user) if digest in ("", digest_of(key))}
    return Session.objects.filter(pk__in=keys - {except_key}).delete()[0]


@receiver(authentication_step_completed)
def renew_key(sender, request: HttpRequest, reauthenticated: bool = False, **kwargs) -> None:
    """Give a session a new key when its owner reauthenticates (OWASP ASVS 5.0, 7.2.4)."""
    if reauthenticated:
        request.session.cycle_key()
