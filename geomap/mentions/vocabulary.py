"""Closed word classes of news English that tell a place name from its look-alikes.

All words are lower case. They are general knowledge of English, not counts of any corpus.
"""

from __future__ import annotations

__all__ = [
    "ABBREVIATIONS",
    "BEARINGS",
    "CALENDAR_WORDS",
    "CALLED_IN_LISTS",
    "COUNTED_PLACES",
    "FACILITY_WORDS",
    "INNER_WORDS",
    "NAMES_AROUND_PLACES",
    "NOT_NAMES",
    "ORGANISATION_WORDS",
    "PARTICLES",
    "PERSON_VERBS",
    "PLACE_PREPOSITIONS",
    "PLACE_SUFFIXES",
    "REPORTING_VERBS",
    "TITLES",
]

# Words whose final stop belongs to them.
ABBREVIATIONS = frozenset(
    """
    mr mrs ms dr prof rev fr sr jr st ste mt ft gen lt col maj capt cmdr sgt cpl pvt adm brig
    gov sen rep pres supt det insp hon amb no co corp inc ltd bros dept univ assn vs etc
    approx jan feb mar apr jun jul aug sept sep oct nov dec mon tue tues wed thu thurs fri sat
    sun ala ariz ark calif colo conn del fla ga ill ind kan ky la mass md mich minn miss mo
    mont neb nev okla ore pa penn tenn tex va vt wash wis wyo alta ont que sask man twp ave
    blvd rd
    """.split()
)

PLACE_PREPOSITIONS = frozenset(
    """
    in at near from to of outside inside around across through throughout toward towards into
    within between off along over via beyond past above below under surrounding reach reached
    leaving left entering visit visited visiting
    """.split()
)

TITLES = frozenset(
    """
    mr mrs ms miss dr prof professor rev reverend father sister brother imam mullah maulana
    mufti sheikh shaikh ayatollah rabbi bishop archbishop cardinal pope saint sir lord lady
    dame king queen prince princess emperor president premier chancellor minister secretary
    senator congressman congresswoman representative governor mayor ambassador envoy judge
    justice attorney officer detective sheriff deputy constable inspector superintendent
    commissioner chief captain capt major maj colonel col lieutenant lt general gen brigadier
    brig sergeant sgt corporal admiral adm commander marshal gov sen rep coach actor actress
    singer author director editor reporter spokesman spokeswoman spokesperson chairman
    chairwoman
    """.split()
)

# Verbs that persons alone are the subject of.
PERSON_VERBS = frozenset(
    """
    scored dunked sang sings married wed divorced retired smiled smiles laughed laughs grinned
    shrugged nodded threw throws caught pitched starred stars wrote writes tweeted tackled
    dribbled homered doubled tripled rebounded testified pleaded graduated joked jokes quipped
    quips recalls recalled thinks thought knows knew loves loved hates wants walked ran swam
    batted bowled volleyed finished sprinted drove sued coached coaches majored enrolled
    """.split()
)

# A capitalised word that makes of what stands before it a place ("Bannu District", "Ohio River").
PLACE_SUFFIXES = frozenset(
    """
    county parish province district region city town township village borough municipality
    governorate oblast raion prefecture state territory republic island islands peninsula cape
    bay gulf sea ocean strait channel river creek lake lakes reservoir falls springs beach
    coast valley mountain mountains hill hills range desert plain plateau forest park heights
    canyon pass border port harbor harbour point bank strip basin delta coast shore
    """.split()
)

# What several places are called after a list of their names ("Cooke and Love counties").
COUNTED_PLACES = frozenset(
    """
    counties townships parishes districts provinces cities towns villages states boroughs islands
    rivers regions municipalities communities areas governorates oblasts
    """.split()
)
# What else is: streets, and people.
CALLED_IN_LISTS = frozenset(
    "streets avenues roads boulevards drives lanes schools families brothers sisters".split()
)

