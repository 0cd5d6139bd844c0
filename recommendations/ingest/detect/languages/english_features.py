"""Signs of a wider kind in English sentences: none of them decides, each has its weight in
`english_weights`.

Words are compared whole and without regard to case; a phrase is written with "_" for its spaces.
"""

# ruff: noqa: E501 - a list or a pattern is read on one line

from . import english_words as words
from .english_phrases import ADDRESSED, ADJECTIVE, ASK, ASKS
from .language import SELF, Rule, listed

WORD_SIGNS = {
    "must": "must",
    "should": "should ought shall",
    "has to": "has_to have_to had_to having_to",
    "needs to": "needs_to need_to",
    "needed": "need needs needed necessity require requires required requiring",
    "could": "could might",
    "may": "may",
    "would": "would",
    "will": "will won't",
    "can": "can able",
    "cannot": "cannot can_no_longer can_not no_longer",
    "let": "let",
    "was": "was were been",
    "had": "had did",
    "asking": "call calls calling urge urges urging ask asks asking recommend recommends "
    "recommending invite invites inviting encourage encourages"
    " encouraging appeal appeals appealing demand demands demanding insist insists propose "
    "proposes proposing suggest suggests suggesting"
    " advocate advocates advise advises counsel counsels implore exhort exhorts plead pleads "
    "request requests press presses beg commend"
    " commends petition petitions advocating pleading insisting",
    "asked": "called urged asked recommended invited encouraged appealed demanded insisted "
    "proposed suggested advised pleaded requested pressed advocated",
    "an ask": "recommendation recommendations request requests demand demands proposal proposals "
    "plea appeal wish wishes suggestion suggestions advice"
    " remedy remedies answer solution priority priorities",
    "wishing": "want wants wish hope hopes prefer expect expects would_like favour favours "
    "look_to trust trusts would_rather would_welcome long_for",
    "thinking": "believe believes think thinks consider considers feel feels view opinion "
    "convinced mind judge judges regard regards hold holds conviction",
    "matters": "important importance vital essential crucial critical imperative indispensable "
    "necessary urgent urgently paramount fundamental overdue priority",
    "well judged": "wise prudent sensible desirable advisable worthwhile appropriate helpful "
    "useful fitting preferable best better_if good_reason"
    " well_advised ill_advised worth merit merits deserve deserves advantage sense suffice enough "
    "long_way well_spent the_least welcome_if",
    "duty": "duty duties responsibility responsible task obligation owed owe incumbent belongs "
    "belong falls_to up_to right_to entitled",
    "lacking": "missing lack lacks lacking gap gaps absent too_few too_little too_late neglected "
    "wanting shortage insufficient",
    "comparing": "better more greater stronger faster simpler closer fewer earlier wider clearer "
    "cheaper less lower higher larger deeper longer easier safer further",
    "replacing": "instead rather_than no_longer no_more at_least at_most without not_only only_if "
    "rather as_long_as provided_that",
    "all of them": "every each all any no nobody everyone anyone whoever none",
    "acting for": "so_that in_order_to lest to_this_end so_as_to",
    "reason": "because since therefore hence thus that_is_why for_this_reason otherwise",
    "condition": "if unless where when until before once",
    "we": "we us our I my ourselves",
    "he or she": "he she his her him hers",
    "you": "you your",
    "said": "said says told argued argues added explained noted claimed reported warned stated "
    "according_to remarked replied recalled",
    "praising": "thank thanks grateful welcome welcomes welcomed applaud congratulate pleased "
    "glad delighted proud honour gratitude appreciate applauds",
    "promising": "commit commits committed commitment pledge pledged pledges stand_ready "
    "undertake promise promises intend intends plan_to plans_to"
    " look_forward remain_committed will_continue",
    "agreeing": "support supports supported agree agreed agrees endorse endorses share reaffirm "
    "reaffirmed recall recalls note notes take_note",
    "law": "act law laws article directive regulation treaty paragraph statute statutes decree "
    "clause code section legally",
    "organising": "register registration meeting meetings reply questionnaire deadline conference "
    "photos photographs recording contact editors copies"
    " newsletter address applications submitted session guests applicants secretariat speakers "
    "participants programme venue invited_to_attend visitors",
    "time past": "ago yesterday last_year last_month last_week last_spring last_autumn "
    "last_summer last_winter previously formerly earlier then once",
    "time now": "today currently already usually often still now sometimes at_present generally",
    "time to come": "tomorrow next_year soon by_2026 by_2027 by_2028 by_2030 next within "
    "from_now_on without_delay immediately as_soon_as",
    "survey": "respondents survey interviews interviewed study sample percent average median "
    "figures findings researchers found counted measured",
    "means": "fund funds funding budget grant grants investment levy tax incentive incentives "
    "subsidy subsidies procurement loan loans money cost costs",
    "rules": "rule rules standard standards framework strategy plan plans guidance legislation "
    "register registers target targets agreement agreements"
    " mandate certification label test tests reporting network programme programmes scheme "
    "mechanism roadmap",
    "powers": "government governments minister ministers ministry ministries state states country "
    "countries authority authorities regulator regulators"
    " leaders parliament parliaments legislator legislators lawmakers policymakers policy-makers "
    "cities municipalities councils commission"
    " presidency congress g7 g20 seven agencies treasury administrations union",
    "negation": "not never nor neither don't cannot",
    "example": "example instance such_as namely including",
    "means that": "means shows suggests_that demonstrates proves indicates reveals reflects",
    "do": "make give provide ensure set build create open extend share publish adopt establish "
    "strengthen support protect help keep take bring put allow",
}

