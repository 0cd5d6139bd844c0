"""Parts of the English patterns: verbs that ask, adverbs, words of need."""

from .language import SELF

ADV = (
    r"(?:(?:\w+ly|also|therefore|thus|hence|further|again|jointly|hereby|now|once (?:again|more)"
    r"|today|instead|still|both|together|all|in turn|then|too|always|in particular"
    r"|at the same time|as well|and|do|would|must|not only|often|equally|first|never|long|want to"
    r"|wish to|would like to|continue to|continues to),? )*"
)
ASIDE = r"(?:,[^;:]{1,240}?,| [–—-] [^;:]{1,200}? [–—-])?"
WE = rf"\b(?:we|I)\b{ASIDE} {ADV}"
OWN = rf"{SELF}+(?:[’']s? \w+)?{ASIDE} {ADV}"
ASK = (
    r"(?:call (?:\w+ly )?(?:on|upon|for)|urge|recommend|encourage|request|invite|advocate(?: for)?"
    r"|propose(?! to (?!add|amend|insert|delete|replace|change))|ask|appeal to|advise|implore"
    r"|exhort|demand|insist|press for|plead (?:with|for)|suggest|petition|argue for|task|instruct"
    r"|direct|mandate|entrust|look to|count on|rely on|beg|plead|caution against|warn against"
    r"|make the case for|see (?:merit|value|room|a (?:\w+ )?(?:need|case|role))|oppose|object to"
    r"|press)\b"
)
ASKS = (
    r"(?:calls (?:\w+ly )?(?:on|upon|for)|urges|recommends|encourages|requests|invites"
    r"|advocates(?: for)?|asks|proposes(?! to\b)|appeals to|advises|implores|exhorts|demands"
    r"|insists|suggests|argues for|presses for)\b"
)
ASKED = (
    r"(?:called (?:\w+ly )?(?:on|upon|for)|urged|recommended|encouraged|requested|invited"
    r"|advocated|asked|appealed to)\b"
)
STRESS = (
    r"(?:emphasi[sz]e|stress|underline|underscore|highlight|reiterate|reaffirm|restate|insist on"
    r"|point to|see|agree on|agreed on)"
)
NOT_PAST = r"(?!.*\b(?:in (?:19|20)\d\d|last (?:year|month|week)|ago|earlier|previously)\b)"
NEED = r"the (?:\w+ ){0,3}(?:need|importance|urgency|necessity)\b (?:to|for|of|that)\b"
MODAL = r"(?:must|should|needs? to|ought to|needs? (?:\w+ly )to|ha(?:s|ve) to)\b"
ADJECTIVE = (
    r"(?:essential|crucial|critical|vital|imperative|necessary|(?:\w+ly )?needed|required"
    r"|indispensable|paramount|urgent|key(?= to\b| for\b|[.,;])|(?:\w+ )?overdue|fundamental"
    r"|of (?:the )?(?:utmost|paramount|critical|vital|great|key|crucial|high) (?:importance"
    r"|urgency)|an? (?:\w+ ){0,2}(?:priority|must|necessity|prerequisite|precondition"
    r"|imperative))\b"
)
BE = rf"\b(?:is|are|remains?|will be|becomes?|it’s|it's) {ADV}(?:more |most |equally |so |as )?"
# What can be done, rather than a thing: only the doing of it can be asked for.
DOING = (
    r"(?:\w{3,}(?:ing|tion|sion|ment|ance|ence|ship|ships|ity|cy|tions|ments)|access|approach"
    r"|approaches|support|dialogue|framework|frameworks|effort|efforts|action|use|trust|clarity"
    r"|oversight|safeguards?|rules|steps|measures|reform|reforms|change|research|exchange|work"
    r"|rollout|roll-out|checks?|pause|uptake|build-up|growth|help|skills|standards|safety)"
)
HEAD = (
    rf"(?:^|[,;:] )[“\"‘]?(?:and |but |so )?(?:[\w‘’'-]+ ){{0,5}}?{DOING}"
    rf"(?= (?:of|in|for|to|between|among|across|with|that|which|on|against|at"
    rf"|by|over|from|into|and|or|as|is|are|remains?|will)\b"
    rf"|,)[^;:]*?"
)

LABEL = r"(?:[^.:;]{1,70}(?::| [–—-]) )?"
