"""General knowledge of English for themes and addressees: which words speak of the same matter, and
which of none.

Nothing here is tied to one vocabulary: a family counts for a theme only if the theme's own words
belong to it.
"""

from .language import entries, listed

# One family a line. A word may be in several; endings do not matter.
FAMILIES = entries("""
skill train retrain reskill upskill education educate workforce talent curriculum teach teacher
    school pupil student university college campus learn learner apprentice apprenticeship
    literacy competence competency course certificate degree semester graduate vocational graduate
    professor instructor trainer classroom academy fluency qualification
worker workforce employee employment employer job labour labor occupation workplace staff hiring
    recruit recruitment career union
critical infrastructure drill exercise sector reserve grid network cable subsea submarine
    substation power energy telecom telecommunications water waterworks hospital pipeline port
    satellite transformer outage blackout landing utility exchange operator
standard standardise test testing audit method format comparable method accounting standardisation
    standardization interoperable interoperability norm specification harmonise harmonisation
    harmonize certification certify conformity compatible compatibility benchmark taxonomy format
    metric protocol interface template label assessment recognition definition classification
    machine-readable
climate carbon emission greenhouse decarbonise decarbonize net-zero warming methane offset
renewable wind solar electricity grid interconnector battery hydrogen heat-pump energy power clean
    low-carbon efficiency
data reading readings dataset database flow flows localisation localization cross-border transfer
    portability
trade tariff tariffs dispute commerce market restriction export import customs duty duties border
    quota wto exporter importer market-access barrier
customs border clearance paperless declaration trusted-trader lading shipment port inspector
supply chain shortage stoppage stock stocks source sources dependency dependencies mineral
    minerals rare-earth stockpile sourcing raw material diversification diversify supplier magnet
    processing
open-access open repository repositories preprint publication publish replicate reproducibility
    reproducible licence
child children under-age eighteen minor minors pupil youth young teenager teenage parent parents
    age kid adolescent
disinformation misinformation video deepfake synthetic fake fact-checker manipulation watermark
    provenance propaganda falsehood rumour
transport mobility road rail railway bus buses tram cycling cycle bicycle car cars parking traffic
    pedestrian walking metro ferry station fare
city cities urban municipality municipal mayor town towns neighbourhood street district
farm farmer agriculture agricultural food crop rural livestock
safety safe harm harmful risk test testing evaluation incident
adoption adopt uptake take-up deploy deployment digitalisation digitalization pilot voucher
culture heritage museum language library libraries arts
accident accidents injury injuries strain stress fatigue hazard hazards protective inspector
    occupational burnout heat
gauge gauges sensor sensors meter meters measuring monitoring measurement model models forecast
    station map maps satellite
speed crash crashes collision crossing crossings pavement helmet rescue enforcement lane lanes
    pedestrian junction
ticket tickets ticketing timetable timetables booking journey passenger passengers delay refund
    connection fare fares app
freight cargo goods lorry lorries haulier hauliers truck trucks logistics warehouse parcel parcels
    delivery container barge waterway canal depot
animal animals livestock cow cows cattle pig pigs poultry hen flock herd vet veterinary welfare
    slaughter avian influenza disease
tenant tenants landlord landlords lease deposit eviction rent rents notice holiday_let short-term
    repair repairs
homeless homelessness shelter shelters rough street eviction hostel
""")

SAME_ACTORS = entries("""
governments|government|states|countries|nations|national governments|g7 governments|public
    authorities|administrations|ministers|ministries|leaders|policymakers|policy-makers|policy
    makers|lawmakers|legislators|heads of state|the seven|governments of the seven|governments of
    the g7|congress|capitals
companies|company|businesses|business|firms|enterprises|industry|private sector|private
    companies|corporations|employers
smes|small businesses|small firms|small and medium-sized enterprises|msmes|start-ups|startups
educational institutions|schools|universities|colleges|education providers|training
    providers|academia|academic institutions
standards bodies|standardisation bodies|standardization bodies|standards organisations|standards
    organizations|standard-setters|standards developers|standards development organisations
ai developers|developers|model developers|developers of advanced systems|developers of advanced
    ai|ai companies|labs|laboratories
regulators|regulator|regulatory authorities|supervisors|supervisory authorities
like-minded nations|like-minded countries|like-minded partners|partner countries|allies
operators|network operators|infrastructure operators|utilities
researchers|scientists|research institutions|research community
civil society|non-governmental organisations|ngos|charities
parliaments|parliament|legislatures|members of parliament
local authorities|cities|municipalities|mayors|councils|regions|local governments
platforms|online platforms|social networks|social media companies
european commission|commission
trade unions|unions|social partners
banks|development banks|public banks|investors
summit participants|participants|delegations|summit
""")

# Words that say nothing of a theme: grammar, and what every text about policy says.
EMPTY = frozenset(
    listed(
        """
    a an the and or but nor so yet of in on at to for from by with without within into onto over
    under up down out off about above across after against along among around as be been being
    before behind below between beyond both can could did do does done each either every few had
    has have having he her here his how i if is it its itself just least less like made make makes
    making many may might more most much must my neither next no not now one only other others our
    ours own per rather same shall she should since some such than that their theirs them
    themselves then there these they this those through throughout thus too until upon us very via
    was we were what when where whether which while who whom whose why will would you your yours
    also two three first second last new good better best well ai artificial intelligence digital
    technology technologies system systems use uses used using user help helps helping ensure
    ensures ensuring support supports supporting need needs needed people person way ways work
    works include includes including based common different general set sets give gives given keep
    keeps take takes taken get put call calls ask asks urge urges recommend recommends encourage
    encourages government governments country countries national international global world public
    policy policies measure measures action actions step steps effective effectively important
    essential crucial key strong stronger responsible responsibly year years time times day days
    part parts place places thing things whatever size point starting far every all any another
    able allow allows become becomes let see go goes high higher low lower large big available
    clear full possible able great long short free open everyone someone group groups level number
    develop develops developing developed process processes organisation organisations
    organization body bodies adopt adopts adopted adopting against seven raise raising so own fair
    fairly right rights
"""
    )
)
