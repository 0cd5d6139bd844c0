"""What each made file is due, and files on both sides of every limit, so that no limit hides behind
another.

The figures are the site's promises, written here a second time: a limit that is raised or gone is
told by its file.
"""

import hashlib
from collections.abc import Iterator

from tests.extraction_samples import archive, page, pdf

from .bomb_files import BODY, MEGABYTE, OPENING, PAGE, SAMPLE, WORD, document

ANY, READ = "", "it is read"
BIG, BOMB = "too big", "unpacks to far more"
DEEP, ENTITY = "nested too deeply", "declares entities"
LINES, SIGNS, LEAVES = "more than 20,000 lines", "than 2,000,000 characters", "more than 300 pages"
DUE = {
    "docx: 200 MB of zeros": BOMB,
    "docx: 200 MB of spaces": BOMB,
    "docx: a thousand members that overlap": BOMB,
    "docx: a member that claims 4 GB": BOMB,
    "docx: a million laughs": ENTITY,
    "docx: quadratic growth": ENTITY,
    "docx: an entity of a file": ENTITY,
    "docx: an entity of a server": ENTITY,
    "docx: tables in tables": DEEP,
    "docx: a huge attribute": BOMB,
    "docx: members that lead out of it": "paths that lead out of it",
    "docx: 100,000 members": BIG,
    "html: 100,000 nested tags": DEEP,
    "html: 100,000 nested words in bold": DEEP,
    "html: 50,000 nested lists": DEEP,
    "html: tables in tables": DEEP,
    "pdf: 10,000 pages": LEAVES,
    "pdf: 300 full pages": READ,
    "pdf: a password": "locked with a password",
    "txt: bullets": READ,
}
Border = tuple[str, str, bytes, str]  # what it is, its name, its bytes, what it is due


def borders() -> Iterator[Border]:
    """Yield files that hold just as much as is allowed, and files that hold a little more."""
    for what, kind, data, due in (*weights(), *lengths(), *archives(), *depths()):
        yield f"{kind}: {what}", f"sample.{kind}", data, due


def weights() -> Iterator[Border]:
    """Yield files by their bytes: 10 MB are allowed."""
    for size, due in ((10 * MEGABYTE, READ), (10 * MEGABYTE + 1, BIG), (12 * MEGABYTE, BIG)):
        yield f"{size:,} bytes", "html", PAGE.ljust(size), due


def lengths() -> Iterator[Border]:
    """Yield files by their characters, lines and pages."""
    yield "2,000,000 characters", "txt", b"sample a " * 222_222 + b"ab", READ
    yield "2,000,001 characters", "txt", b"sample a " * 222_222 + b"abc", SIGNS
    for number, due in ((20_000, READ), (20_001, LINES)):
        yield f"{number:,} lines", "txt", "• Sample companies act.\n".encode() * number, due
    for number, due in ((300, READ), (301, LEAVES)):
        yield (
            f"{number} pages",
            "pdf",
            pdf([[(72, 700, 11, "Sample words.")] for _ in range(number)]),
            due,
        )


def archives() -> Iterator[Border]:
    """Yield Word files by what they unpack to: 2,000 members, 100 MB, 200 bytes for each packed
    one.
    """
    held = WORD.count(b"PK\1\2")
    for number, due in ((2000, READ), (2001, BOMB)):
        more = {f"word/sample{n}.txt": b"" for n in range(number - held)}
        yield f"{number:,} members", "docx", archive(more, WORD), due
    yield (
        "3 MB, tightly packed",
        "docx",
        archive({"word/sample.bin": bytes(3 * MEGABYTE)}, WORD),
        BOMB,
    )
    for size, due in ((90, READ), (101, BOMB)):
        yield (
            f"{size} MB, loosely packed",
            "docx",
            archive({"word/sample.bin": loose(size * MEGABYTE)}, WORD),
            due,
        )


def depths() -> Iterator[Border]:
    """Yield files by how deep their tags are nested, and by what they declare."""
    for number, due in ((190, READ), (201, DEEP)):
        nest = f"{SAMPLE}</w:t></w:r></w:p>{'<w:x>' * number}{'</w:x>' * number}<w:p><w:r><w:t>"
        yield f"{number} tags in one another", "docx", document((BODY % nest).encode()), due
    for number, due in ((240, READ), (251, DEEP)):
        yield (
            f"{number} tags in one another",
            "html",
            page(f"{'<div>' * number}<p>{SAMPLE}</p>"),
            due,
        )
    yield (
        "a document type",
        "docx",
        document(OPENING + b"<!DOCTYPE sample>" + (BODY % SAMPLE).encode()),
        ENTITY,
    )
    thief = '<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    yield (
        "an entity of a file, in its type",
        "html",
        f"{thief}<html><body><p>&a; {SAMPLE}</p>".encode(),
        ANY,
    )


def loose(size: int) -> bytes:
    """Make bytes that pack to about a fortieth, which is no bomb by its ratio."""
    return b"".join(hashlib.sha256(b"%d" % n).digest() + bytes(2016) for n in range(size // 2048))


def pasted() -> Iterator[tuple[str, bytes, str]]:
    """Yield texts to paste, as a form sends them, and what each is due."""
    yield "2,000,000 characters", b"pasted+a+" * 222_222 + b"ab", READ
    yield "2,000,001 characters", b"pasted+a+" * 222_222 + b"abc", SIGNS
    yield "12 MB", b"a" * (12 * MEGABYTE), BIG
    yield "9.5 MB", b"a" * (9 * MEGABYTE + MEGABYTE // 2), BIG
    yield "nothing", b"", "one of the two"
    yield "spaces", b"+%0D%0A" * 1000, "one of the two"
    yield "a NUL", b"Sample%00words+of+a+declaration.", "Null characters are not allowed"
    yield "half a surrogate pair", b"%ED%A0%80+We+call+on+governments+to+act+on+samples.", READ
    yield "no UTF-8", b"%FF%FE%80+We+call+on+companies+to+act+on+samples.", READ
