"""Draws the card: wordmark, code, highlighted quote, themes with icons, source."""

import hashlib
import io
import json
from dataclasses import astuple, dataclass
from threading import Lock

from PIL import Image, ImageDraw

from .fonts import BOLD, SANS, SERIF, drawable, font, runs, width
from .setting import Block, fitted, set_quote

# counted up with every change of what is drawn, so that no older picture is taken from the folder
DESIGN = 3
WIDTH, HEIGHT = 1200, 630
MARGIN = 64
ROOM = (WIDTH - 2 * MARGIN, 318)  # of the quote
TOP, BOTTOM = 148, 466  # of the quote
# The light colours of static/css/tokens.css, which a test compares; a picture has no dark mode.
PAPER, INK, SOFT, HIGHLIGHT, PEN = "#fdfdfb", "#15202b", "#4b5965", "#ffe873", "#ffdf3d"
HUES = {
    "circle": "#8a5800",
    "triangle": "#9c2a6c",
    "square": "#1a5d9e",
    "diamond": "#14694a",
    "hourglass": "#5a48b5",
    "hexagon": "#0f6674",
    "cross": "#9a3b1f",
    "chevron": "#5a6410",
}
SHAPES = {  # in hundredths of the side, as --shape has them
    "triangle": ((50, 4), (100, 96), (0, 96)),
    "square": ((7, 7), (93, 7), (93, 93), (7, 93)),
    "diamond": ((50, 0), (100, 50), (50, 100), (0, 50)),
    "hourglass": ((4, 0), (96, 0), (4, 100), (96, 100)),
    "hexagon": ((25, 5), (75, 5), (100, 50), (75, 95), (25, 95), (0, 50)),
    "cross": (
        *((33, 0), (67, 0), (67, 33), (100, 33), (100, 67), (67, 67)),
        *((67, 100), (33, 100), (33, 67), (0, 67), (0, 33), (33, 33)),
    ),
    "chevron": ((0, 0), (55, 0), (100, 50), (55, 100), (0, 100), (45, 50)),
}
FINE = 8  # times larger an icon is drawn, for smooth edges
ONE_AT_A_TIME = Lock()  # a font may not be used by two threads at once


@dataclass(frozen=True)
class Card:
    """What a card says; themes are (icon, label), a remark comes before the source.

    The card of a page that is no recommendation has a title, in the editors' type, and no quotes.
    """

    code: str
    quotes: tuple[str, ...]
    themes: tuple[tuple[str, str], ...]
    issuers: str
    source: str
    remark: str = ""
    title: str = ""


def key(card: Card) -> str:
    """Return the name of a card's picture: the same for the same content drawn the same way."""
    return hashlib.sha256(json.dumps([DESIGN, astuple(card)]).encode()).hexdigest()[:16]


def draw(card: Card) -> bytes:
    """Draw a card and return it as PNG, byte for byte the same each time."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    with ONE_AT_A_TIME:
        canvas = ImageDraw.Draw(image)
        _head(canvas, card)
        if card.title:
            title = fitted(drawable(card.title), ROOM, BOLD) or Block(34, [])
            _words(canvas, title, BOLD, "")
        else:
            _words(canvas, set_quote(card.quotes, ROOM), SERIF, HIGHLIGHT)
        _themes(canvas, image, card)
        named = ", ".join(filter(None, [card.remark, card.issuers, card.source]))
        _line(canvas, (MARGIN, 578), _fitting(named, SANS, 27), SANS, 27, SOFT)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _head(canvas: ImageDraw.ImageDraw, card: Card) -> None:
    """Draw wordmark, code and the rule under them."""
    x = _line(canvas, (MARGIN, 84), "TECH", SERIF, 36, INK) + 3
    seven = width("7", SERIF, 36)
    canvas.rectangle((x, 53, x + seven + 8, 90), fill=PEN)
    _line(canvas, (x + 4, 84), "7", SERIF, 36, INK)
    _line(canvas, (x + seven + 20, 84), "Recommendations", SERIF, 36, INK)
    _line(canvas, (WIDTH - MARGIN - width(card.code, BOLD, 30), 83), card.code, BOLD, 30, INK)
    canvas.rectangle((MARGIN, 110, WIDTH - MARGIN - 1, 111), fill=INK)


def _words(canvas: ImageDraw.ImageDraw, block: Block, face: str, marked: str) -> None:
    """Draw lines of words, each under the highlighter as far as it goes, if `marked`."""
    baseline = (
        TOP + (BOTTOM - TOP - len(block.lines) * block.leading) // 2 + round(block.size * 1.05)
    )
    for line in block.lines:
        end = MARGIN + width(line, face, block.size)
        top, bottom = baseline - round(block.size * 0.92), baseline + round(block.size * 0.34)
        if marked:
            canvas.rectangle((MARGIN - 10, top, end + 10, bottom), fill=marked)
        _line(canvas, (MARGIN, baseline), line, face, block.size, INK)
        baseline += block.leading


def _themes(canvas: ImageDraw.ImageDraw, image: Image.Image, card: Card) -> None:
    """Draw each theme as icon and label, as many as fit."""
    x: float = MARGIN
    for icon, label in card.themes:
        if x + 36 + width(drawable(label), SANS, 27) > WIDTH - MARGIN:
            break
        stamp = _icon(icon, 24)
        image.paste(HUES[icon], (round(x), 511), stamp)
        x = _line(canvas, (x + 36, 532), drawable(label), SANS, 27, INK) + 40


def _icon(icon: str, side: int) -> Image.Image:
    """Return a theme's icon as a mask."""
    large = side * FINE
    mask = Image.new("L", (large, large))
    if icon in SHAPES:
        points = [(x * large / 100, y * large / 100) for x, y in SHAPES[icon]]
        ImageDraw.Draw(mask).polygon(points, fill=255)
    else:
        ImageDraw.Draw(mask).ellipse((0, 0, large - 1, large - 1), fill=255)
    return mask.resize((side, side), Image.Resampling.BOX)


def _line(
    canvas: ImageDraw.ImageDraw,
    place: tuple[float, float],
    text: str,
    face: str,
    size: int,
    fill: str,
) -> float:
    """Draw a line of text from a point on its baseline; return where it ends."""
    x, baseline = place
    for found, words in runs(text, face):
        canvas.text((x, baseline), words, fill=fill, font=font(found, size), anchor="ls")
        x += font(found, size).getlength(words)
    return x


def _fitting(text: str, face: str, size: int) -> str:
    """Shorten a line at a word until it fits between the margins."""
    text = drawable(text)
    while width(text, face, size) > WIDTH - 2 * MARGIN:
        text = f"{text.rstrip(' …').rpartition(' ')[0]} …"
    return text
