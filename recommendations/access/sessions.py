"""When a session ends: some hours after signing in, after a while without use, or when its owner ends it."""

import time
from datetime import timedelta

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.utils import timezone

LONGEST = timedelta(hours=12).total_seconds()
IDLE = timedelta(hours=2).total_seconds()
WRITTEN_EVERY = timedelta(minutes=1).total_seconds()  # each request would be a write of its own
BEGAN, SEEN = "desk.began", "desk.seen"


def begin(session: SessionBase) -> None:
    """Start the clock of a session."""
    session[BEGAN] = session[SEEN] = time.time()


def has_ended(session: SessionBase) -> bool:
    """Tell whether a session is too old or was left alone too long; if neither, note that it is in use."""
    if BEGAN not in session:
        begin(session)
    now = time.time()
    if now - session[BEGAN] > LONGEST or now - session[SEEN] > IDLE:
        return True
    if now - session[SEEN] > WRITTEN_EVERY:
        session[SEEN] = now
    return False


def sessions_of(user: User) -> list[str]:
    """Return the keys of a user's sessions; readers have none, so there are few to look through."""
    living = Session.objects.filter(expire_date__gt=timezone.now())
    return [each.pk for each in living if each.get_decoded().get(SESSION_KEY) == str(user.pk)]


def end_sessions(user: User, except_key: str | None = None) -> int:
    """End a user's sessions, except one; returns how many there were."""
    return Session.objects.filter(pk__in=set(sessions_of(user)) - {except_key}).delete()[0]
