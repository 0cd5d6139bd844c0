"""The social cards of pages that are no recommendation; the address of a card says what is on it.

It is signed, so that nobody can have other words drawn under the name of the site.
"""

from urllib.parse import urlencode

from django.core.signing import BadSignature, Signer

from . import social_card
from .absolute_url import permalink

PATH = "/recommendations.png"
SIGNER = Signer(salt="page card")


def address(title: str, note: str, icons: list[tuple[str, str]]) -> str:
    """Return the absolute address of a card with a title, themes as (icon, label), and a note."""
    token = SIGNER.sign_object([title, note, icons], compress=True)
    return permalink(f"{PATH}?{urlencode({'of': token})}")


def read(token: str) -> social_card.Card:
    """Return the card that an address asks for; raises BadSignature."""
    try:
        title, note, icons = SIGNER.unsign_object(token)
    except ValueError as unreadable:
        raise BadSignature(token) from unreadable
    themes = tuple((icon, label) for icon, label in icons)
    return social_card.Card("", (), themes, note, "", title=title)
