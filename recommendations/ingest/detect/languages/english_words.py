"""Words used by the English rules: verbs, names, abbreviations."""

# ruff: noqa: E501 - a pattern is read on one line

from .language import listed

IMPERATIVES = "|".join(
    listed(
        """abandon abolish absorb accelerate accept act adapt add address adopt advance agree aid align allocate allow alter amend
    anchor announce apply appoint approve arrange ask assemble assess assign assist attract audit avoid award back
    balance ban bar base begin bind block boost bridge bring broaden build calibrate cancel cap carry carve cease
    certify champion change channel charge check choose cite clarify close co-develop co-fund co-invest co-
    ordinate coach codify collect combat combine commission commit communicate compare compel compensate
    complement complete comply concentrate conclude condemn conduct confirm connect consider consolidate construct
    consult contain continue contribute control convene convert cooperate coordinate copy correct count cover
    create curb customise cut deal decide declare decline decouple dedicate deepen defend defer define delay
    deliver demand demonstrate deploy deposit design designate detect determine develop devote digitise digitize
    direct disclose discourage dismantle display dissolve distribute diversify divert divide document double draft
    draw drive drop earmark ease educate elect elevate eliminate embed embrace emphasise employ empower enable
    enact encourage end endorse endow enforce engage enhance enlarge enlist enrich enrol ensure entrust equalise
    equip eradicate establish evaluate examine exchange exclude exempt exercise expand expedite explore expose
    extend face facilitate favor favour feed fight fill finalise finalize finance fix focus follow forbid forge
    form formalise foster freeze fulfil fund further gather generate get give govern grant guarantee guard guide
    halt hand harmonise harmonize heed help highlight hire hold honour host house identify implement import impose
    improve incentivise incentivize include incorporate increase index inform initiate insert insist inspect
    inspire install institute instruct insulate insure integrate intensify interpret introduce invest investigate
    invite involve isolate issue join judge keep know label launch lay lead learn leave legislate lend let level
    leverage liberalise license lift limit link list listen localise lock log look lower mainstream maintain make
    manage mandate manufacture map mark match maximise maximize measure mentor merge mind minimise minimize
    mitigate mobilise mobilize model modernise modernize modify monitor motivate move multiply mutualise name
    narrow negotiate nominate normalise notify nurture observe offer offset open operate oppose optimise optimize
    order organise organize outlaw oversee own participate partner pass pay penalise permit persuade phase pick
    pilot place plan plant pledge plug pool position postpone practise prepare present preserve press prevent
    price print prioritise prioritize privilege probe process procure produce prohibit promote propose prosecute
    protect prove provide publicise publish punish purchase pursue push put qualify quantify quit raise ramp rank
    rate ratify rationalise reach react read reaffirm realise reassess rebalance rebuild recognise recognize
    reconsider reconvene record recover recruit recycle redesign redirect redistribute reduce refer refine refocus
    reform refrain refund refuse regard register regulate rehearse reimburse reinforce reject relax release
    relocate rely remedy remember remind remove remunerate renew reopen repair repay repeal replace replicate
    report repurpose request require rescue reserve reset reshape resist resolve resource respect respond restart
    restore restrict restructure resume retain rethink retire retrain retrofit return reuse reveal reverse review
    revise revisit revive revoke reward ring-fence roll rule run safeguard sanction save scale schedule scrap
    screen scrutinise secure see seek seize select sell send separate serve set settle shape share shelter shield
    shift shorten show shut sign simplify slash solve sort spare speak specify speed spend split sponsor spread
    staff standardise standardize start steer step stick stimulate stop store streamline strengthen strip strive
    structure study submit subscribe subsidise subsidize substitute summon supervise supply support survey suspend
    sustain swap switch synchronise tackle tailor take tap target tax teach tell tender test think tie tighten
    toughen trace track trade train transfer transform translate transpose treat trial trim triple trust turn
    undertake unify unlock update upgrade uphold upskill urge use vaccinate value verify vet visit vote waive
    answer bear borrow clean cool earn enter explain forgive hear lease loosen oblige pair rename rent scan shrink stay
    try unite vary wait warn watch weigh widen win wind wire withdraw work write"""
    )
)

