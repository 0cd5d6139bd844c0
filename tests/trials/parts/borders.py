"""Where one HTTP message ends and the next begins: messages that servers have been known to
disagree about.

Each is sent with a request that hides in it, or comes after it, and a last one that ends the
connection. A reader that is strict by RFC 9112 sees certain requests and no others; a server
answers these, or refuses with 4xx and hangs up.
"""

import re
from collections.abc import Iterator

HOST = b"Host: 127.0.0.1\r\n"
STATUS = re.compile(rb"(?:^|(?<=[\r\n>}]))HTTP/1\.[01] (\d{3}) ")
OWN = {
    501,
    505,
}  # a server's own words for a method and a version that it does not know (RFC 9110, section 15.6)
READ, SENT, HIDES = 200, 303, 404  # what the three kinds of request below are answered
BODY = b"theme=dark&next=%2Fabout%2F"
CHUNKS = b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)
CHUNKED = b"Transfer-Encoding: chunked\r\n"
LENGTH = b"Content-Length: %d\r\n" % len(BODY)


def get(path: bytes = b"/livez", more: bytes = b"", host: bytes = HOST) -> bytes:
    """Return a request for reading."""
    return b"GET " + path + b" HTTP/1.1\r\n" + host + more + b"\r\n"


def send(more: bytes, body: bytes = BODY, version: bytes = b"1.1") -> bytes:
    """Return a form that the site reads whole before it answers."""
    kind = b"Content-Type: application/x-www-form-urlencoded\r\n"
    return b"POST /appearance HTTP/" + version + b"\r\n" + HOST + kind + more + b"\r\n" + body


HIDDEN = get(b"/hidden")
LAST = get(b"/livez", b"Connection: close\r\n")


def sized(size: bytes, body: bytes = BODY, end: bytes = b"\r\n") -> bytes:
    """Return chunks of which the first has a size as it is given."""
    return send(CHUNKED, size + end + body + b"\r\n0\r\n\r\n")


def long(more: bytes) -> bytes:
    """Return a form whose length covers chunks, and more than chunks."""
    return send(more, b"0\r\n\r\n" + HIDDEN)


BOTH = b"Content-Length: %d\r\n" % len(b"0\r\n\r\n" + HIDDEN)
INSIDE = b"%x\r\n%b\r\n0\r\n\r\n" % (len(HIDDEN), HIDDEN)
SHORT = b"Content-Length: 4\r\n"  # ends before what hides inside
SIZE = b"%x" % len(BODY)

