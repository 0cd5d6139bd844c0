"""Parts of the English patterns: verbs that ask, adverbs, words of need."""

# ruff: noqa: E501 - a pattern is read on one line

from .language import ADDRESSEE, SELF

ADV = (
    r"(?:(?:\w+ly|also|therefore|thus|hence|further|again|jointly|hereby|now|once (?:again|more)"
    r"|today|instead|still"
    r"|both|together|all|in turn|then|too|always|in particular|at the same time|as well|and|do"
    r"|would|must|not only|often|equally|first|never|long"
    r"|want to|wish to|would like to|continue to|continues to),? )*"
)
ASIDE = r"(?:,[^;:]{1,240}?,| [–—-] [^;:]{1,200}? [–—-])?"
WE = rf"\b(?:we|I)\b{ASIDE} {ADV}"
OWN = rf"{SELF}+(?:[’']s? \w+)?{ASIDE} {ADV}"
ASK = (
    r"(?:call (?:\w+ly )?(?:on|upon|for)|urge|recommend|encourage|request|invite|advocate(?: for)?"
    r"|propose(?! to (?!add|amend|insert|delete|replace|change))|ask"
    r"|appeal to|advise|implore|exhort|demand|insist|press for|plead (?:with|for)|suggest|petition"
    r"|argue for|task|instruct|direct|mandate|entrust|look to|count on|rely on|beg|plead"
    r"|caution against|warn against"
    r"|make the case for|see (?:merit|value|room|a (?:\w+ )?(?:need|case|role))|oppose|object to"
    r"|press)\b"
)
ASKS = (
    r"(?:calls (?:\w+ly )?(?:on|upon|for)|urges|recommends|encourages|requests|invites"
    r"|advocates(?: for)?|asks"
    r"|proposes(?! to\b)|appeals to|advises|implores|exhorts|demands|insists|suggests|argues for"
    r"|presses for)\b"
)
ASKED = r"(?:called (?:\w+ly )?(?:on|upon|for)|urged|recommended|encouraged|requested|invited|advocated|asked|appealed to)\b"
ASKING = r"(?:calling (?:on|upon|for)|urging|recommending|appealing to|advocating)\b"
STRESS = r"(?:emphasi[sz]e|stress|underline|underscore|highlight|reiterate|reaffirm|restate|insist on|point to|see|agree on|agreed on)"
NOT_PAST = r"(?!.*\b(?:in (?:19|20)\d\d|last (?:year|month|week)|ago|earlier|previously)\b)"
NEED = r"the (?:\w+ ){0,3}(?:need|importance|urgency|necessity)\b (?:to|for|of|that)\b"
MODAL = r"(?:must|should|needs? to|ought to|needs? (?:\w+ly )to|ha(?:s|ve) to)\b"
ADJECTIVE = (
    r"(?:essential|crucial|critical|vital|imperative|necessary|(?:\w+ly )?needed|required"
    r"|indispensable|paramount"
    r"|urgent|key(?= to\b| for\b|[.,;])|(?:\w+ )?overdue|fundamental"
    r"|of (?:the )?(?:utmost|paramount|critical|vital|great|key|crucial|high) (?:importance"
    r"|urgency)"
    r"|an? (?:\w+ ){0,2}(?:priority|must|necessity|prerequisite|precondition|imperative))\b"
)
BE = rf"\b(?:is|are|remains?|will be|becomes?|it’s|it's) {ADV}(?:more |most |equally |so |as )?"
# What can be done, rather than a thing: only the doing of it can be asked for.
DOING = (
    r"(?:\w{3,}(?:ing|tion|sion|ment|ance|ence|ship|ships|ity|cy|tions|ments)|access|approach"
    r"|approaches|support|dialogue"
    r"|framework|frameworks|effort|efforts|action|use|trust|clarity|oversight|safeguards?|rules"
    r"|steps|measures|reform"
    r"|reforms|change|research|exchange|work|rollout|roll-out|uptake|build-up|growth|help|skills"
    r"|standards|safety)"
)
HEAD = (
    rf"(?:^|[,;:] )(?:and |but |so )?(?:[\w’'-]+ ){{0,5}}?{DOING}"
    r"(?= (?:of|in|for|to|between|among|across|with|that|which|on|against|at|by|over|from|into|and"
    r"|or|as|is|are"
    r"|remains?|will)\b|,)[^;:]*?"
)

LABEL = r"(?:[^.:;]{1,70}(?::| [–—-]) )?"

ADDRESSED = rf"{ADDRESSEE}"
YOU = rf"(?:{ADDRESSEE}+)"  # in a letter
