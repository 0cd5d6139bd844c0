"""The language of a text, by its script and its most frequent small words."""

import re
from collections import Counter

SMALL_WORDS = {
    "en": "the and of to in that for is with this are we by on our as will be it from",
    "fr": "le la les des et du une dans pour que qui sur nous est au aux par avec cette sont",
    "de": "der die das und den von zu mit für ist ein eine auf dem des wir nicht im als auch",
    "it": "il la di che e per del della le un una sono con nel dei delle gli alla anche si",
    "es": "el la los de y que en las del para con una por es al se lo como más nuestro",
}
SCRIPTS = {"ja": r"[\u3040-\u30ff]", "ko": r"[\uac00-\ud7af]", "zh": r"[\u4e00-\u9fff]"}
TAG = re.compile(r"[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8})*")  # BCP 47: language and subtags
LONGEST_TAG = 12  # what a source can hold
ENOUGH = 5  # small words before a guess outweighs what the file says of itself
SAMPLE = 20_000  # code points looked at


def tell(text: str, declared: str) -> str:
    """Return a BCP 47 tag: the declared one unless the words differ; "en" if unknown."""
    tag = declared.strip().replace("_", "-")
    tag = tag if TAG.fullmatch(tag) and len(tag) <= LONGEST_TAG else ""
    spoken = _spoken(text[:SAMPLE])
    return spoken if spoken and tag.split("-")[0].lower() != spoken else tag or "en"


def _spoken(text: str) -> str:
    """Return the language a text is evidently in, or ""."""
    for tag, letters in SCRIPTS.items():
        if len(re.findall(letters, text)) > len(text) / 10:
            return tag
    counts = Counter(re.findall(r"[^\W\d_]+", text.lower()))
    hits = {tag: sum(counts[word] for word in words.split()) for tag, words in SMALL_WORDS.items()}
    best, second = sorted(hits, key=lambda tag: hits[tag], reverse=True)[:2]
    return best if hits[best] >= ENOUGH and hits[best] > 1.5 * hits[second] else ""
