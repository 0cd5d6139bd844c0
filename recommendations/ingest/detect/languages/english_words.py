"""Words used by the English rules: verbs, names, abbreviations."""

from .language import listed

VERBS = sorted(
    listed("""
    abandon abolish absorb accelerate accept act adapt add address adopt advance agree aid align
    allocate allow alter amend anchor announce apply appoint approve arrange ask assemble assess
    assign assist attract audit avoid award back balance ban bar base begin bind block boost
    bridge bring broaden build calibrate cancel cap carry carve cease certify champion change
    channel charge check choose cite clarify close co-develop co-fund co-invest co-ordinate coach
    codify collect combat combine commission commit communicate compare compel compensate
    complement complete comply concentrate conclude condemn conduct confirm connect consider
    consolidate construct consult contain continue contribute control convene convert cooperate
    coordinate copy correct count cover create curb customise cut deal decide declare decline
    decouple dedicate deepen defend defer define delay deliver demand demonstrate deploy deposit
    design designate detect determine develop devote digitise digitize direct disclose discourage
    dismantle display dissolve distribute diversify divert divide document double draft draw drive
    drop earmark ease educate elect elevate eliminate embed embrace emphasise employ empower
    enable enact encourage end endorse endow enforce engage enhance enlarge enlist enrich enrol
    ensure entrust equalise equip eradicate establish evaluate examine exchange exclude exempt
    exercise expand expedite explore expose extend face facilitate favor favour feed fight fill
    finalise finalize finance fix focus follow forbid forge form formalise foster freeze fulfil
    fund further gather generate get give govern grant guarantee guard guide halt hand harmonise
    harmonize heed help highlight hire hold honour host house identify implement import impose
    improve incentivise incentivize include incorporate increase index inform initiate insert
    insist inspect inspire install institute instruct insulate insure integrate intensify
    interpret introduce invest investigate invite involve isolate issue join judge keep know label
    launch lay lead learn leave legislate lend let level leverage liberalise license lift limit
    link list listen localise lock log look lower mainstream maintain make manage mandate
    manufacture map mark match maximise maximize measure mentor merge mind minimise minimize
    mitigate mobilise mobilize model modernise modernize modify monitor motivate move multiply
    mutualise name narrow negotiate nominate normalise notify nurture observe offer offset open
    operate oppose optimise optimize order organise organize outlaw oversee own participate
    partner pass pay penalise permit persuade phase pick pilot place plan plant pledge plug pool
    position postpone practise prepare present preserve press prevent price print prioritise
    prioritize privilege probe process procure produce prohibit promote propose prosecute protect
    prove provide publicise publish punish purchase pursue push put qualify quantify quit raise
    ramp rank rate ratify rationalise reach react read reaffirm realise reassess rebalance rebuild
    recognise recognize reconsider reconvene record recover recruit recycle redesign redirect
    redistribute reduce refer refine refocus reform refrain refund refuse regard register regulate
    rehearse reimburse reinforce reject relax release relocate rely remedy remember remind remove
    remunerate renew reopen repair repay repeal replace replicate report repurpose request require
    rescue reserve reset reshape resist resolve resource respect respond restart restore restrict
    restructure resume retain rethink retire retrain retrofit return reuse reveal reverse review
    revise revisit revive revoke reward ring-fence roll rule run safeguard sanction save scale
    schedule scrap screen scrutinise secure see seek seize select sell send separate serve set
    settle shape share shelter shield shift shorten show shut sign simplify slash solve sort spare
    speak specify speed spend split sponsor spread staff standardise standardize start steer step
    stick stimulate stop store streamline strengthen strip strive structure study submit subscribe
    subsidise subsidize substitute summon supervise supply support survey suspend sustain swap
    switch synchronise tackle tailor take tap target tax teach tell tender test think tie tighten
    toughen trace track trade train transfer transform translate transpose treat trial trim triple
    trust turn undertake unify unlock update upgrade uphold upskill urge use vaccinate value
    verify vet visit vote waive answer bear borrow clean cool earn enter explain forgive hear
    lease loosen oblige pair rename rent scan shrink stay try unite vary wait warn watch weigh
    widen win wind wire withdraw work write
""")
)
IMPERATIVES = "|".join(VERBS)

