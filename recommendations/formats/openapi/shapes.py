"""The JSON answers as JSON Schema 2020-12; tests compare the two."""

from typing import Any

Shape = dict[str, Any]

TEXT: Shape = {"type": "string"}
NUMBER = {"type": "integer", "minimum": 0}
DATE = {"type": "string", "format": "date"}
MOMENT = {"type": "string", "format": "date-time"}
ADDRESS = {"type": "string", "format": "uri"}
NOTHING = {"type": "null"}


def ref(name: str) -> Shape:
    """Point at a shape by name."""
    return {"$ref": f"#/components/schemas/{name}"}


def many(shape: Shape) -> Shape:
    """Return the shape of a list."""
    return {"type": "array", "items": shape}


def perhaps(shape: Shape) -> Shape:
    """Return the shape of what may be missing, as null."""
    return {"anyOf": [shape, NOTHING]}


def record(about: str, *, optional: Shape | None = None, **members: Shape) -> Shape:
    """Return the shape of an object with these members, and perhaps the optional ones."""
    return {
        "description": about,
        "type": "object",
        "properties": members | (optional or {}),
        "required": list(members),
        "additionalProperties": False,
    }


PASSAGE: Shape = {
    "quote": TEXT
    | {
        "description": "The exact words: text[start:end] of the text that is named, in code points."
    },
    "start": NUMBER,
    "end": NUMBER,
    "prefix": TEXT,
    "suffix": TEXT,
    "paragraph": perhaps(NUMBER),
    "text": {
        "type": "integer",
        "minimum": 1,
        "description": "Which text of the source: 1 is the first that was stored, and each "
        "correction makes the next.",
    },
    "text_sha256": TEXT
    | {
        "description": "Of that text. It is not the source's where a correction left the words "
        "behind."
    },
}
SOURCE: Shape = {
    "code": TEXT,
    "title": TEXT,
    "issued_on": DATE,
    "url": TEXT | {"description": "The original's address, or an empty string."},
    "page": perhaps(ADDRESS),
    "sha256": TEXT,
    "language": TEXT,
    "issuers": many(ref("Organisation")),
}
SHAPES = {
    "Organisation": record("Who issues a declaration.", slug=TEXT, name=TEXT),
    "Addressee": record(
        "Who is asked; url selects what they are asked.", slug=TEXT, name=TEXT, url=ADDRESS
    ),
    "Theme": record("A subject of the controlled vocabulary.", slug=TEXT, label=TEXT, url=ADDRESS),
    "Tag": record("A free keyword; url selects what has it.", slug=TEXT, name=TEXT, url=ADDRESS),
    "Passage": record(
        "A place in a declaration, as in the W3C Web Annotation selectors.", **PASSAGE
    ),
    "Source": record("A declaration, without its text.", **SOURCE),
    "Work": record(
        "A work that a passage refers to.",
        code=TEXT,
        title=TEXT,
        issued_on=DATE,
        url=TEXT,
        note=TEXT,
        optional=PASSAGE,
    ),
    "Recommendation": record(
        "One ask made in one declaration.",
        code=TEXT | {"description": "Permanent: never changed, never given to anything else."},
        url=ADDRESS,
        version=perhaps({"type": "integer", "minimum": 1}),
        title=TEXT | {"description": "In the editors' words."},
        quote=TEXT
        | {"description": "The declaration's words; passages are separated by a line break."},
        summary=TEXT | {"description": "In the editors' words, or empty."},
        passages=many(ref("Passage")),
        source=ref("Source"),
        themes=many(ref("Theme")),
        tags=many(ref("Tag")),
        addressees=many(ref("Addressee")),
        refers_to=many(ref("Work")),
        published_at=perhaps(MOMENT),
        updated_at=perhaps(MOMENT) | {"description": "When the newest version appeared."},
    ),
    "Selection": record(
        "A part of what a query selects.",
        self=ADDRESS,
        count=NUMBER | {"description": "How many the whole selection holds."},
        next=perhaps(ADDRESS)
        | {"description": "The next part, to be followed unchanged; null after the last."},
        items=many(ref("Recommendation")),
        in_declarations=many(ref("Paragraph"))
        | {"description": "What a search finds in the declarations outside the recommendations."},
    ),
    "Paragraph": record(
        "A paragraph of a declaration.", source=TEXT, paragraph=NUMBER, url=ADDRESS, text=TEXT
    ),
    "Place": record(
        "A published recommendation in a text.",
        code=TEXT,
        url=ADDRESS,
        title=TEXT,
        passages=many(ref("Passage")),
    ),
    "Declaration": record(
        "A declaration with its text.",
        **SOURCE,
        short_title=TEXT,
        kind=TEXT,
        occasion=TEXT,
        retrieved_on=perhaps(DATE),
        note_signs=many({"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2})
        | {"description": "[start, end] of each footnote number attached to a word."},
        contents=many(TEXT),
        text=TEXT,
        recommendations=many(ref("Place")),
    ),
    "QuoteCheck": record(
        "Where words stand verbatim, or the passage nearest to them.",
        verdict={"enum": ["verbatim", "altered", "not found", "too short"]},
        claim=TEXT,
        texts_searched=NUMBER,
        compared=TEXT,
        places=many(ref("QuotedPlace")),
        nearest=perhaps(ref("QuotedPlace")),
        likeness=perhaps({"type": "number", "minimum": 0, "maximum": 1}),
    ),
    "QuotedPlace": record(
        "A passage of a stored text, and the versions that quote from it.",
        source=TEXT,
        title=TEXT,
        url=ADDRESS,
        words=TEXT,
        start=NUMBER,
        end=NUMBER,
        text_number=NUMBER,
        former_text={"type": "boolean"},
        part_of_a_sentence={"type": "boolean"},
        quoted_in=many(ref("QuotingVersion")),
    ),
    "QuotingVersion": record(
        "The newest version of a recommendation that quotes these words.",
        code=TEXT,
        version=NUMBER,
        url=ADDRESS,
        latest={"type": "boolean"},
        status={"enum": ["published", "withdrawn"]},
    ),
    "Fault": record(
        "One thing wrong with a query.", parameter=TEXT, detail=TEXT, advice=TEXT, url=ADDRESS
    ),
    "Problem": record(
        "Why there is no answer (RFC 9457).",
        type=TEXT,
        title=TEXT,
        status={"type": "integer"},
        detail=TEXT,
        instance=TEXT,
        optional={"problems": many(ref("Fault"))},
    ),
    "Feed": {
        "description": "A feed (jsonfeed.org, version 1.1) of the 500 entries that changed last, "
        "or come first.",
        "type": "object",
        "required": ["version", "title", "items"],
        "properties": {
            "version": {"const": "https://jsonfeed.org/version/1.1"},
            "items": many({"type": "object"}),
        },
    },
    "CSL": many({"type": "object", "required": ["id", "type"]})
    | {"description": "CSL-JSON 1.0.2."},
}
