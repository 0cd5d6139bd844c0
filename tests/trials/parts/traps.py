"""A text full of traps, its true quotes, and every way in which a quote of it may be a
little off.
"""

import random
import unicodedata

PARAGRAPHS = (
    "This is sample text of Cafe\u0301 and Café: Ångström, Å, ﬁnance and ﬁrst-class ofﬁces, naïve "
    "“quotes” and ‘more’.",
    "We call for sample skills1 – lifelong – and for sample e\u0301lan, ½ of all work; companies "
    "should report, too.",
    "We call\u00a0for sample standards\u2009that join\u200bed and soft\u00adened words keep, e.g. "
    "50\u202f% by 2030.",
    "  • We urge G7 governments to fund sample research on AI, IoT and 5G in every region, and to "
    "report on it.",
    "We urge G7 governments to fund sample research on AI, IoT and 5G in every region, and to "
    "publish it.",
    "Sample Ελλάδα, Россия and Paсis; sample \u202bעברית\u202c and 政府は行動すべきである。 Sample 👩\u200d💻 "
    "ends.",
    "Sample close. We ask. Sample close. We ask again for sample action of the seven, of the "
    "seven, at once.",
)
TEXT = "\n\n".join(PARAGRAPHS) + "\n"
SIGN = (TEXT.index("skills1") + 6, TEXT.index("skills1") + 7)  # of a footnote
TRUE = (
    "We call for sample skills1 – lifelong – and for sample e\u0301lan, ½ of all work",
    "We call\u00a0for sample standards\u2009that join\u200bed and soft\u00adened words keep, e.g. "
    "50\u202f% by 2030.",
    "in every region, and to report on it.",
    "in every region, and to publish it.",
    "Ångström, Å, ﬁnance and ﬁrst-class ofﬁces, naïve “quotes” and ‘more’.",
    "sample \u202bעברית\u202c and 政府は行動すべきである。 Sample 👩\u200d💻 ends.",
    "We ask again for sample action of the seven, of the seven, at once.",
)
HALVES = (
    "We call for sample skills1 –",
    "sample skills1 – lifelong",
    "for sample e\u0301lan, ½ of all",
)  # of the first
LOOKALIKES = dict(zip("aceiopxyABCEHIKMOPTXоνАΑ", "асеіорхуАВСЕНІКМОРТХoνAA", strict=True))
LIGATURES = {
    "ﬁ": "fi",
    "fi": "ﬁ",
    "ff": "ﬀ",
    "½": "1/2",
    "é": "e\u0301",
    "Å": "Å",
    "…": "...",
    "...": "…",
}
TYPED = {
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "–": "-",
    "-": "–",
    "—": "--",
    "\u00a0": " ",
    " ": "\u00a0",
}
ANOTHER = LOOKALIKES | LIGATURES | TYPED
INVISIBLE = (
    "\u200b\u200c\u200d\ufeff\u00ad\u2060\u200e\u200f\u202a\u202c\u2066\u2069\u180e\u034f\ufe0f"
)
INVISIBLE += "\u00a0\u2009\u202f\u3000\t\n"
FORMS = ("NFC", "NFD", "NFKC", "NFKD")
CASES = ("upper", "lower", "title", "swapcase", "casefold")
# signs before and after a quote that tell it from the same words elsewhere, as CONTRACT.md says
CONTEXT = 32

Kinds = dict[str, str]  # what was done to a quote, and what it then is


def kinds(quote: str) -> Kinds:
    """Return everything that is done to a quote: itself, and each change that makes it
    another one.
    """
    made = {**_signs(quote), **_others(quote), **_words(quote), **_neighbours(quote)}
    return {"nothing": quote} | {kind: other for kind, other in made.items() if other != quote}


def _signs(quote: str) -> Kinds:
    """Take a sign away, add one, or change one."""
    middle = len(quote) // 2
    made = {
        f"without sign {at}": quote[:at] + quote[at + 1 :] for at in (0, middle, len(quote) - 1)
    }
    for sign in INVISIBLE:
        name = f"U+{ord(sign):04X}"
        made |= {
            f"{name} before": sign + quote,
            f"{name} after": quote + sign,
            f"{name} around": sign + quote + sign,
        }
        made |= {
            f"{name} inside": quote[:middle] + sign + quote[middle:],
            f"{name} gone": quote.replace(sign, ""),
        }
    made |= {
        f"with {sign!a}": quote[:middle] + sign + quote[middle:] for sign in "aé1.,; \u0301\x00"
    }
    return made | {"a bit off": quote[:middle] + chr(ord(quote[middle]) ^ 1) + quote[middle + 1 :]}