STATECRAFT = (
    r"(?:instruct|adopt|fund|require|invest|ensure|insist|lead|protect|support|act|agree|make|give"
    r"|put|set|ban|build|create|introduce|promote|strengthen|task|mandate|press|resist|reject|end"
    r"|stop)"
)
# What is said to be needed when something is asked for, rather than used up.
NEEDED = (
    r"(?:funding|funds?|support|attention|access|quotas?|boards?|chains? of command|frameworks?"
    r"|strateg(?:y|ies)|plans?|mandates?|bod(?:y|ies)|certainty|clarity|investments?|protection"
    r"|coordination|co-ordination|standards?|definitions?|approach|polic(?:y|ies)|laws?|rules?"
    r"|reforms?|legislation|guidance|incentives?|training|partnerships?|recognition|safeguards?"
    r"|oversight|rights?|voice|space|resources|staff|powers?|champions?|targets?|timetables?"
    r"|roadmaps?|agreements?|infrastructure|leadership|transparency|cooperation|help|hours?"
    r"|capacity)"
)

ACTS = (
    r"(?:act|adopt|agree|allow|ask|begin|bring|build|champion|close|commit|consider|create|cut"
    r"|develop|encourage|end|ensure|establish|expand|extend|fund|finance|give|grant|help|instruct"
    r"|introduce|invest|invite|join|keep|lead|make|offer|open|pay|promote|protect|provide|publish"
    r"|put|raise|reduce|remove|require|set|share|simplify|start|step|stop|strengthen|support|take"
    r"|task|think|turn|use|work)"
)
POWERS = (
    r"(?:governments?|ministers|ministries|states|countries|nations|authorities|regulators|leaders"
    r"|parliaments?|lawmakers|legislators|policy-?makers|cities|municipalities|schools"
    r"|universities|companies|employers|platforms|banks|agencies|presidency|commission|council"
    r"|congress|g7|g20|seven|summit|bodies|administrations?|departments?|treasury|ministry"
    r"|operators|institutes?|office)"
)

ABBREVIATIONS = listed("""
    e.g i.e eg ie cf vs viz ca approx dr mr mrs ms prof st hon rev gen col sen rep gov messrs fig
    figs incl esp al
""")
NUMBER_ABBREVIATIONS = listed("no nos art arts p pp para paras sec ch vol cl reg ed")
SOFT_ABBREVIATIONS = listed("inc ltd corp co bros plc llc etc jr sr dept univ assoc u.s.a a.m p.m")
STARTERS = listed("""
    we the this these that those it its they their our in on at as a an and but for to by from
    with without such all any both each every if when while where what there here however
    therefore moreover furthermore finally governments companies ministers leaders members he she
    his her i you your no not only since under building
""")

NAME = (
    r"(?!(?:The|We|Our|This|It|In|For|Seven|G7|G20|G77|EU|UN|Europe"
    r"|Members)\b)(?:[A-Z][\w&’'-]*)(?: (?:(?:of|for|the|and|in) (?=[A-Z]))?[A-Z][\w&’'-]*){0,7}"
)
ORGANISATION = (
    r"associations?|federations?|alliance|coalition|voice|network|union|body|chamber|council|forum"
    r"|charity|group|society|institute|think tank|organi[sz]ation|confederation|committee|academy"
    r"|foundation|board|campaign|centre|center|partnership|consortium|conference|league|bureau"
    r"|trust|club|guild|congress|platform|initiative|assembly"
)
BODIES = (
    rf"\b(?P<body>{NAME})(?: \([^)]{{1,60}}\))?,? ?(?:[–—-] |\()?(?:which |who )?(?:represent(?:s"
    rf"|ing)|speaks? for|speaking for|brings? together|bringing together|unites?"
    rf"|uniting)\b(?=[^.]{{0,90}}(?:\d|\b(?:members|compan|associations|businesses|firms"
    rf"|organi[sz]ations|industr|employ|workers|enterprises|people|patients|operators|institut"
    rf"|cities|profession|the voice)))",
    rf"\A(?:.*\n+){{0,3}}?(?P<body>{NAME}) (?:calls?|urges?|asks?|warns?|welcomes?|wants?|demands?"
    rf"|backs?|presses|recommends?|seeks?|sets out)\b",
    rf"^About (?:the )?(?P<body>{NAME})$",
)
SELF_NAMES = (
    r"\b(?:the|this|these) (?:signator(?:y|ies)(?: \w+)?|undersigned(?: \w+)?|co-signator\w+"
    r"|coalition|alliance|associations?|federations?|groups|consortium|confederation)\b(?! (?:of"
    r"|for) )"
)
STRANGERS = (
    r"\b(?:reports?|stud(?:y|ies)|papers?|reviews?|surveys?|opinions?|resolutions?|ministers?"
    r"|leaders|commission|parliaments?|councils?|governments?|courts?|authorit(?:y|ies)"
    r"|regulators?|oecd|united nations|european union|critics|experts|researchers|others|some|many"
    r"|people|acts?|laws?|directives?|strateg(?:y|ies)|guidelines?|president|he|she|they|it)\b"
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
