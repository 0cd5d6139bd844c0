"""How an English sentence that asks becomes a title in the imperative.

Each pattern names groups: `do` is an action as it stands, `ing` one in that form, `done` one as a
participle, `it` and `rest` what the action is done to, `thing` what is wanted. Templates are filled
with them; `{do}` serves all three forms.
"""

import re

from . import english_words as words
from .language import Patterns, listed

_MODAL = r"(?:must|should|needs? to|ought to|shall|ha(?:s|ve) to|might|could)"
_ADV = r"(?:(?:\w+ly|also|all|both|together|therefore|now|further|always|in turn|first|at least) )*"
_ASK = (
    r"\b(?:call(?:s|ed)? (?:\w+ )?(?:up)?on|urge[sd]?|ask(?:s|ed)?|encourage[sd]?|invite[sd]?"
    r"|request(?:s|ed)?|want|wants|expects?|would like|task|appeals? to|advise[sd]?|to see"
    r"|recommend(?:s|ed)?)\b"
)
_FOR = (
    r"\b(?:call(?:s|ed)? (?:\w+ )?for|calling for|recommend(?:s|ed)?|propose[sd]?|suggest(?:s|ed)?"
    r"|encourage[sd]?|advocates?(?: for)?|asks? for|asked for|pleads? for|demands?|requires?"
    r"|need for|needs?|importance of|merit in|value in|in favour of|calls? (?:\w+ )?for|welcome"
    r"|want(?:s)? to see|would like to see|like to see)"
)
_GREAT = (
    r"(?:essential|indispensable|desirable|useful|wise|sensible|incumbent|crucial|critical|vital"
    r"|important|imperative|necessary|urgent|time|high time|paramount|key|of [\w ]*importance)"
)
_BE = r"(?:is|are|remains?|will be|becomes?)"

_ASKED = r"(?:asked|urged|called (?:up)?on|invited|encouraged|required|requested|advised|called)"
# What an action is done to, or who is to do it: not a clause of its own.
_START = r"(?:^|(?<=[;:] )|(?<=\bthat )|(?<=\bbut ))(?!(?:and|but|or|so)\b)"
_THING = (
    r"(?:(?!\b(?:where|when|if|because|we|I|says?|said|nor|they|ought|must|should|cannot|needs?"
    r"|has|have|is|are|was|were)\b)[^,;:.])"
)
_IT = rf"(?P<it>{_THING}{{2,110}}?)"
_ACTOR = rf"(?P<actor>{_THING}{{2,110}}?)"
_MUST = rf"(?<!\bwhich)(?<!\bthat)(?<!\bwho) {_MODAL} {_ADV}"
_DO, _ING = r"(?P<do>[a-z].*)", r"(?P<ing>\w+ing)\b(?P<rest>.*)"
_DONE, _AIM = r"(?P<done>\w+)(?P<rest>.*)", r"(?P<thing>[a-z].*)"

TITLES = (
    (rf"\bill advised to {_DO}", "do not {do}"),
    (rf"\b(?:well advised|would do well) to {_DO}", "{do}"),
    (rf"^{_IT}, [^;:.]{{3,120}}, {_MODAL} {_ADV}be {_ADV}{_DONE}", "{do} {it}{rest}"),
    (rf"^{_IT} (?:cannot|can no longer) be {_ADV}{_DONE}", "do not {do} {it}{rest}"),
    (rf"\b{_BE} {_ADV}{_ASKED} to {_DO}", "{do}"),
    (rf"\b(?:advise|caution|warn|argue|plead)s? against {_ING}", "do not {do}{rest}"),
    (r"\b(?:advise|caution|warn|argue|plead)s? against (?P<thing>.*)", "avoid {thing}"),
    (
        r"^what [^,.]{2,60}? (?:is|are) (?P<thing>(?:an?|the|more|better|one|not)\b.*)",
        "ensure {thing}",
    ),
    (rf"{_ASK} [^;:.]{{2,160}}? not to {_DO}", "do not {do}"),
    (rf"\bfor {_IT} to be {_ADV}{_DONE}", "{do} {it}{rest}"),
    (rf"^{_IT} to be {_ADV}{_DONE}", "{do} {it}{rest}"),
    (rf"{_ASK} (?!that\b)[^;:.]{{2,160}}? to (?P<do>{_ADV}[a-z].*)", "{do}"),
    (rf"\bthat {_IT} (?:{_MODAL} )?be {_ADV}{_DONE}", "{do} {it}{rest}"),
    (rf"{_FOR} {_ING}", "{do}{rest}"),
    (rf"\b{_GREAT},?(?: \w+,)? (?:for [^,;:.]{{2,80}}? )?to {_DO}", "{do}"),
    (
        rf"\b(?:time|first|second|third|next|last|priority is|duty) (?:\w+ )?(?:is )?to {_DO}",
        "{do}",
    ),
    (rf"{_START}{_IT}{_MUST}not {_ADV}be {_DONE}", "do not {do} {it}{rest}"),
    (rf"{_START}{_IT}{_MUST}be {_ADV}{_DONE}", "{do} {it}{rest}"),
    (rf"(?:^|(?<=[,;:] )){_ACTOR}{_MUST}(?P<do>(?!not\b|be\b)[a-z].*)", "{do}"),
    (rf"\b{_MODAL} {_ADV}be to {_DO}", "{do}"),
    (rf"(?:^|, )(?P<ing>\w+ing)\b(?P<rest>[^;:.]{{3,160}}?) {_BE} (?:\w+ )?{_GREAT}", "{do}{rest}"),
    (rf"{_FOR} {_AIM}", "ensure {thing}"),
    (rf"(?:^|, )(?P<thing>[^,;:.]{{3,200}}?) {_BE} (?:\w+ )?{_GREAT}", "ensure {thing}"),
    (rf"^(?:please |let us |let’s |let's |to ){_DO}", "{do}"),
    (rf"^{_ING}", "{do}{rest}"),
)