SIGNS = (
    Rule("that it be done", "asks in the subjunctive", (r"\bthat (?:[^,.;:]{2,90}?"
                                                        r"|[^.;:]{2,140}, )(?:not )?be \w+",)),
    Rule("to be done", "names what is to be done", (r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )(?<!has )(?<!have )(?<!had )(?<!need )(?<!needs )\bto be (?:\w+ly )?\w+(?:ed|en|wn|de|pt|ld|ut|et|ught|nt)\b",)),
    Rule("is best done", "weighs what to do", (r"\b(?:would|could|might) (?:\w+ )?be (?:a |an "
                                               r"|of )?(?:\w+ly )?(?:better|wise|prudent|useful"
                                               r"|welcome|worth|enough|best|good|fair|appropriate"
                                               r"|desirable|sensible|help|ill advised|well advised"
                                               r"|money|reasonable|simpler|easier|first)\w*",)),
    Rule("would serve", "weighs what to do", (r"\b(?:would|could|might) (?:\w+ly |also |then "
                                              r"|even )?(?:help|go|do|save|serve|suffice|fill|give"
                                              r"|allow|offer|bring|make|let|spare|cost|remove"
                                              r"|close|ease|free|show|mean)\b",)),
    Rule("could be done", "names what could be done", (r"\b(?:could|might|may) (?:\w+ly |also "
                                                       r"|then |even |well )?be \w+(?:ed|en|wn|de"
                                                       r"|pt|ld|ut|et|ught|nt|n)\b",)),
    Rule("subject with power", "begins with who could act", (rf"^(?:[\w’'-]+ ){{0,4}}?{words.POWERS}\b",)),
    Rule("let it", "asks", (r"(?:^|[,;:] |[“—–-] |\band )let (?!alone)",)),
    Rule("may not", "forbids", (r"\b(?:may|must|should|shall|can) (?:not|never|only|no longer)\b"
                                r"|\b(?:nobody|no one|no|none|neither)\b[^,.;]{0,70}? (?:may|must"
                                r"|should|shall)\b",)),
    Rule("passive duty", "says what is to be done", (r"\b(?:must|should|ought to|needs? to|ha(?:s"
                                                     r"|ve) to) (?:\w+ly |also |all |not |never "
                                                     r"|therefore )*be \w+",)),
    Rule("imperative", "is an action", (rf"^[“\"]?(?:{words.IMPERATIVES})\b(?!-|’|'|,| (?:is|are"
                                        rf"|was|were|has|have|will|can|of)\b)",)),
    Rule("imperative after label", "is an action", (rf"(?:: |; "
                                                    rf"| [–—-] )(?:{words.IMPERATIVES})\b (?:the|a"
                                                    rf"|an|all|every|each|it|them|no|what|only|by"
                                                    rf"|to|in|\w+s)\b",)),
    Rule("doing", "is an action", (r"^\w{3,}ing\b(?! (?:is|are|was|were|has|have)\b)",)),
    Rule("nothing more", "asks for an end", (r"^(?:no|not|nothing|never|nobody)\b",)),
    Rule("who asks", "begins with who asks", (rf"^(?:[\w’'-]+,? ){{0,3}}?(?:{SELF}+|we|I)\b",)),
    Rule("body acts", "says what its author does", (rf"^(?:the )?{SELF}+",)),
    Rule("begins with it", "goes on about something", (r"^(?:it|this|these|such|that|those|they|he"
                                                       r"|she|both)\b",)),
    Rule("begins with every", "speaks of all", (r"^(?:every|each|all|any|whoever|anyone"
                                                r"|those)\b",)),
    Rule("begins with a place or time", "sets a scene", (r"^(?:in|on|at|since|after|during|when"
                                                         r"|while|as|under|by|with|before|until"
                                                         r"|from|last)\b",)),
    Rule("began", "tells what happened", (r"^(?:[\w’'-]+ ){1,6}?(?:was|were|had|did|said|told"
                                          r"|found|made|took|held|saw|began|grew|came|went|gave"
                                          r"|met|became|wrote|ran|fell|rose"
                                          r"|\w{3,}ed (?!to\b))(?!\w)",)),
    Rule("has happened", "tells what has happened", (r"\b(?:has|have) (?:\w+ly |also |been |not "
                                                     r"|never |already |long |since )*\w+(?:ed|en"
                                                     r"|wn|de|ne|un|nt|ld|ught)\b",)),
    Rule("well before all", "weighs what matters", (rf"\b(?:is|are|remains?|becomes?"
                                                    rf"|be) (?:\w+ )?{ADJECTIVE}",)),
    Rule("what is wanted", "says what is wanted", (r"\bwhat (?:\w+ ){1,5}?(?:needs?|requires?"
                                                   r"|wants?|lacks?|is needed|is missing|is wanted"
                                                   r"|counts|matters)\b[^.;]{0,60}? is\b|\b(?:is"
                                                   r"|are) (?:wanted|missing|lacking|called for"
                                                   r"|owed|due|overdue|required|needed)\b",)),
    Rule("number", "gives a figure", (r"\d",)),
    Rule("in quotation marks", "quotes", (r"^[“\"]",)),
    Rule("quotes", "quotes", (r"[“\"]",)),
    Rule("quoted speaker", "says who speaks", (r"[,?!”\"] (?:said|says|adds?|added|explains?"
                                               r"|explained|argues?|argued) ",)),
    Rule("exclaims", "exclaims", (r"!",)),
    Rule("a colon", "introduces", (r":",)),
    Rule("goes on below", "ends as an item of a list does", (r"[;,](?: and| or)?$",)),
    Rule("ends without a stop", "ends as an item of a list does", (r"[^.!?;:,”\"]$",)),
    Rule("it asks", "asks on", (rf"^(?:it|they|he|she|both) (?:also |further |\w+ly )*(?:{ASKS}"
                                rf"|{ASK})",)),
    Rule("another asks", "asks", (rf"^(?:[\w’'-]+ ){{1,7}}?(?:also |further |\w+ly )*(?:{ASKS})",)),
    Rule("a role must", "says what somebody in a role must do", (r"^(?:a|an|any"
                                                                 r"|each) (?:[\w-]+ ){1,3}?(?:must"
                                                                 r"|should|needs? to|has to"
                                                                 r"|may)\b",)),
    Rule("everyone must", "says what all of a kind must do", (r"^(?:[\w-]+ ){0,3}?[\w-]+s (?:must"
                                                              r"|should|need to|have to"
                                                              r"|ought to)\b",)),
    Rule("in time", "says by when", (r"\b(?:by|before|within|until|no later than) (?:the end|\d{4}"
                                     r"|(?:one|two|three|five|ten|\d+) (?:years|months|weeks|days)"
                                     r"|next|the (?:spring|autumn|summer|winter)|\w+ (?:19"
                                     r"|20)\d\d)\b",)),
    Rule("a formality", "is about papers and forms", (r"\b(?:must|should|needs? to|ha(?:s|ve) to"
                                                      r"|can|may|please)(?: \w+ly"
                                                      r"| not)? (?:be )?(?:sent|send|submitted?"
                                                      r"|quoted?|cited?|credited?|read|understood"
                                                      r"|confused|addressed|returned?|filled|fill"
                                                      r"|booked?|collected|online|written|write"
                                                      r"|apply|appl(?:y|ied)|registere?d?"
                                                      r"|reach(?:ed)?|bring|arrive|wear|call"
                                                      r"|taken as|seen as)\b",)),
    Rule("speaks to readers", "speaks to readers", (r"\b(?:urge|recommend|advise|ask|invite"
                                                    r"|encourage|tell)s?(?: that)? you\b|\b(?:I|me"
                                                    r"|my)\b",)),
    Rule("we, quoted", "quotes who asks", (r"^[“\"][^”\"]*\b(?:we|us|our|must|should|let"
                                           r"|need)\b",)),
    Rule("somebody’s opinion", "reports an opinion", (r"\bin (?:her|his|their) (?:opinion|view"
                                                      r"|words)\b|\b(?:he|she|they|who"
                                                      r"|[A-Z]\w+) (?:\w+ )?(?:said|says|told"
                                                      r"|thinks?|argued?|argues|felt|wrote|claims?"
                                                      r"|held|holds|added|asked)\b",)),
    Rule("by law", "says what the law says", (r"\b(?:by law|by (?:its|their) statutes"
                                              r"|under (?:the |its |a |most "
                                              r"|all )*(?:[\w-]+ ){0,2}(?:acts?|laws?|rules?|code"
                                              r"|directive|article|regulation|statutes?|contract"
                                              r"|treaty)|legally|(?:is|are|was|were) (?:required"
                                              r"|obliged|allowed|free) to)\b",)),
    Rule("asked of somebody", "speaks to somebody", (rf"{ADDRESSED}"
                                                     rf"|\bto (?:the )?{words.POWERS} we say",)),
)  # fmt: skip

# What the words of a title tell of the whole text.
TITLE_SIGNS = {
    "asks": "recommendations recommendation demands asks priorities wishes manifesto appeal call "
            "calls urge urges urging plea theses proposals memorandum petition"
    " requests agenda resolution resolutions points steps must should needs need want wants",
    "takes a position": "position statement declaration communiqué communique response submission "
                        "letter contribution comments paper outcome conclusions joint opinion "
                        "input brief"
    " dear excellency excellencies sherpas",
    "tells": "minutes newsletter invitation guide primer chronicle faq questions explainer "
             "history annual introduction glossary biography programme welcome speech"
    " remarks diary visit obituary portrait notice bulletin calendar news anniversary address "
    "dinner toast review press-review digest handbook how",
    "reports": "report study survey audit findings summary analysis assessment evaluation inquiry "
               "review paper",
    "is news": "press release media embargo embargoed editors news immediate",
}  # fmt: skip

TITLE_WORDS = {word: name for name, line in reversed(TITLE_SIGNS.items()) for word in listed(line)}
WORDS = {word.replace("_", " "): name for name, line in WORD_SIGNS.items() for word in listed(line)}
