"""Word lists of news copy: abbreviations, sentence openers, and what opens a dateline."""

from __future__ import annotations

__all__ = [
    "AFTER_CLOCK",
    "COUNTED",
    "FILING_CITIES",
    "GERMAN_MONTHS",
    "NOT_PLACES",
    "OPENERS",
    "OPEN_ENDED",
    "PARTICLES",
    "TITLES",
    "words",
]


def words(text: str) -> frozenset[str]:
    """Return the words of a string as a set.

    Parameters
    ----------
    text
        Words with white space between them.

    Returns
    -------
    frozenset of str
        The words.
    """
    return frozenset(text.split())


def _names(text: str) -> frozenset[str]:
    return frozenset(name.strip() for name in text.split(","))


PARTICLES = words("of the de la le du del di el al as and upon near sur am an der")

# Words that open labelled or ordinary lines and are no places, in lower case.
NOT_PLACES = words(
    """a an the this that these those there here he she it they we i you his her its their our
    my breaking update updated updates watch video videos photo photos picture pictures
    gallery live exclusive opinion editorial analysis comment commentary explainer explained
    factbox timeline note notice correction clarification warning alert question answer q read
    more related summary topics key highlights background context source sources via file
    image credit caption by from what why how who when where which if but and or so yes no not
    for with in on at after before while during since until one two three four five six seven
    eight nine ten first second third report reports reported review interview profile feature
    news headlines special developing urgent flash bulletin advisory subject title date
    published posted byline author editor story monday tuesday wednesday thursday friday
    saturday sunday january february march april may june july august september october
    november december yesterday today tomorrow police officials un us uk eu uae usa nato opec
    asean unicef unhcr imf nasa fbi cia isis isil bbc cnn afp ap reuters covid moderator host
    reporter speaker president minister senator according however meanwhile also still fact
    check poll quiz podcast listen sport sports business politics world culture health science
    tech weather obituary obituaries letter letters column example tip remember important
    result results conclusion introduction step part chapter episode weekend deal election war
    crime baseball basketball softball football soccer hockey briefs brief coroner warning
    statement press release contact media immediate"""
)

# Where correspondents file without a country: capitals and seats of bureaus. A single name in mixed
# case needs more than a dash behind it, since "Analysis - The" and "Smith: We" look the same.
FILING_CITIES = _names(
    """Abidjan, Abu Dhabi, Abuja, Accra, Addis Ababa, Aden, Aleppo, Algiers, Almaty, Amman,
    Amsterdam, Ankara, Antananarivo, Ashgabat, Asmara, Astana, Athens, Baghdad, Baku, Bamako,
    Bangkok, Bangui, Basra, Beijing, Beirut, Belgrade, Benghazi, Berlin, Bishkek, Bogota,
    Brasilia, Brussels, Bucharest, Budapest, Buenos Aires, Bujumbura, Cairo, Canberra,
    Caracas, Chennai, Chisinau, Colombo, Conakry, Copenhagen, Dakar, Damascus, Dhaka,
    Djibouti, Doha, Donetsk, Dubai, Dublin, Dushanbe, Erbil, Freetown, Gaza, Gaza City,
    Geneva, Goma, Guatemala City, Hanoi, Harare, Havana, Helsinki, Herat, Hong Kong,
    Hyderabad, Islamabad, Istanbul, Jakarta, Jalalabad, Jammu, Jeddah, Jerusalem,
    Johannesburg, Juba, Kabul, Kampala, Kandahar, Karachi, Kathmandu, Kharkiv, Khartoum, Kiev,
    Kigali, Kinshasa, Kolkata, Kuala Lumpur, Kuwait, Kuwait City, Kyiv, Lagos, Lahore, La Paz,
    Libreville, Lima, Lisbon, Ljubljana, London, Los Angeles, Luanda, Lusaka, Lviv, Madrid,
    Maiduguri, Malabo, Managua, Manama, Manila, Maputo, Mexico City, Minsk, Mogadishu,
    Monrovia, Montevideo, Moscow, Mosul, Mumbai, Muscat, Nairobi, Naypyidaw, N'Djamena,
    Ndjamena, New Delhi, New York, Niamey, Nicosia, Nouakchott, Odesa, Oslo, Ottawa,
    Ouagadougou, Panama City, Paris, Peshawar, Phnom Penh, Port Moresby, Port-au-Prince,
    Prague, Pretoria, Pristina, Pyongyang, Quetta, Quito, Rabat, Ramallah, Rangoon,
    Rawalpindi, Reykjavik, Riga, Riyadh, Rome, San Jose, San Salvador, Sanaa, Santiago,
    Sarajevo, Seoul, Singapore, Skopje, Sofia, Srinagar, Stockholm, Suva, Sydney, Taipei,
    Tallinn, Tashkent, Tbilisi, Tegucigalpa, Tehran, Tel Aviv, The Hague, Thimphu, Tirana,
    Tokyo, Tripoli, Tunis, Ulaanbaatar, Vienna, Vientiane, Vilnius, Warsaw, Washington,
    Windhoek, Yangon, Yaounde, Yerevan, Zagreb, Zurich"""
)