def _others(quote: str) -> Kinds:
    """Write signs in another way: other forms, letters that look alike, what people type,
    capitals.
    """
    made = {form: unicodedata.normalize(form, quote) for form in FORMS}
    made |= {f"{sign!a} once": quote.replace(sign, ANOTHER[sign], 1) for sign in ANOTHER}
    made |= {f"{sign!a} always": quote.replace(sign, ANOTHER[sign]) for sign in ANOTHER}
    made |= {case: getattr(quote, case)() for case in CASES}
    made |= {
        f"spaces as {sign!a}": quote.replace(" ", sign)
        for sign in ("  ", "\n", "\r\n", "\u2003", "")
    }
    shown = "".join(sign for sign in quote if sign not in INVISIBLE)
    return made | {"nothing unseen": shown, "spaces collapsed": " ".join(quote.split())}


def _words(quote: str) -> Kinds:
    """Turn words round, leave one out, or say more than one quote."""
    words, half = quote.split(" "), len(quote.split(" ")) // 2
    made = {"turned": " ".join([*words[half:], *words[:half]]), "in marks": f"“{quote}”"}
    made |= {
        f"without word {at}": " ".join([*words[:at], *words[at + 1 :]])
        for at in (0, half, len(words) - 1)
    }
    made |= {"cut short": f"{quote[: len(quote) // 2]}…", "part": quote[: len(quote) // 2]}
    return made | {f"and quote {number}": f"{quote} {other}" for number, other in enumerate(TRUE)}


def _neighbours(quote: str) -> Kinds:
    """Say with it what stands before and after, or less."""
    start = TEXT.index(quote)
    spans = [(before, after) for before in (-1, 0, 1, 3, 8) for after in (-1, 0, 1, 4, 12)]
    return {
        f"{before} signs before, {after} after": TEXT[
            max(0, start - before) : start + len(quote) + after
        ]
        for before, after in spans
    }


def at_random(chance: random.Random, quote: str) -> str:
    """Return a quote with something done to it at any of its signs, or something of everything."""
    at, sign = chance.randrange(len(quote)), chance.choice(INVISIBLE + "aé1.,; \u0301\x00")
    made = [
        quote[:at] + quote[at + 1 :],
        quote[:at] + sign + quote[at:],
        quote[:at] + chr(ord(quote[at]) ^ 1) + quote[at + 1 :],
        f"{quote[: at + 1]}…",
        *[chance.choice(list(kinds(quote).values()))] * 6,
    ]
    return chance.choice(made)


def corrected_texts(quote: str) -> Kinds:
    """Return texts in which the words of a quote stand at several places, at another one, or
    nowhere.
    """
    start = TEXT.index(quote)
    end = start + len(quote)
    around = TEXT[max(0, start - CONTEXT) : end + CONTEXT]
    return {
        "once more before": f"{quote} Sample.\n\n{TEXT}",
        "once more after": f"{TEXT}\nSample: {quote}\n",
        "once more with all around it": f"{TEXT}\n{around}\n",
        "twice more": f"{quote} Sample.\n\n{TEXT}\nSample: {quote}\n",
        "elsewhere": f"{quote}\n\n{TEXT[:start]}Sample.{TEXT[end:]}",
        "elsewhere, twice": f"{quote}\n\n{TEXT[:start]}Sample.{TEXT[end:]}\n{quote}\n",
        "nowhere": f"{TEXT[:start]}Sample.{TEXT[end:]}",
        "in other words around": f"{TEXT[: max(0, start - 3)]}Sample {quote} "
        f"Sample.{TEXT[end + 3 :]}",
        "the paragraphs turned": "\n\n".join(reversed(TEXT.split("\n\n"))),
    }


def stands(text: str, quote: str) -> list[int]:
    """Return every place at which words stand in a text, found by comparing at each."""
    return [
        place
        for place in range(len(text) - len(quote) + 1)
        if quote and text[place : place + len(quote)] == quote
    ]


def certain_place(old: str, new: str, start: int, end: int) -> int | None:
    """Return where words of an old text surely stand in a new one: once in both, alone or with what
    is around them.
    """
    for around in (0, CONTEXT):
        first = max(0, start - around)
        words = old[first : end + around]
        if len(stands(old, words)) == 1 and len(places := stands(new, words)) == 1:
            return places[0] + start - first
    return None
