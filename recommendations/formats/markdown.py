"""Markdown (CommonMark 0.31): a briefing whose words come back exactly when it is rendered."""

import re

from . import citations
from .absolute_url import permalink

# what CommonMark, GitHub and Pandoc interpret anywhere in a line
SPECIAL = re.compile(r"[\\`*_\[\]<>&~|$#]")
# what opens a block at the start of a line
OPENERS = re.compile(r"^([ \t]*)([-+=]|\d+(?=[.)]))", re.MULTILINE)
# space that a renderer would drop, or make a block of
EDGES = re.compile(r"^[ \t]+|[ \t]+$", re.MULTILINE)


def briefing(gathered) -> str:
    """Render a briefing: recommendations with footnotes, documents cited, and what is missing.

    The footnotes are those of GitHub and Pandoc; a renderer without them shows them as they are.
    """
    as_of = f", as of {gathered.as_of.day} {gathered.as_of:%B %Y}" if gathered.as_of else ""
    opening = f"TECH7 Recommendations, quoted word for word{as_of}: <{gathered.link}>"
    parts = ["# Briefing", opening]
    parts += [block for item in gathered.items for block in _item(item)]
    works = [_work(source, codes) for source, codes in gathered.works]
    missing = [_missing(each) for each in gathered.missing]
    for title, lines in {"Documents cited": works, "Not in this briefing": missing}.items():
        parts += [f"## {title}", "\n".join(lines)] if lines else []
    parts += [f"[^{item.number}]: {escape(item.note)} <{item.url}>" for item in gathered.items]
    return "\n\n".join(parts) + "\n"


def escape(text: str) -> str:
    """Write one line of words so that a renderer gives back these words and nothing else."""
    return _escaped(citations.one_line(text))


def quoted(text: str) -> str:
    """Write a passage as a block quote; a line break in it stays one."""
    return "> " + _escaped(text.strip("\n")).replace("\n", "\\\n> ")


def _escaped(text: str) -> str:
    text = SPECIAL.sub(r"\\\g<0>", text)
    text = OPENERS.sub(
        lambda found: found[1] + (f"\\{found[2]}" if found[2] in "-+=" else f"{found[2]}\\"), text
    )
    return EDGES.sub(lambda found: "".join(f"&#{ord(each)};" for each in found[0]), text)


def _item(item) -> list[str]:
    entry = item.entry
    themes = "".join(f" · {escape(theme.label)}" for theme in entry.themes.all())
    code = f"[{entry.code}](<{permalink(entry.get_absolute_url())}>)"
    head = [
        f"## {item.number}. {escape(entry.title)}",
        f"{code}{themes}[^{item.number}]",
    ]
    head += [f"To: {escape(item.to)}"] if item.to else []
    return head + [block for passage in entry.passages for block in _passage(passage)]


def _passage(passage) -> list[str]:
    """Quote a passage and, if a correction removed it from the text, link the former one."""
    former = f"From a former text, corrected since: <{permalink(passage.text_address)}>"
    return [quoted(passage.words), *([former] if passage.is_orphan else [])]


def _work(source, codes: list[str]) -> str:
    title = f"[{escape(source.title)}](<{source.url}>)" if source.url else escape(source.title)
    issuers = "".join(f", {escape(issuer.name)}" for issuer in source.issuers.all())
    return (
        f"- {title}{issuers}, {source.issued_on.day} {source.issued_on:%B %Y}. Cited by "
        f"{', '.join(codes)}."
    )


def _missing(missing) -> str:
    instead = f" Use {missing.final.code} instead." if missing.replace else ""
    return f"- {escape(missing.why)}{instead}"
