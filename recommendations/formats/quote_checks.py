"""The answer to "did they really say it?" as JSON."""

import json

from recommendations.search.quote_check import Place, QuoteCheck

from .absolute_url import permalink

FOLDED = "White space and the shape of quotation marks are not compared, nor are note markers."


def described(found: QuoteCheck) -> dict:
    """Return the answer as JSON holds it: a verdict, and where the words or the nearest stand."""
    return {
        "verdict": found.verdict,
        "claim": found.claim,
        "texts_searched": found.searched,
        "compared": FOLDED,
        "places": [_place(place) for place in found.places],
        "nearest": _place(found.nearest) if found.nearest else None,
        "likeness": found.percent / 100 if found.nearest else None,
    }


def rendered(found: QuoteCheck) -> str:
    """Return the answer as text of a JSON document."""
    return json.dumps(described(found), ensure_ascii=False, indent=2) + "\n"


def _place(place: Place) -> dict:
    return {
        "source": place.source.code,
        "title": place.source.title,
        "url": permalink(place.address),
        "words": place.words,
        "start": place.start,
        "end": place.end,
        "text_number": place.text_number,
        "former_text": place.is_former,
        "part_of_a_sentence": place.is_part,
        "quoted_in": [
            {
                "code": each.version.snapshot["code"],
                "version": each.version.number,
                "url": permalink(each.version.get_absolute_url()),
                "latest": each.is_latest,
                "status": "withdrawn" if each.is_withdrawn else "published",
            }
            for each in place.quoting
        ],
    }
