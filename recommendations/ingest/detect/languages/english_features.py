"""Features of English sentences: none decides alone, each has its weight in `english_weights`."""

from . import english_words as words
from .english_phrases import ADJECTIVE, ASKS
from .language import Rule, features_of_words

WORDS = features_of_words("""
must: must
should: should ought shall
needed: need needs needed necessity require requires required requiring
could: could might
would: would
will: will won't
can: can able
let: let
was: was were been
asking: call calls calling urge urges urging ask asks asking recommend recommends recommending
    invite invites inviting encourage encourages encouraging appeal appeals appealing demand
    demands demanding insist insists propose proposes proposing suggest suggests suggesting
    advocate advocates advise advises counsel counsels implore exhort exhorts plead pleads request
    requests press presses beg commend commends petition petitions advocating pleading insisting
well judged: wise prudent sensible desirable advisable worthwhile appropriate helpful useful
    fitting preferable best better_if good_reason well_advised ill_advised worth merit merits
    deserve deserves advantage sense suffice enough long_way well_spent the_least welcome_if
duty: duty duties responsibility responsible task obligation owed owe incumbent belongs belong
    falls_to up_to right_to entitled
comparing: better more greater stronger faster simpler closer fewer earlier wider clearer cheaper
    less lower higher larger deeper longer easier safer further
replacing: instead rather_than no_longer no_more at_least at_most without not_only only_if rather
    as_long_as provided_that
all of them: every each all any no nobody everyone anyone whoever none
condition: if unless where when until before once
we: we us our I my ourselves
he or she: he she his her him hers
you: you your
praising: thank thanks grateful welcome welcomes welcomed applaud congratulate pleased glad
    delighted proud honour gratitude appreciate applauds
promising: commit commits committed commitment pledge pledged pledges stand_ready undertake
    promise promises intend intends plan_to plans_to look_forward remain_committed will_continue
agreeing: support supports supported agree agreed agrees endorse endorses share reaffirm
    reaffirmed recall recalls note notes take_note
organising: register registration meeting meetings reply questionnaire deadline conference photos
    photographs recording contact editors copies newsletter address applications submitted session
    guests applicants secretariat speakers participants programme venue invited_to_attend visitors
time now: today currently already usually often still now sometimes at_present generally
time to come: tomorrow next_year soon by_2026 by_2027 by_2028 by_2030 next within from_now_on
    without_delay immediately as_soon_as
survey: respondents survey interviews interviewed study sample percent average median figures
    findings researchers found counted measured
rules: rule rules standard standards framework strategy plan plans guidance legislation register
    registers target targets agreement agreements mandate certification label test tests reporting
    network programme programmes scheme mechanism roadmap
powers: government governments minister ministers ministry ministries state states country
    countries authority authorities regulator regulators leaders parliament parliaments legislator
    legislators lawmakers policymakers policy-makers cities municipalities councils commission
    presidency congress g7 g20 seven agencies treasury administrations union
negation: not never nor neither don't cannot
do: make give provide ensure set build create open extend share publish adopt establish strengthen
    support protect help keep take bring put allow
""")

# What the words of a title tell of the whole text.
TITLES = features_of_words("""
is news: press release media embargo embargoed editors news immediate
tells: minutes newsletter invitation guide primer chronicle faq questions explainer history annual
    introduction glossary biography programme welcome speech remarks diary visit obituary portrait
    notice bulletin calendar news anniversary address dinner toast review press-review digest
    handbook how
takes a position: position statement declaration communiqué communique response submission letter
    contribution comments paper outcome conclusions joint opinion input brief dear excellency
    excellencies sherpas
asks: recommendations recommendation demands asks priorities wishes manifesto appeal call calls
    urge urges urging plea theses proposals memorandum petition requests agenda resolution
    resolutions points steps must should needs need want wants
""")