# What is sent before LAST, and the answers to the requests that a strict reader sees; None where it
# hangs up.
BORDERS: dict[str, tuple[bytes, tuple[int | None, ...]]] = {
    # Both ways of telling the length (RFC 9112, section 6.3): the chunks count, and nothing that
    # comes after them.
    "a length and chunks": (long(BOTH + CHUNKED), (SENT, None)),
    "chunks and a length": (long(CHUNKED + BOTH), (SENT, None)),
    "a short length and chunks": (send(SHORT + CHUNKED, INSIDE), (SENT, None)),
    "chunks and a length, far apart": (
        long(CHUNKED + b"X-Sample: a\r\n" * 50 + BOTH),
        (SENT, None),
    ),
    "reading, a length and chunks": (
        get(more=BOTH + CHUNKED) + b"0\r\n\r\n" + HIDDEN,
        (READ, None),
    ),
    # Lengths that are none, or two (sections 6.2 and 6.3).
    "two lengths": (send(LENGTH + b"Content-Length: 0\r\n") + HIDDEN, (None,)),
    "two lengths, turned": (send(b"Content-Length: 0\r\n" + LENGTH) + HIDDEN, (None,)),
    "two lengths in one": (send(b"Content-Length: 0, %d\r\n" % len(BODY)) + HIDDEN, (None,)),
    "one length twice": (send(LENGTH + LENGTH) + HIDDEN, (SENT, HIDES, READ)),
    "a length with zeros": (
        send(b"Content-Length: 00%d\r\n" % len(BODY)) + HIDDEN,
        (SENT, HIDES, READ),
    ),
    **{
        f"a length of {value!r}": (send(b"Content-Length: " + value + b"\r\n") + HIDDEN, (None,))
        for value in (
            *(b"+27", b"-1", b"-0", b"0x1b", b"2 7", b"27;", b"27a", b"2_7", b"", b"27\x0b"),
            *(
                b"\xd9\xa2\xd9\xa7",
                b"27.0",
                b"1e1",
                b"18446744073709551643",
                b"99999999999999999999999",
            ),
        )
    },
    "a length by another name": (
        send(LENGTH + b"Content_Length: 0\r\n") + HIDDEN,
        (SENT, HIDES, READ),
    ),
    # Chunks that are none, in the end (section 6.1), or that only some see.
    **{
        f"chunks as {value!r}": (
            send(b"Transfer-Encoding: " + value + b"\r\n" + SHORT, INSIDE),
            (None,),
        )
        for value in (
            *(
                b"xchunked",
                b"chunkedx",
                b'"chunked"',
                b"chunked\x0b",
                b"\x0bchunked",
                b"chunked\x00",
            ),
            *(
                b"identity",
                b"chunked, identity",
                b"chunked;a=b",
                b"chunk",
                b"",
                b"gzip",
                b"\xa0chunked",
            ),
        )
    },
    **{
        f"chunks as {value!r} without a length": (
            send(b"Transfer-Encoding:" + value + b"\r\n", CHUNKS),
            (SENT, READ),
        )
        for value in (
            b"chunked",
            b" chunked",
            b"   chunked",
            b"\tchunked",
            b" chunked \t",
            b" Chunked",
            b" CHUNKED",
        )
    },
    "chunks twice": (send(CHUNKED + b"Transfer-Encoding: identity\r\n", CHUNKS) + HIDDEN, (None,)),
    "chunks twice, turned": (
        send(b"Transfer-Encoding: identity\r\n" + CHUNKED, CHUNKS) + HIDDEN,
        (SENT, HIDES, READ),
    ),
    "chunks and chunks": (send(CHUNKED + CHUNKED, CHUNKS) + HIDDEN, (SENT, HIDES, READ)),
    "chunks by another name": (long(b"Transfer_Encoding: chunked\r\n" + BOTH), (SENT, READ)),
    "chunks of HTTP/1.0": (send(CHUNKED, CHUNKS, b"1.0") + HIDDEN, (SENT, None)),
    # Sizes of chunks (section 7.1).
    "a size": (sized(SIZE) + HIDDEN, (SENT, HIDES, READ)),
    "a size with zeros": (sized(b"000" + SIZE) + HIDDEN, (SENT, HIDES, READ)),
    "a size in capitals": (sized(SIZE.upper()) + HIDDEN, (SENT, HIDES, READ)),
    "a size with words": (sized(SIZE + b';a=b;c="d"') + HIDDEN, (SENT, HIDES, READ)),
    "a trailer": (
        send(CHUNKED, CHUNKS[:-2] + b"X-Sample: a\r\n\r\n") + HIDDEN,
        (SENT, HIDES, READ),
    ),
    "a trailer with a length": (
        send(CHUNKED, CHUNKS[:-2] + BOTH + b"\r\n") + HIDDEN,
        (SENT, HIDES, READ),
    ),
    **{
        f"a size of {value!r}": (sized(value) + HIDDEN, (SENT, None))
        for value in (
            b"+1b",
            b"-1b",
            b"0x1b",
            b" 1b",
            b"1 b",
            b"1_b",
            b"1b\x00",
            b"1g",
            b"",
            b"1b\x0b",
            b"\xd9\xa1",
        )
        + (b"1000000000000001b", b"ffffffffffffffff1b", b"ffffffffffffffff", b"1b;a\rb", b"1b;a\nb")
    },
    "a size before a line feed": (sized(SIZE, end=b"\n") + HIDDEN, (SENT, None)),
    "a size before a carriage return": (sized(SIZE, end=b"\r") + HIDDEN, (SENT, None)),
    "a chunk longer than its size": (sized(b"1a") + HIDDEN, (SENT, None)),
    "a chunk that ends in another way": (
        send(CHUNKED, SIZE + b"\r\n" + BODY + b"\n0\n\n") + HIDDEN,
        (SENT, None),
    ),
    # The server takes all before the next empty line for a trailer, and answers nothing of it.
    "chunks that end in another way": (send(CHUNKED, CHUNKS[:-2] + b"\n") + HIDDEN, (SENT, READ)),
    # Lines (sections 2.2, 3 and 5).
    "a line feed in a field": (
        long(b"X-Sample: a\nTransfer-Encoding: chunked\r\n" + BOTH),
        (SENT, None),
    ),
    "a carriage return in a field": (
        long(b"X-Sample: a\rTransfer-Encoding: chunked\r\n" + BOTH),
        (None,),
    ),
    "a folded coding": (long(b"Transfer-Encoding:\r\n chunked\r\n" + BOTH), (SENT, None)),
    "a folded length": (send(b"Content-Length: 2\r\n 7\r\n") + HIDDEN, (None,)),
    "a folded field": (long(b"X-Sample: a\r\n Transfer-Encoding: chunked\r\n" + BOTH), (None,)),
    "a space before the colon of a coding": (
        long(b"Transfer-Encoding : chunked\r\n" + BOTH),
        (None,),
    ),
    "a tab before the colon of a coding": (
        long(b"Transfer-Encoding\t: chunked\r\n" + BOTH),
        (None,),
    ),
    "a space before the colon of a length": (
        send(b"Content-Length : %d\r\n" % len(BODY)) + HIDDEN,
        (None,),
    ),
    "a space before the first field": (get(host=b" Host: 127.0.0.1\r\n") + HIDDEN, (None,)),
    "a space before a coding": (long(BOTH + b" Transfer-Encoding: chunked\r\n"), (None,)),
    "a NUL in a name": (long(b"Transfer-\x00Encoding: chunked\r\n" + BOTH), (None,)),
    "a field without a colon": (send(LENGTH + b"Sample\r\n") + HIDDEN, (None,)),
    "line feeds only": (get().replace(b"\r\n", b"\n") + HIDDEN, (READ, HIDES, READ)),
    "carriage returns only": (get().replace(b"\r\n", b"\r") + HIDDEN, (None,)),
    "an empty line before": (b"\r\n" + get() + HIDDEN, (READ, HIDES, READ)),
    "a body nobody told of": (get() + BODY + b"\r\n\r\n" + HIDDEN, (READ, None)),
    # A body where none is wanted, and what comes after it.
    "a body of a reading": (get(more=LENGTH) + BODY + HIDDEN, (READ, HIDES, READ)),
    "a body of a reading, in chunks": (get(more=CHUNKED) + CHUNKS + HIDDEN, (READ, HIDES, READ)),
    "a request as a body": (
        get(more=b"Content-Length: %d\r\n" % len(HIDDEN)) + HIDDEN,
        (READ, READ),
    ),
    "an empty body of a reading": (
        get(more=b"Content-Length: 0\r\n") + HIDDEN,
        (READ, HIDES, READ),
    ),
    "a body of a head": (
        get(more=LENGTH).replace(b"GET", b"HEAD") + BODY + HIDDEN,
        (READ, HIDES, READ),
    ),
    "a form, then a request": (send(LENGTH) + HIDDEN, (SENT, HIDES, READ)),
}


def faults(name: str, said: bytes, is_closed: bool, seen: tuple[int | None, ...]) -> Iterator[str]:
    """Say what is wrong with what a server said to requests of which a strict reader sees these."""
    statuses = tuple(int(each) for each in STATUS.findall(said))
    wanted = tuple(status for status in seen if status)
    *before, last = statuses or (0,)
    is_refused = (400 <= last < 500 and last != HIDES) or last in OWN
    is_right = (wanted and statuses == wanted) or (
        is_refused and tuple(before) == wanted[: len(before)]
    )
    if not is_right or not is_closed:
        end = "hangs up" if is_closed else "waits for more"
        yield f"{name}: a strict reader sees {wanted}, and the server answers {statuses} and {end}"