# Whom a title does not name: who could do it anyway. Others keep their place ("Let fees rise with
# turnover").
ACTORS = (
    rf"\b(?:{words.POWERS}|eu|companies|firms|businesses|employers|platforms|banks|operators|schools"
    rf"|universities|colleges|developers|providers|hospitals|manufacturers|vendors|publishers"
    rf"|supervisors|inspectors?|inspectorates|agency|makers|builders|owners|suppliers|insurers"
    rf"|utilities|laboratories|chambers|unions|committees?|board|ports|authority|state|union"
    rf"|parties|members|signatories|procurers|buyers|we|they|it|he|she)\b"
)

# A title stands alone: these words point to what was said before, or to who speaks.
CONTEXT = Patterns(
    r"\b(?:this|these|those|them|they|we|our|us|such|he|she|here|above|below)\b(?! as\b)",
    r"^ensure (?:\w+ing|that|bold|\w+ly)\b|^ensure \S+$",
    r": |[“‘\"]?-\s",
)

# Before the action itself: connectives that a title does without.
OPENINGS = (
    r"^(?:[“\"‘'(]+|(?:lastly|finally|first|second|third|firstly|secondly|thirdly|moreover"
    r"|furthermore|therefore|in addition|in particular|above all|also|and|but|to this end"
    r"|to that end|however|we (?:therefore )?believe (?:that )?)\b,? ?)+"
)

IRREGULAR = dict(
    pair.split(":")
    for pair in listed("""
    made:make built:build rebuilt:rebuild given:give put:put set:set kept:keep held:hold
    brought:bring taken:take written:write sent:send taught:teach spent:spend led:lead drawn:draw
    shown:show let:let cut:cut done:do met:meet paid:pay won:win chosen:choose driven:drive
    grown:grow read:read told:tell withdrawn:withdraw upheld:uphold overseen:oversee
    undertaken:undertake spread:spread sought:seek left:leave found:find lent:lend seen:see
    run:run
""")
)


def _imperatives(verbs: list[str]) -> dict[str, str]:
    """Return the imperative of each "-ing" form and participle that is sure."""
    forms: dict[str, str] = {}
    for verb in verbs:
        stem = verb.removesuffix("e")
        doubled = verb + verb[-1]
        stems = {stem, doubled} if re.search(r"[^aeiou][aeiou][bdgmnprt]$", verb) else {stem}
        ends = ("ying", "ied") if re.search(r"[^aeiou]y$", verb) else ("ing", "ed")
        for each in stems:
            base = each[:-1] if ends[1] == "ied" else each
            forms.setdefault(each + "ing", verb)
            forms.setdefault(base + ends[1], verb)
    return forms | IRREGULAR


IMPERATIVES = _imperatives(words.VERBS)


DANGLING = listed("""
    and or but of in on at to for from by with without as than that which who the a an its their
    our so such including is are be between into against through over under both not more most per
    if when while where whose these this those all any each every other especially particularly
""")