STATECRAFT = r"(?:instruct|adopt|fund|require|invest|ensure|insist|lead|protect|support|act|agree|make|give|put|set|ban|build|create|introduce|promote|strengthen|task|mandate|press|resist|reject|end|stop)"
# What is said to be needed when something is asked for, rather than used up.
NEEDED = (
    r"(?:funding|funds?|support|attention|access|quotas?|boards?|chains? of command|frameworks?"
    r"|strateg(?:y|ies)|plans?|mandates?|bod(?:y|ies)"
    r"|certainty|clarity|investments?|protection|coordination|co-ordination|standards?"
    r"|definitions?|approach|polic(?:y|ies)|laws?|rules?|reforms?"
    r"|legislation|guidance|incentives?|training|partnerships?|recognition|safeguards?|oversight"
    r"|rights?|voice|space|resources|staff|powers?"
    r"|champions?|targets?|timetables?|roadmaps?|agreements?|infrastructure|leadership"
    r"|transparency|cooperation|help|hours?|capacity)"
)

ACTS = (
    r"(?:act|adopt|agree|allow|ask|begin|bring|build|champion|close|commit|consider|create|cut"
    r"|develop|encourage|end|ensure|establish|expand"
    r"|extend|fund|finance|give|grant|help|instruct|introduce|invest|invite|join|keep|lead|make"
    r"|offer|open|pay|promote|protect|provide|publish|put"
    r"|raise|reduce|remove|require|set|share|simplify|start|step|stop|strengthen|support|take|task"
    r"|think|turn|use|work)"
)
POWERS = (
    r"(?:governments?|ministers|ministries|states|countries|nations|authorities|regulators|leaders"
    r"|parliaments?|lawmakers|legislators|policy-?makers"
    r"|cities|municipalities|schools|universities|companies|employers|platforms|banks|agencies"
    r"|presidency|commission|council|congress|g7|g20|seven"
    r"|summit|bodies|administrations?|departments?|treasury|ministry|operators|institutes?|office)"
)
DETERMINERS = r"(?:the|a|an|all|every|each|our|their|your|its|this|these|more|no|one|two|three|small|public|national)"
NO_VERBS = (
    r"(?:in|on|at|of|for|from|by|with|without|to|under|over|after|before|since|until|during"
    r"|through|across|among|between"
    r"|against|about|into|like|unlike|than|as|and|or|but|nor|so|yet|if|when|where|while|what|which"
    r"|who|how|why|that"
    r"|both|all|half|many|some|few|most|not|only|even|just|such|then|now|here|there|today|is|are"
    r"|was|were|be|been|had|has"
    r"|have|did|do|does|can|could|may|might|will|would|shall|should|must|met|held|sold|led|won"
    r"|built|made|took|gave|sent"
    r"|saw|ran|wrote|said|told|found|left|lost|paid|put|began|grew|rose|fell|came|went|we|they|it"
    r"|he|she|you|per|out|off|up"
    r"|because|although|though|despite|whereas|once|behind|near|outside|inside|within|along|around"
    r"|beyond)"
)

ABBREVIATIONS = frozenset(
    listed(
        """e.g i.e eg ie cf vs viz ca approx dr mr mrs ms prof st hon rev gen col sen rep
        gov messrs fig figs incl esp al
        """
    )
)
NUMBER_ABBREVIATIONS = frozenset(
    ["no", "nos", "art", "arts", "p", "pp", "para", "paras", "sec", "ch", "vol", "cl", "reg", "ed"]
)
SOFT_ABBREVIATIONS = frozenset(
    listed("""inc ltd corp co bros plc llc etc jr sr dept univ assoc u.s.a a.m p.m""")
)
STARTERS = frozenset(
    listed(
        """we the this these that those it its they their our in on at as a an and but for to by from with without such
    all any both each every if when while where what there here however therefore moreover furthermore finally
    governments companies ministers leaders members he she his her i you your no not only since under building"""
    )
)

