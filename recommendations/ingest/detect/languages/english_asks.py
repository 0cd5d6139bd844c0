"""What shows an English recommendation: somebody asks, or something is said to be needed."""

from . import english_words as words
from .english_phrases import (
    ADJECTIVE,
    ADV,
    ASIDE,
    ASK,
    ASKED,
    ASKING,
    ASKS,
    BE,
    HEAD,
    MODAL,
    NEED,
    NOT_PAST,
    OWN,
    STRESS,
    WE,
    YOU,
)
from .language import SELF, Rule

ASKED_FOR = (
    Rule(
        "first person",
        "asks",
        (
            rf"{WE}(?P<cue>{ASK})",
            rf"{WE}(?P<cue>(?:want|need|expect|would like|look to|wish|hope)\b)(?= (?:to see "
            rf"|for )?(?:[\w’'-]+[ ,]+){{1,14}}?to \w)",
            rf"{WE}(?P<cue>have {ADV}{ASKED}){NOT_PAST}",
            rf"(?:{WE}|{OWN})(?P<cue>(?:are|is) {ADV}(?:calling|urging|asking|demanding|pressing"
            rf"|appealing|pushing|pleading|inviting))\b",
            rf"{WE}(?P<cue>called (?:up)?on|urged|recommended)\b{NOT_PAST}",
            rf"{WE}(?P<cue>(?:hope|trust)\b)(?=(?: that)? [^.]{{2,90}}? (?:will|can|would)\b)",
            r"\b(?P<cue>our (?:hope|wish|plea|call|request|ask|message"
            r"|appeal)(?: to \w+(?: \w+)?)? is)\b",
            rf"(?:{WE}|{OWN})(?P<cue>(?:wants?|would like|hopes?) to see)\b",
            rf"{WE}(?P<cue>(?:want|need|would like) (?:to see )?)(?:an?|more|better|clear|clearer"
            rf"|stronger|greater|common)\b",
            rf"{WE}(?P<cue>(?:have )?{STRESS}(?:d|ed)? {NEED})",
            rf"{WE}(?P<cue>(?:welcome (?=an? (?:amendment|change|commitment|clause|rule|plan))"
            rf"|favou?r\b|like to see\b))",
            r"\bwe (?:\w+ )?(?P<cue>would (?:\w+ )?(?:welcome|appreciate|value|prefer"
            r"|be (?:grateful|glad|pleased) (?:if|for|of)))\b(?! (?:the|an?"
            r"|any) (?:\w+ )?(?:opportunity|chance|meeting|reply|answer|conversation|discussion"
            r"|call))",
            r"^(?P<cue>(?:call (?:up)?on|urge|invite|encourage|recommend|ask|request))(?= (?:the"
            r"|all|our|every|states|governments|ministers|that)\b)",
            rf"\b(?:we|I)\b.{{1,300}}?\b(?:and|but|,) {ADV}(?P<cue>{ASK})(?<!\bask)",
            rf"\b(?:we|I|our|{SELF}+)\b.{{1,300}}?\b(?P<cue>(?:in )?{ASKING})",
            r"(?P<cue>\bour (?:\w+ )?(?:call|appeal|plea|request)s? (?:on|for|to)\b)",
            r"(?P<cue>\bour (?:\w+ ){0,2}(?:recommendation|ask|message|call|request|advice"
            r"|proposal)s?\b[^.,;]{0,60}? (?:is|are))\b",
            rf"{WE}(?P<cue>(?:consider|deem|think|find|regard"
            rf"|believe) it {ADV}{{ADJECTIVE}})".replace("{ADJECTIVE}", ADJECTIVE),
            rf"^(?:[^,]{{2,40}}, )?(?P<cue>please (?:do not |don[’']t )?|do not "
            rf"|don[’']t )(?=(?:{words.IMPERATIVES})\b)",
            r"(?:^|, )(?P<cue>let (?:us|it|that|this|them|there)|let’s|let's)\b(?! (?:know|look"
            r"|take|consider|turn|begin|start|not forget))",
        ),
    ),
    Rule(
        "the body",
        "asks in the body’s own name",
        (
            rf"{OWN}(?P<cue>(?:has |have )?(?:{ASKS}|{ASK}))",
            rf"{OWN}(?P<cue>(?:has|have) {ADV}(?:{ASKED}|{STRESS}(?:d|ed) {NEED}))",
            rf"{OWN}(?P<cue>{STRESS}(?:s|es)? {NEED})",
            rf"{OWN}(?P<cue>{ASKED})(?=.{{0,200}}\btoday\b)",
            rf"^{SELF}+{ASIDE} {ADV}(?P<cue>{ASKED}|{STRESS}(?:d|ed)? {NEED}){NOT_PAST}",
            rf"^{SELF}+.{{1,200}}? and {ADV}(?P<cue>{ASKED}){NOT_PAST}",
            rf"{SELF}+.{{1,200}}? and {ADV}(?P<cue>{ASKS})",
            rf"{OWN}(?P<cue>(?:wants?|needs?|expects?"
            rf"|would like))(?= (?:to see )?(?:[\w’'-]+[ ,]+){{1,14}}?to \w)",
        ),
    ),
    Rule(
        "polite question",
        "asks politely",
        (
            rf"\b(?P<cue>(?:may|might|could|can) (?:we|I) {ADV}(?:ask|suggest|urge|propose|invite"
            rf"|request|recommend))\b",
            rf"(?P<cue>{YOU} (?:could|might|can))(?= (?:\w+ly |also |now "
            rf"|do this by )?{words.ACTS}\b)",
            rf"\b(?P<cue>(?:could|would|will|can) {YOU} (?:please |kindly |now "
            rf"|not )?)(?={words.ACTS}\b)",
            r"(?P<cue>\b(?:allow|permit) (?:us|me) to (?:ask|suggest|urge|propose|recommend))\b",
        ),
    ),
    Rule(
        "resolution",
        "is an operative clause that asks",
        (
            rf"^{ADV}(?P<cue>{ASKS})(?<!requests)(?<!demands)(?= (?!for\b))",
            rf"^(?P<cue>considers it {ADV}{ADJECTIVE})",
        ),
    ),
    Rule(
        "passive",
        "asks without saying who asks",
        (
            rf"(?P<cue>\b(?:is|are) {ADV}(?:urged|called (?:up)?on|encouraged|invited|asked"
            rf"|requested|advised) to)\b",
            rf"(?P<cue>\bit (?:is|was) {ADV}(?:recommended|proposed|suggested|requested"
            rf"|to be hoped) (?:that|to))\b",
            rf"(?P<cue>\bis {ADV}recommended)\b",
        ),
    ),
)
NEEDED = (
    Rule(
        "modal",
        "says what is to be done",
        (
            rf"(?P<cue>\b{MODAL})",
            rf"\b(?P<cue>will (?:\w+ly |also )?need)\b(?= to\b"
            rf"| (?:[\w-]+ ){{0,3}}?{words.NEEDED}\b)",
            r"(?<!\bif )\b(?P<cue>(?:is|are) (?:not )?to be)(?= (?:\w+ly )?(?:\w+ed|made|kept"
            r"|given|put|set|built|taken)\b)",
            r"\b(?P<cue>(?:had better|would do well to|would be (?:wise|well advised|right) to"
            r"|(?:may|might) (?:wish|want|like) to))\b",
            rf"\b{words.POWERS}(?: \w+)? (?P<cue>could|might)(?: (?:also|usefully|then|help by"
            rf"|start by|begin by|even))* (?={words.ACTS}\b|help|start|begin)",
            r"\b(?P<cue>it would be (?:\w+ )?(?:better|wise|right|helpful|useful|desirable"
            r"|sensible|good|a mistake|wrong|appropriate|worthwhile))(?= (?:to|if|for|that)\b)",
            r"\b(?P<cue>it (?:is up to|falls to|is for|is the (?:task|duty|responsibility"
            r"|job) of)) [^.]{2,60}? to\b",
            r"\b(?P<cue>it is (?:now )?(?:in|within) [\w’' ]{2,30}? (?:hands|power|gift) to)\b",
            r"\b(?P<cue>(?:recommendation|proposal|suggestion|request|demand|remedy|lesson"
            r"|conclusion) (?:\w+ )?is (?:to|that|for))\b",
            r"\b(?P<cue>(?:has|have|bears?) (?:a|the|an) (?:\w+ )?(?:duty|responsibility"
            r"|obligation) to)\b",
            r"\b(?P<cue>(?:best|right|only|simplest|better|obvious|first|next|useful|natural"
            r"|sensible) (?:way|answer|remedy|step|solution|instrument|course|start"
            r"|place)\b[^.;]{0,60}? (?:is|would be))\b(?= to\b| an?\b)",
            r"\b(?P<cue>(?:the|one|a) (?:\w+ )?(?:answer|solution|remedy|task|challenge now"
            r"|priority|way forward|way out) (?:is|would be) to)\b",
            r"\b(?P<cue>deserves?|merits?|warrants?)\b(?= (?!credit|praise|thanks|mention|applause"
            r"|congratulation)(?:an?|the|more|better|to|support|equal|special|full|close|greater"
            r"|attention|protection)\b)",
            r"\b(?P<cue>(?:is|are) (?:long |well )?(?:overdue|called for))\b",
            r"\b(?P<cue>(?:can ?not|can no longer|can[’']t) (?:afford|wait|continue|go on"
            r"|be (?:left|ignored|delayed|overlooked|neglected|allowed|an excuse|postponed)))\b",
            r"\b(?P<cue>shall)\b(?! (?:we|I)\b)",
            r"\b(?P<cue>(?:might|could)(?: \w+ly)? be (?:offered|given|invited|asked|encouraged"
            r"|considered|granted|created|established|set up|introduced|extended|expanded"
            r"|simplified|required|exempted|funded|financed|piloted|strengthened|merged"
            r"|streamlined|harmoni[sz]ed|pooled|linked))\b",
            rf"(?P<cue>\b(?:needs?|deserves?)) (?:an? |the |more |better |clear |clearer |greater "
            rf"|stronger |some )?(?:[\w-]+ ){{0,3}}?{words.NEEDED}\b",
        ),
    ),
    Rule(
        "essential",
        "says what matters",
        (
            rf"{HEAD}(?P<cue>{BE}{ADJECTIVE})",
            rf"(?:^|[,;:] )(?:\w+ly |and "
            rf"|but )?\w{{2,}}ing\b[^;:]{{3,200}}?(?P<cue>{BE}{ADJECTIVE})",
            rf"(?P<cue>\bit(?: is|’s|'s| remains| will be| becomes) {ADV}(?:more |equally "
            rf"|so )?(?:important|{ADJECTIVE}))(?= (?:that|to|for|we)\b)",
            rf"\b(?:more|better|further|stronger|greater|new|clear|clearer|common|additional"
            rf"|faster|single|joint|stable|permanent|independent|shared|coordinated|simple|simpler"
            rf"|dedicated|comprehensive|coherent|urgent|closer|deeper"
            rf"|wider) (?:[\w-]+ ){{0,4}}(?P<cue>(?:is|are) {ADV}(?:needed|required))\b",
            r"(?P<cue>\b(?:is|are) (?:badly|urgently|sorely|desperately|clearly|much"
            r"|long) (?:needed|overdue))\b",
            r"(?P<cue>\bwhat (?:is|(?:we|[\w’'-]+(?: \w+)?)) (?:\w+ly |now )?(?:needs?|needed"
            r"|required|want|ask for)\b[^.;]{0,40}? is)\b",
            r"^(?P<cue>(?:the |a |our )?(?:first|second|third|fourth|fifth|sixth|last|final|next"
            r"|other|another|one)(?: \w+)? (?:is|would be) to)\b",
            r"(?P<cue>\bthere (?:is|remains) (?:\w+ ){0,4}(?:need|case) (?:to|for))\b",
            r"(?P<cue>\b(?:it is|it’s|now is) (?:\w+ )?(?:the )?time,?(?: \w+,)? (?:to|for"
            r"|that))\b",
            r"(?P<cue>\bthe time (?:has come|is now)\b)",
            r"(?P<cue>\b(?:priority|goal|aim|objective|focus) (?:now )?(?:must|should) be)\b",
            rf"(?P<cue>\b(?:essential|crucial|critical|vital|imperative|necessary) {ADV}(?:that"
            rf"|to (?!the|our|its|their|any|all|every)\w+))\b",
        ),
    ),
    Rule(
        "requires",
        "says what is required",
        (
            r"^(?:\w+ly, |but |and |however, )?(?:doing so|doing this|these [\w-]+"
            r"|such an? (?:[\w-]+ ){1,3}"
            r"|\w+ing [^,;]{3,120}?|success|progress) (?:\w+ly |also |therefore |in turn |will )*"
            r"(?P<cue>requires?|calls? for|demands?|necessitates?)\b",
        ),
    ),
)
