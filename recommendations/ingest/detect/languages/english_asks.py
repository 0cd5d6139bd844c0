"""What shows an English recommendation: somebody asks, or something is said to be needed."""

from . import english_words as words
from .english_phrases import (
    ADJECTIVE,
    ADV,
    ASIDE,
    ASK,
    ASKED,
    ASKS,
    BE,
    HEAD,
    MODAL,
    NEED,
    NOT_PAST,
    OWN,
    STRESS,
    WE,
)
from .language import SELF, Rule

ASKED_FOR = (
    Rule(
        "first person",
        "asks",
        rf"{WE}(?P<cue>{ASK})",
        rf"(?:{WE}|{OWN})(?P<cue>(?:wants?|needs?|expects?|would like|look to|wish"
        rf"|hope)\b)(?= (?:to see |for )?(?:[\w’'-]+[ ,]+){{1,14}}?to \w)",
        rf"{WE}(?P<cue>have {ADV}{ASKED}){NOT_PAST}",
        rf"(?:{WE}|{OWN})(?P<cue>(?:are|is) {ADV}(?:calling|urging|asking|demanding|pressing"
        rf"|appealing|pushing|pleading|inviting))\b",
        rf"{WE}(?P<cue>(?:hope|trust)\b)(?=(?: that)? [^.]{{2,90}}? (?:will|can|would)\b)",
        rf"(?:{WE}|{OWN})(?P<cue>(?:wants?|would like|hopes?) to see)\b",
        rf"{WE}(?P<cue>(?:want|need|would like) (?:to see )?)(?:an?|more|better|clear|clearer"
        rf"|stronger|greater|common)\b",
        rf"{WE}(?P<cue>favou?r\b|like to see\b|welcome (?=an? (?:amendment|change|clause|rule)))",
        rf"{WE}(?P<cue>(?:have )?{STRESS}(?:d|ed)? {NEED})",
        r"\bwe (?:\w+ )?(?P<cue>would (?:\w+ )?(?:welcome|appreciate|value|prefer|be (?:grateful"
        r"|glad|pleased) (?:if|for|of)))\b(?! (?:the|an?|any) (?:\w+ )?(?:opportunity|chance"
        r"|meeting|reply|answer|conversation|discussion|call))",
        r"(?P<cue>\bour (?:\w+ ){0,2}(?:recommendation|ask|message|call|request|advice"
        r"|proposal)s?\b[^.,;]{0,60}? (?:is|are))\b",
        rf"^(?:[^,]{{2,40}}, )?(?P<cue>please (?:do not |don[’']t )?|do not "
        rf"|don[’']t )(?=(?:{words.IMPERATIVES})\b)",
        r"(?:^|, )(?P<cue>let (?:us|it|that|this|them|there)|let’s|let's)\b(?! (?:know|look|take"
        r"|consider|turn|begin|start|not forget))",
    ),
    Rule(
        "the body",
        "asks in the body’s own name",
        rf"{OWN}(?P<cue>(?:has |have )?(?:{ASKS}|{ASK}))",
        rf"{OWN}(?P<cue>(?:has|have) {ADV}(?:{ASKED}|{STRESS}(?:d|ed) {NEED}))",
        rf"^{SELF}+{ASIDE} {ADV}(?P<cue>{ASKED}|{STRESS}(?:d|ed)? {NEED}){NOT_PAST}",
    ),
    Rule(
        "polite question",
        "asks politely",
        rf"\b(?P<cue>(?:may|might|could|can) (?:we|I) {ADV}(?:ask|suggest|urge|propose|invite"
        rf"|request|recommend))\b",
    ),
    Rule(
        "resolution",
        "is an operative clause that asks",
        rf"^{ADV}(?P<cue>{ASKS})(?<!requests)(?<!demands)(?= (?!for\b))",
    ),
    Rule(
        "passive",
        "asks without saying who asks",
        rf"(?P<cue>\b(?:is|are) {ADV}(?:urged|called (?:up)?on|encouraged|invited|asked|requested"
        rf"|advised) to)\b",
        rf"(?P<cue>\bit (?:is|was) {ADV}(?:recommended|proposed|suggested|requested"
        rf"|to be hoped) (?:that|to))\b",
    ),
)
NEEDED = (
    Rule(
        "modal",
        "says what is to be done",
        rf"(?P<cue>\b{MODAL})",
        r"(?<!\bif )\b(?P<cue>(?:is|are) (?:not )?to be)(?= (?:\w+ly )?(?:\w+ed|made|kept|given"
        r"|put|set|built|taken)\b)",
        r"\b(?P<cue>(?:had better|would do well to|would be (?:wise|well advised|right) to|(?:may"
        r"|might) (?:wish|want|like) to))\b",
        r"\b(?P<cue>it would be (?:\w+ )?(?:better|wise|right|helpful|useful|desirable|sensible"
        r"|good|a mistake|wrong|appropriate|worthwhile))(?= (?:to|if|for|that)\b)",
        r"\b(?P<cue>it (?:is up to|falls to|is for|is the (?:task|duty|responsibility"
        r"|job) of)) [^.]{2,60}? to\b",
        r"\b(?P<cue>(?:has|have|bears?) (?:a|the|an) (?:\w+ )?(?:duty|responsibility"
        r"|obligation) to)\b",
        r"\b(?P<cue>deserves?|merits?|warrants?)\b(?= (?!credit|praise|thanks|mention|applause"
        r"|congratulation)(?:an?|the|more|better|to|support|equal|special|full|close|greater"
        r"|attention|protection)\b)",
        r"\b(?P<cue>(?:is|are) (?:long |well )?(?:overdue|called for))\b",
        r"\b(?P<cue>(?:can ?not|can no longer|can[’']t) (?:afford|wait|continue|go on|be (?:left"
        r"|ignored|delayed|overlooked|neglected|allowed|an excuse|postponed)))\b",
        rf"\b{words.POWERS}(?: \w+)? (?P<cue>could|might)(?: (?:also|usefully"
        rf"|then))* {words.ACTS}\b",
        r"\b(?P<cue>shall)\b(?! (?:we|I)\b)",
        r"\b(?P<cue>(?:might|could)(?: \w+ly)? be (?:offered|given|invited|asked|encouraged"
        r"|considered|granted|created|established|set up|introduced|extended|expanded|simplified"
        r"|required|exempted|funded|financed|piloted|strengthened|merged|streamlined|harmoni[sz]ed"
        r"|pooled|linked))\b",
        rf"(?P<cue>\b(?:needs?|deserves?)) (?:an? |the |more |better |clear |clearer |greater "
        rf"|stronger |some )?(?:[\w-]+ ){{0,3}}?{words.NEEDED}\b",
    ),
    Rule(
        "essential",
        "says what matters",
        rf"{HEAD}(?P<cue>{BE}{ADJECTIVE})",
        rf"(?:^|[,;:] )(?:\w+ly |and |but )?\w{{2,}}ing\b[^;:]{{3,200}}?(?P<cue>{BE}{ADJECTIVE})",
        rf"(?P<cue>\bit(?: is|’s|'s| remains| will be| becomes) {ADV}(?:more |equally "
        rf"|so )?(?:important|{ADJECTIVE}))(?= (?:that|to|for|we)\b)",
        r"(?P<cue>\bwhat (?:is|(?:we|[\w’'-]+(?: \w+)?)) (?:\w+ly |now )?(?:needs?|needed|required"
        r"|want|ask for)\b[^.;]{0,40}? is)\b",
        r"^(?P<cue>(?:the |a |our )?(?:first|second|third|fourth|fifth|sixth|last|final|next|other"
        r"|another|one)(?: \w+)? (?:is|would be) to)\b",
        r"(?P<cue>\bthere (?:is|remains) (?:\w+ ){0,4}(?:need|case) (?:to|for))\b",
        r"(?P<cue>\b(?:it is|it’s|now is) (?:\w+ )?(?:the )?time,?(?: \w+,)? (?:to|for|that))\b",
        r"(?P<cue>\bthe time (?:has come|is now)\b)",
    ),
)