# A capitalised word that makes of it a building, a road or the like.
FACILITY_WORDS = frozenset(
    """
    street road avenue boulevard lane drive highway freeway bridge square plaza airport
    airfield airbase base camp hospital university college school church mosque cathedral
    temple shrine museum library stadium arena hotel prison jail station terminal dam mall
    market tower palace embassy consulate court courthouse hall center centre cemetery zoo
    """.split()
)

# A capitalised word that makes of it an organisation, a paper, a team.
ORGANISATION_WORDS = frozenset(
    """
    police department ministry army force forces guard council committee commission agency
    bureau authority parliament senate assembly congress party union league association
    federation foundation society institute group company corp corporation inc ltd bank times
    post herald tribune journal gazette news press daily observer chronicle star united club
    fc rovers wanderers football cup open series chamber office service services conference
    agreement accord treaty declaration summit forum process act bill plan exchange airlines
    airways motors front movement brigade battalion taliban emirate
    """.split()
)

REPORTING_VERBS = frozenset(
    """
    said says told tells added adds announced claimed claims warned noted stated explained
    argued wrote writes asked replied denied insisted acknowledged confirmed called thinks
    believes wants tweeted recalled continued
    """.split()
)

# Words that a place name may hold inside, in lower case.
INNER_WORDS = frozenset(
    "of the de del de la las los le du da do dos das di el al upon sur"
    " and y und i e van den".split()
)

# Lower-case particles that a capitalised name may begin with.
PARTICLES = ("al-", "el-", "ad-", "an-", "ar-", "as-", "ash-", "at-", "az-", "ed-", "es-", "esh-")

BEARINGS = (
    "north",
    "south",
    "east",
    "west",
    "northeast",
    "northwest",
    "southeast",
    "southwest",
    "north-east",
    "north-west",
    "south-east",
    "south-west",
)

# Capitalised words that end a run of capitalised words rather than go on with it.
CALENDAR_WORDS = frozenset(
    """
    january february march april june july august september october november december monday
    tuesday wednesday thursday friday saturday sunday
    """.split()
)

# Names in the gazetteer that news nearly always means otherwise: organisations, months, days,
# function words, titles. They are found only as part of a longer name.
NOT_NAMES = frozenset(
    """
    nato un isis isil unicef who fifa opec asean au imf wto icc fbi cia ttp nds nsc bbc cnn
    afp ap isaf osce interpol january february march april may june july august september
    october november december monday tuesday wednesday thursday friday saturday sunday of the
    a an and or but in on at by to from for with as is are was were be been it its he she they
    we i you this that these those there here who what when where why how not no yes if so
    then than reading police university mosque god sir mr mrs ms dr president minister king
    queen army us-led internet facebook twitter google reuters islam muslim christian jewish
    democrat republican taliban
    """.split()
)

# Names of meetings, media and companies that hold a place name but lie nowhere near it.
NAMES_AROUND_PLACES = frozenset(
    {
        "heart of asia", "voice of america", "bank of america", "radio free europe",
        "radio free asia", "new york times", "the new york times", "washington post",
        "the washington post", "los angeles times", "chicago tribune", "boston globe",
        "times of india", "the times of india", "hindustan times", "south china morning post",
        "moscow times", "jerusalem post", "bangkok post", "japan times", "irish times",
        "financial times", "khaleej times", "gulf news", "arab news", "china daily",
        "british airways", "american airlines", "delta air lines", "united airlines",
        "virgin atlantic", "british petroleum", "london stock exchange", "bank of england",
        "miss america", "miss universe", "captain america", "western union", "america online",
        "paris hilton", "paris saint germain", "manchester united", "manchester city",
        "real madrid", "bayern munich", "boston consulting group", "deutsche bank",
        "bank of china", "air china", "china mobile", "american express", "texas instruments",
        "kentucky fried chicken", "waterloo road", "geneva conventions", "geneva convention",
        "hague conventions", "stockholm syndrome", "havana syndrome",
        "aung san suu kyi", "turkish airlines", "islamic state", "united russia",
        "a just russia", "our ukraine", "alternative for germany", "brothers of italy",
        "forza italia",
    }
)  # fmt: skip