_MONTHS = words("Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec")

# A name follows these: no sentence ends at them, whatever comes next.
TITLES = words(
    """Mr Mrs Ms Mx Dr Drs Prof Gen Lt Col Capt Cpt Maj Sgt Cpl Pvt Brig Adm Cmdr Cdr Comdr
    Lieut Sen Sens Rep Reps Gov Govs Pres Rev Hon Fr Msgr Messrs Mme Mlle Supt Insp Det Sh Amb
    Atty Mt Ft Pte Spc Pfc Cllr Ald Sec Asst Assoc Dep Min Sri Smt Ste Sta Mohd Jos Wm Geo
    Chas Thos Jas Adv Engr Dott Frau Hr vs viz cf approx ca e.g i.e eg ie гг"""
)

# A number follows these; before anything else they are words like others.
COUNTED = (
    words(
        """No Nos no nos Art art Fig fig Figs p pp Vol vol vols ch Ch chap Chap Rs Sect Para para
    Pct Abs Nr nr tel Tel ext Ext Rm Apt Route Rte Hwy"""
    )
    | _MONTHS
)

# These may end a sentence: they do so before a word that opens sentences.
OPEN_ENDED = (
    words(
        """Inc Corp Co Cos Ltd Bros Jr Sr Esq etc al St Sts Ave Blvd Rd Dept Dist Prov Univ Est
    Govt Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun ft hr hrs min mins sq mph km kg lb lbs oz
    ed eds Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Kans Ky La Mass Md Mich Minn
    Miss Mo Mont Neb Nev Okla Ore Pa Penn Tenn Tex Va Vt Wash Wis Wyo Dak Alta Ont Que Sask
    Man Plc plc Pty Intl Assn Natl Hosp Twp Pkwy Div Bldg Regt Bn Batt Sq Ph.D Ph Op trans
    dept"""
    )
    | _MONTHS
)

# Words that open sentences and hardly ever stand capitalised after an abbreviation inside one.
OPENERS = words(
    """The A An It He She They We I You This That These Those There Here His Her Its Their Our
    My In On At By For From With Without After Before Since Until During While When Where As
    If Although Though Because But And Or So Yet However Meanwhile Also Another Other Others
    Some Many Most Several Both Each Every No Not Only Even Earlier Later Now Then Today
    Yesterday Tomorrow Last Next More Officials Police Authorities Witnesses Residents
    Analysts Experts Critics Reports Sources According Asked Under Over Between Among Despite
    Such What Who Why How Which All One Two Three Four Five Six Seven Eight Nine Ten Dozens
    Hundreds Thousands Still Nobody Nothing Once Thus Hence Instead Moreover Furthermore
    Additionally Elsewhere Prosecutors Investigators Activists Protesters Soldiers Militants
    Troops"""
)

# After a time of day these go on with it.
AFTER_CLOCK = (
    words(
        """Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April
    May June July August September October November December Eastern Central Mountain Pacific
    Greenwich Moscow Kyiv Kiev Tehran Kabul Israel Beirut Baghdad Beijing Pakistan Indian
    Local Mon Tue Tues Wed Thu Thurs Fri Sat Sun"""
    )
    | _MONTHS
)

# German writes a day of the month with a stop: "am 3. Januar".
GERMAN_MONTHS = words(
    """Januar Jänner Februar März April Mai Juni Juli August September Oktober November
    Dezember"""
)
