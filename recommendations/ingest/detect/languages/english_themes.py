"""General knowledge of English for themes and addressees: which words speak of the same matter, and
which of none.

Nothing here is tied to one vocabulary: a family counts for a theme only if the theme's own words
belong to it.
"""

# ruff: noqa: E501 - a pattern is read on one line

from .language import entries, listed

# One family a line. A word may be in several; endings do not matter.
FAMILIES = entries("""
skill train retrain reskill upskill education educate workforce talent curriculum teach teacher
    school pupil student university college campus learn learner apprentice apprenticeship
    literacy competence competency course certificate degree semester graduate vocational graduate
    professor instructor trainer classroom academy fluency qualification
worker workforce employee employment employer job labour labor occupation workplace staff hiring
    recruit recruitment career union
sme msme startup start-up small smaller medium-sized micro-enterprise entrepreneur founder
    workshop craft bakery self-employed scale-up family-owned supplier shop newcomer small_firm
    small_business small_company young_company young_firm local_firm smaller_firm smaller_company
    small_supplier fewer_than small_developer
cyber cybersecurity ransomware malware hacker hack intrusion intruder attack threat breach
    phishing vulnerability botnet sabotage resilience incident backup encryption encrypt
    cryptography hostile attribution
critical infrastructure drill exercise sector reserve grid network cable subsea submarine
    substation power energy telecom telecommunications water waterworks hospital pipeline port
    satellite transformer outage blackout landing utility exchange operator
defence defense military army navy navies nato armed troops security
standard standardise test testing audit method format comparable method accounting standardisation
    standardization interoperable interoperability norm specification harmonise harmonisation
    harmonize certification certify conformity compatible compatibility benchmark taxonomy format
    metric protocol interface template label assessment recognition definition classification
    machine-readable
climate carbon emission greenhouse decarbonise decarbonize net-zero warming methane offset
renewable wind solar electricity grid interconnector battery hydrogen heat-pump energy power clean
    low-carbon efficiency
environment pollution biodiversity nature forest waste recycle recycling circular ocean river soil
health patient hospital doctor nurse medicine medical clinic clinical drug disease care therapy
    diagnosis vaccine
pandemic outbreak epidemic preparedness surveillance emergency stockpile pathogen virus sequencing
antibiotic antimicrobial resistance bacteria infection amr
trial trials participant protocol ethics enrol enrolment consent sponsor
privacy personal data-protection gdpr consent confidential anonymous pseudonymous record records
    identity
data reading readings dataset database flow flows localisation localization cross-border transfer
    portability
cloud compute computing supercomputer datacentre server chip chips semiconductor gpu wafer
trade tariff tariffs dispute commerce market restriction export import customs duty duties border
    quota wto exporter importer market-access barrier
customs border clearance paperless declaration trusted-trader lading shipment port inspector
supply chain shortage stoppage stock stocks source sources dependency dependencies mineral
    minerals rare-earth stockpile sourcing raw material diversification diversify supplier magnet
    processing
finance financial bank banks credit loan investment investor capital fund funding venture budget
    grant grants
tax taxes taxation levy fiscal revenue
research science scientist scientific laboratory researcher innovation academic discovery
    experiment
open-access open repository repositories preprint publication publish replicate reproducibility
    reproducible licence
child children under-age eighteen minor minors pupil youth young teenager teenage parent parents
    age kid adolescent
school schools pupil classroom teacher curriculum homework timetable lesson
disinformation misinformation video deepfake synthetic fake fact-checker manipulation watermark
    provenance propaganda falsehood rumour
election elections voter vote voting ballot campaign candidate political party parties democracy
    democratic poll electoral advertisement
media journalism journalist press newspaper broadcaster news editorial newsroom publisher
participation participate consult consultation citizens assembly council panel hear heard voice
    youth say
copyright intellectual-property patent licence licensing author creator royalty
broadband fibre fiber connectivity rural internet coverage spectrum antenna 5g 6g mobile roaming
quantum qubit post-quantum
space satellite orbit orbital launch rocket debris astronaut spacecraft constellation lunar moon
    collision
earth-observation observation imagery remote-sensing image crop weather flood drought
inclusion inclusive gender women girls disability accessible accessibility equality minority bias
    discrimination divide
governance oversight accountability regulator regulation transparency audit institution
procurement tender tenders public-sector buyer buyers purchase contract
competition antitrust monopoly merger dominant gatekeeper incumbents
transport mobility road rail railway bus buses tram cycling cycle bicycle car cars parking traffic
    pedestrian walking metro ferry station fare
housing home homes rent rents tenant tenants landlord dwelling flat flats apartment building
    buildings insulation roof eviction
city cities urban municipality municipal mayor town towns neighbourhood street district
park parks tree trees green shade garden planting heat
farm farmer agriculture agricultural food crop rural livestock
migration migrant refugee asylum visa
tourism tourist visitor hotel
police crime criminal court justice prison
water sewage drainage drought flood sewer rainwater river
payment payments currency digital-euro cash fintech
robot robotics automation automate manufacturing factory industry industrial machine machinery
safety safe harm harmful risk test testing evaluation incident
adoption adopt uptake take-up deploy deployment digitalisation digitalization pilot voucher
culture heritage museum language library libraries arts
crisis disaster earthquake wildfire rescue relief response recovery
court courts judge judges judiciary lawyer hearing hearings verdict trial lawsuit litigation case
    filing bailiff tribunal justice legal_aid prosecutor
identity identification signature wallet passport login credential credentials citizen card
    counter authentication
algorithm algorithmic automated decision decisions explanation explain appeal contest bias
    profiling scoring score software machine human_review
fraud scam scams extortion victim victims theft laundering forensic evidence investigator
    cybercrime criminal
wage wages pay salary salaries overtime minimum_wage income incomes earnings hours shift shifts
    schedule rider riders courier couriers driver drivers gig
accident accidents injury injuries strain stress fatigue hazard hazards protective inspector
    occupational burnout heat
bargaining collective union unions works_council strike agreement negotiate negotiation
    shop_steward representative
leave parental maternity carer carers childcare nursery kindergarten crèche elderly care pension
    pensions
sewage sewer sewers wastewater effluent sludge treatment_plant overflow overflows discharge
    nitrate microplastic purify
drinking tap potable household households bill bills leak leaks pipe pipes well wells spring
    lead_pipe
drought scarcity irrigation reservoir reservoirs groundwater aquifer desalination reuse
    abstraction storage dry rainfall
flood floods flooding dyke dykes levee dam dams embankment basin floodplain storm storms rain
    warning river rivers coast
gauge gauges sensor sensors meter meters measuring monitoring measurement model models forecast
    station map maps satellite
vehicle vehicles driving autonomous self-driving driverless liability recorder approval steer
    lidar
speed crash crashes collision crossing crossings pavement helmet rescue enforcement lane lanes
    pedestrian junction
charging charger chargers charge plug socket battery electric hydrogen refuel kilowatt lorry
    lorries depot
ticket tickets ticketing timetable timetables booking journey passenger passengers delay refund
    connection fare fares app
freight cargo goods lorry lorries haulier hauliers truck trucks logistics warehouse parcel parcels
    delivery container barge waterway canal depot
soil soils fertiliser fertilizer manure nutrient erosion humus tillage pesticide pesticides insect
    insects hedge hedges meadow bird birds
animal animals livestock cow cows cattle pig pigs poultry hen flock herd vet veterinary welfare
    slaughter avian influenza disease
food label labels labelling traceability allergen residue residues inspection hygiene additive
    shelf consumer consumers meat milk origin
price prices contract contracts subsidy subsidies payment payments income insurance risk harvest
    retailer supermarket
village villages countryside rural remote doctor bus shop post_office generation young_farmer
    broadband depopulation
permit permits permission zoning zone planning plot plots land vacant idle density developer
    building_code
tenant tenants landlord landlords lease deposit eviction rent rents notice holiday_let short-term
    repair repairs
renovation retrofit insulate insulation boiler heating cooling window windows efficiency
    energy_bill heat-pump
homeless homelessness shelter shelters rough street eviction hostel
museum museums archive archives library libraries heritage monument collection collections
    digitise digitisation restitution manuscript conservation
artist artists musician musicians writer writers actor actors performer author authors composer
    royalty royalties remuneration copyright licence opt-out
theatre theatres concert opera orchestra festival stage audience visitor ticket grant patronage
    gallery
translation translator tour tours touring visa visas co-production mobility exchange residency
    subtitle
journalist journalists newspaper broadcaster editor newsroom reporter press plurality ownership
    defamation
debris fragment fragments de-orbit collision tracking dead_satellite disposal
frequency frequencies spectrum slot slots interference band bandwidth radio licence
launch launcher launchers rocket rockets spaceport payload reusable propellant
exploration moon lunar mars planet telescope astronomy mission astronaut probe
advert advertising advertisement influencer age_verification screen loot_box grooming bullying
    filter recommender feed
development developing poorest poverty aid donor low-income
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
        """a an the and or but nor so yet of in on at to for from by with without within into onto over under up down out
    off about above across after against along among around as be been being before behind below between beyond
    both can could did do does done each either every few had has have having he her here his how i if is it its
    itself just least less like made make makes making many may might more most much must my neither next no not
    now one only other others our ours own per rather same shall she should since some such than that their theirs
    them themselves then there these they this those through throughout thus too until upon us very via was we
    were what when where whether which while who whom whose why will would you your yours also two three first
    second last new good better best well ai artificial intelligence digital technology technologies system
    systems use uses used using user help helps helping ensure ensures ensuring support supports supporting need
    needs needed people person way ways work works include includes including based common different general set
    sets give gives given keep keeps take takes taken get put call calls ask asks urge urges recommend recommends
    encourage encourages government governments country countries national international global world public
    policy policies measure measures action actions step steps effective effectively important essential crucial
    key strong stronger responsible responsibly year years time times day days part parts place places thing
    things whatever size point starting far every all any another able allow allows become becomes let see go goes
    high higher low lower large big available clear full possible able great long short free open everyone someone
    group groups level number develop develops developing developed process processes organisation organisations
    organization body bodies adopt adopts adopted adopting against seven raise raising so own fair fairly right
    rights"""
    )
)
