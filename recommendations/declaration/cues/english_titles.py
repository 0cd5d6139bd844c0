"""How an English sentence that asks becomes a title in the imperative.

Each pattern names groups: `do` is an action as it stands, `ing` one in that form, `done` one as a participle, `it` and
`rest` what the action is done to, `thing` what is wanted. Templates are filled with them; `{do}` serves all three forms.
"""

# ruff: noqa: E501 - a pattern is read on one line

from .language import listed

_MODAL = r"(?:must|should|needs? to|ought to|shall|ha(?:s|ve) to|might|could)"
_ADV = r"(?:(?:\w+ly|also|all|both|together|therefore|now|further|always|in turn|first|at least) )*"
_ASK = (
    r"\b(?:call(?:s|ed)? (?:\w+ )?(?:up)?on|urge[sd]?|ask(?:s|ed)?|encourage[sd]?|invite[sd]?|request(?:s|ed)?|want|wants"
    r"|expects?|would like|task|appeals? to|advise[sd]?|to see|recommend(?:s|ed)?)\b"
)
_FOR = (
    r"\b(?:call(?:s|ed)? (?:\w+ )?for|calling for|recommend(?:s|ed)?|propose[sd]?|suggest(?:s|ed)?|encourage[sd]?|advocates?(?: for)?|asks? for"
    r"|demands?|requires?|need for|needs?|importance of|calls? (?:\w+ )?for|welcome|want(?:s)? to see|would like to see|like to see)"
)
_GREAT = r"(?:essential|crucial|critical|vital|important|imperative|necessary|urgent|time|high time|paramount|key|of [\w ]*importance)"
_BE = r"(?:is|are|remains?|will be|becomes?)"

TITLES = (
    (rf"{_ASK} [^;:.]{{2,160}}? not to (?P<do>[a-z].*)", "do not {do}"),
    (rf"{_ASK} (?!that\b)[^;:.]{{2,160}}? to (?P<do>{_ADV}[a-z].*)", "{do}"),
    (rf"(?:that|and) (?P<it>[^,;:.]{{2,90}}?) (?:{_MODAL} )?be {_ADV}(?P<done>\w+)(?P<rest>.*)", "{do} {it}{rest}"),
    (rf"\bthat [^,;:.]{{2,90}}? {_MODAL} {_ADV}(?P<do>(?!be\b|not\b)[a-z].*)", "{do}"),
    (rf"{_FOR} (?P<ing>\w+ing)\b(?P<rest>.*)", "{do}{rest}"),
    (rf"\b{_GREAT},?(?: \w+,)? (?:for [^,;:.]{{2,80}}? )?to (?P<do>[a-z].*)", "{do}"),
    (r"\b(?:need|time|first|second|third|next|last|priority is|duty) (?:\w+ )?(?:is )?to (?P<do>[a-z].*)", "{do}"),
    (rf"(?P<it>[^,;:.]{{2,110}}?) {_MODAL} {_ADV}not {_ADV}be (?P<done>\w+)(?P<rest>.*)", "do not {do} {it}{rest}"),
    (rf"(?P<it>[^,;:.]{{2,110}}?) {_MODAL} {_ADV}be {_ADV}(?P<done>\w+)(?P<rest>.*)", "{do} {it}{rest}"),
    (rf"\b{_MODAL} be to (?P<do>[a-z].*)", "{do}"),
    (rf"\b{_MODAL} {_ADV}not {_ADV}(?P<do>(?!be\b)[a-z].*)", "do not {do}"),
    (rf"\b{_MODAL} {_ADV}(?P<do>(?!not\b)[a-z].*)", "{do}"),
    (rf"(?:^|, )(?P<ing>\w+ing)\b(?P<rest>[^;:.]{{3,160}}?) {_BE} (?:\w+ )?{_GREAT}", "{do}{rest}"),
    (rf"{_FOR} (?P<thing>[a-z].*)", "ensure {thing}"),
    (rf"(?:^|, )(?P<thing>[^,;:.]{{3,120}}?) {_BE} (?:\w+ )?{_GREAT}", "ensure {thing}"),
    (r"^(?:please |let us |let’s |let's |to )(?P<do>[a-z].*)", "{do}"),
    (r"^(?P<ing>\w+ing)\b(?P<rest>.*)", "{do}{rest}"),
)

# Before the action itself: connectives that a title does without.
OPENINGS = (
    r"^(?:[“\"‘'(]+|(?:lastly|finally|first|second|third|firstly|secondly|thirdly|moreover|furthermore|therefore|in addition|in particular"
    r"|above all|also|and|but|to this end|to that end|however|we (?:therefore )?believe (?:that )?)\b,? ?)+"
)

IRREGULAR = {
    "made": "make", "built": "build", "rebuilt": "rebuild", "given": "give", "put": "put", "set": "set", "kept": "keep",
    "held": "hold", "brought": "bring", "taken": "take", "written": "write", "sent": "send", "taught": "teach",
    "spent": "spend", "led": "lead", "drawn": "draw", "shown": "show", "let": "let", "cut": "cut", "done": "do",
    "met": "meet", "paid": "pay", "won": "win", "chosen": "choose", "driven": "drive", "grown": "grow", "read": "read",
    "told": "tell", "withdrawn": "withdraw", "upheld": "uphold", "overseen": "oversee", "undertaken": "undertake",
    "spread": "spread", "sought": "seek", "left": "leave", "found": "find", "lent": "lend", "seen": "see", "run": "run",
}  # fmt: skip

DANGLING = frozenset(
    listed(
        """and or but of in on at to for from by with without as than that which who the a an its their our so such
    including is are be between into against through over under both not more most per if when while where whose
    these this those all any each every other especially particularly"""
    )
)