NAME = (
    r"(?!(?:The|We|Our|This|It|In|For|Seven|G7|G20|G77|EU|UN|Europe|Members)\b)"
    r"(?:[A-Z][\w&’'-]*)(?: (?:(?:of|for|the|and|in) (?=[A-Z]))?[A-Z][\w&’'-]*){0,7}"
)
ORGANISATION = (
    "associations?|federations?|alliance|coalition|voice|network|union|body|chamber|council|forum|charity|group|society"
    "|institute|think "
    "tank|organi[sz]ation|confederation|committee|academy|foundation|board|campaign|centre|center"
    "|partnership|consortium|conference|league|bureau|trust|club|guild|congress|platform|initiative|assembly"
)
BODIES = (
    rf"\b[Ww]e, (?:at )?(?:[Tt]he )?(?P<body>{NAME})",
    rf"\b(?P<body>{NAME})(?: \([^)]{{1,60}}\))?,? ?(?:[–—-] |\()?(?:which |who )?(?:represent(?:s"
    rf"|ing)|speaks? for|speaking for|brings? together|bringing together|unites?"
    rf"|uniting)\b(?=[^.]{{0,90}}(?:\d|\b(?:members|compan|associations|businesses|firms"
    rf"|organi[sz]ations|industr|employ|workers|enterprises|people|patients|operators|institut"
    rf"|cities|profession|the voice)))",
    rf"\b(?P<body>{NAME})(?: \([^)]{{1,60}}\))?, (?:the"
    rf"|an?) (?:[\w-]+ ){{0,6}}(?:{ORGANISATION})\b",
    rf"\b(?P<body>{NAME}) is (?:the|an?) (?:[\w-]+ ){{0,6}}(?:{ORGANISATION})\b",
    rf"\A(?:.*\n+){{0,3}}?(?P<body>{NAME}) (?:calls?|urges?|asks?|warns?|welcomes?|wants?|demands?"
    rf"|backs?|presses|recommends?|seeks?|sets out)\b",
    r"\A(?:.*\n+){0,3}?.{0,60}?\b(?:[Aa]|[Ss]hort|[Tt]his|[Ff]inal|[Ss]ummary of (?:a"
    r"|the)) (?P<body>report|study|review|note|policy brief)\b",
    rf"\b[Oo]n behalf of (?:the )?(?P<body>{NAME})",
    rf"^About (?:the )?(?P<body>{NAME})$",
    rf"\b(?P<body>{NAME}) (?:has )?today (?:welcomed|published|called|launched|presented|urged"
    rf"|released|issued|said|announced|set out|warned)\b",
    rf"\A(?:.*\n+){{0,4}}?.{{0,120}}?\b(?:[Rr]esponse|[Ss]tatement|[Pp]osition(?: paper)?"
    rf"|[Rr]esolution|[Dd]eclaration|[Ss]ubmission|[Cc]ontribution|[Rr]eport|[Ll]etter|[Cc]omments"
    rf"|[Pp]aper|[Mm]anifesto|[Cc]ommuniqu[eé]|[Ss]ummary)\b.{{0,80}}?\b(?:of|by"
    rf"|from) (?:the )?(?P<body>{NAME})",
    r"\A(?:.*\n+){0,4}?.{0,80}?\b(?:[Cc]ommuniqu[eé]|[Ss]ummary|[Cc]onclusions|[Dd]eclaration"
    r"|[Ss]tatement)\b.{0,80}?\b(?P<body>Ministers|Leaders|Heads of State and Government"
    r"|Commissioners|Governors)\b",
)
SELF_NAMES = (
    r"\bour (?:members?|organi[sz]ations?|associations?|federations?|alliance|coalition|network"
    r"|group|union|council|board|committee|members?hip|industry|sector|community|delegations?"
    r"|profession)\b",
    r"\b(?:the|this|these) (?:signator(?:y|ies)(?: \w+)?|undersigned(?: \w+)?|co-signator\w+"
    r"|coalition|alliance|associations?|federations?|groups|consortium|confederation)\b(?! (?:of"
    r"|for) )",
    r"\bthe (?:organi[sz]ations|chambers?|charity|charities|society|guild|authors"
    r"|business leaders)\b(?! (?:of|for) )",
    r"\bthe (?:paper|position paper|statement|declaration|letter|manifesto)\b(?! (?:of|by|from) )",
    r"\bthis (?:paper|report|statement|declaration|letter|position paper|policy paper|brief"
    r"|briefing|policy brief|communiqu[eé]|manifesto|submission|document|response)\b",
    r"\bsignatories\b",
)
STRANGERS = (
    r"\b(?:reports?|stud(?:y|ies)|papers?|articles?|reviews?|surveys?|analys[ei]s|evaluations?"
    r"|audits?|opinions?|resolutions?|ministers?|leaders|commission(?:ers?)?|parliaments?"
    r"|councils?|governments?|courts?|authorit(?:y|ies)|regulators?|oecd|un|unesco|itu|wto|who|imf"
    r"|world bank|united nations|european union|eu|critics|experts|observers|economists|academics"
    r"|researchers|scientists|analysts|commentators|opponents|campaigners|unions|newspapers?"
    r"|others|some|many|several|few|people|everyone|acts?|laws?|directives?|regulations?|codes?"
    r"|treat(?:y|ies)|conventions?|charters?|strateg(?:y|ies)|frameworks?|guidelines?|guidance"
    r"|principles|standards?|plans?|agenda|white house|president|prime minister|minister|secretary"
    r"|chancellor|he|she|they|it|users?|consumers?|customers?|voters|citizens|parents|students"
    r"|clients|employers|bill|panel|task ?force|inquiry|agency|agencies|ministry|department"
    r"|states?)\b",
)