FORMS = (
    Rule(
        "that it be done",
        "asks in the subjunctive",
        r"\bthat (?:[^,.;:]{2,90}?|[^.;:]{2,140}, )(?:not )?be \w+",
    ),
    Rule(
        "to be done",
        "names what is to be done",
        r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )(?<!has )(?<!have )(?<!had )(?<!need )"
        r"(?<!needs )\bto be (?:\w+ly )?\w+(?:ed|en|wn|de|pt|ld|ut|et|ught|nt)\b",
    ),
    Rule(
        "may not",
        "forbids",
        r"\b(?:may|must|should|shall|can) (?:not|never|only|no longer)\b|\b(?:nobody|no one|no"
        r"|none|neither)\b[^,.;]{0,70}? (?:may|must|should|shall)\b",
    ),
    Rule(
        "passive duty",
        "says what is to be done",
        r"\b(?:must|should|ought to|needs? to|ha(?:s|ve) to) (?:\w+ly |also |all |not |never "
        r"|therefore )*be \w+",
    ),
    Rule(
        "imperative",
        "is an action",
        rf"^[“\"]?(?:{words.IMPERATIVES})\b(?!-|’|'|,| (?:is|are|was|were|has|have|will|can|of)\b)",
    ),
    Rule(
        "imperative after label",
        "is an action",
        rf"(?:: |; | [–—-] )(?:{words.IMPERATIVES})\b (?:the|a|an|all|every|each|it|them|no|what"
        rf"|only|by|to|in|\w+s)\b",
    ),
    Rule(
        "begins with every",
        "speaks of all",
        r"^(?:every|each|all|any|whoever|anyone|those)\b",
    ),
    Rule(
        "begins with a place or time",
        "sets a scene",
        r"^(?:in|on|at|since|after|during|when|while|as|under|by|with|before|until|from|last)\b",
    ),
    Rule(
        "began",
        "tells what happened",
        r"^(?:[\w’'-]+ ){1,6}?(?:was|were|had|did|said|told|found|made|took|held|saw|began|grew"
        r"|came|went|gave|met|became|wrote|ran|fell|rose|\w{3,}ed (?!to\b))(?!\w)",
    ),
    Rule(
        "well before all",
        "weighs what matters",
        rf"\b(?:is|are|remains?|becomes?|be) (?:\w+ )?{ADJECTIVE}",
    ),
    Rule("another asks", "asks", rf"^(?:[\w’'-]+ ){{1,7}}?(?:also |further |\w+ly )*(?:{ASKS})"),
    Rule(
        "a role must",
        "says what somebody in a role must do",
        r"^(?:a|an|any|each) (?:[\w-]+ ){1,3}?(?:must|should|needs? to|has to|may)\b",
    ),
    Rule("doing", "is an action", r"^\w{3,}ing\b(?! (?:is|are|was|were|has|have)\b)"),
    Rule("number", "gives a figure", r"\d"),
    Rule("goes on below", "ends as an item of a list does", r"[;,](?: and| or)?$"),
    Rule("ends without a stop", "ends as an item of a list does", r"[^.!?;:,”\"]$"),
    Rule(
        "a formality",
        "is about papers and forms",
        r"\b(?:must|should|needs? to|ha(?:s|ve) to|can|may|please)(?: \w+ly| not)? (?:be )?(?:sent"
        r"|send|submitted?|quoted?|cited?|credited?|read|understood|confused|addressed|returned?"
        r"|filled|fill|booked?|collected|online|written|write|apply|appl(?:y|ied)|registere?d?"
        r"|reach(?:ed)?|bring|arrive|wear|call|taken as|seen as)\b",
    ),
    Rule(
        "speaks to readers",
        "speaks to readers",
        r"\b(?:urge|recommend|advise|ask|invite|encourage|tell)s?(?: that)? you\b|\b(?:I|me|my)\b",
    ),
    Rule(
        "somebody’s opinion",
        "reports an opinion",
        r"\bin (?:her|his|their) (?:opinion|view|words)\b|\b(?:he|she|they|who"
        r"|[A-Z]\w+) (?:\w+ )?(?:said|says|told|thinks?|argued?|argues|felt|wrote|claims?|held"
        r"|holds|added|asked)\b",
    ),
)