ADDRESSING = (
    r"\b(?:call(?:s|ed|ing)?(?: \w+ly)? (?:up)?on|urg(?:e|es|ed|ing)|encourag(?:e|es|ed|ing)"
    r"|invit(?:e|es|ed|ing)|ask(?:s|ed|ing)?|request(?:s|ed|ing)?|appeal(?:s|ed|ing)? to|advis(?:e"
    r"|es|ing)|implor(?:e|es|ing)|exhort(?:s|ing)?|press(?:es|ing)?|recommend(?:s|ing)?(?: that"
    r"| to)|recommendations? (?:to|for)|asks? (?:to|of)|want|wants|expect|expects|look to"
    r"|like to see|need|messages? (?:to|for)|call(?:s)? (?:on"
    r"|to))\b (?P<to>[^.;:]{2,120}?)(?= (?:to|should|must)\b|[.;:]|$)",
    r"(?:^|[,;:] |\bthat |\band )(?P<to>[^.;:,“”]{2,90}?(?:, [^.;:,]{2,40}){0,4}?) (?:\w+ly |also "
    r"|all |both |now |therefore )?(?:must|should|needs? to|ought to|shall|have to|has to)\b",
    r"(?:^|[,;:] )(?P<to>[^.;:,“”]{2,90}?) (?:is|are) (?:\w+ )?(?:called (?:up)?on|urged"
    r"|encouraged|invited|asked|requested|advised)\b",
    r"^(?:for|to) (?P<to>[^.;:]{2,80}):?$",
    r"^(?P<to>[^.;:,]{2,60}): ",
    r"(?:^|[,;:] |\bthat |\band )(?P<to>[^.;:,“”]{2,90}?) (?:\w+ly |also |then )?(?:could|might"
    r"|may|would do well|would be (?:well|ill) advised|had better)\b",
    r"\b(?:falls to|up to|incumbent (?:up)?on|(?:duty|responsibility|task|job) (?:of|for)"
    r"|in the hands of) (?P<to>[^.;:,]{2,80})",
    r"\bto (?P<to>[^.;:,]{2,60}) we say\b",
    r"\b(?:between|among) (?P<to>[^.;:]{2,120})",
)
