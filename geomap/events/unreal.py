"""What is told and did not happen now: fiction, games, drills, remembrance, trials, daily crime."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from geomap.events.drafts import family

if TYPE_CHECKING:
    from datetime import date

    from geomap.model import When

__all__ = ["bygone", "everyday", "unreal"]

_FLAGS = re.IGNORECASE
# Families that stories, matches and drills are full of.
_STAGED = frozenset({"violence", "crowd"})
# What is remembered, or tried in court, happened before.
_PAST = frozenset({"violence", "crowd", "disaster.natural", "disaster.man_made"})
_STORY = re.compile(
    r"\b(?:films?|movies?|novels?|documentar(?:y|ies)|memoirs?|opera|musical|(?:video|board"
    r"|computer)"
    r" games?|books?|drama|thriller|sequel|exhibition|painting|comic|podcast|(?:new|tv|television"
    r"|the)"
    r" (?:series|play|game|show|story))\b"
    r"(?:[\w ,’'-]{0,40}?\b(?:about|set in|tells?|follows|depicts?|recounts?|portrays?"
    r"|dramati[sz]es"
    r"|recreates?|explores|in which|based on|(?:shows?|describes?|recalls?) how)\b"
    r"|,? (?:[\w-]+ ){0,3}?players\b)",
    _FLAGS,
)
_STAGE = re.compile(
    r"\b(?:box office|blockbuster|premi[eè]re[sd]?|screenplay|film (?:director|festival|star|set)"
    r"|comed(?:y|ies|ians?)|actors?|actress\w*|album|singer|theat(?:re|er) company|video ?games?"
    r"|gamers|playwright|novelist|screenwriter)\b",
    _FLAGS,
)
_SPORT = re.compile(
    r"\b(?:wickets?|innings|cricket|footballers?|semi-?finals?|quarter-?finals?|league|cup final"
    r"|world cup|striker|goalkeeper|midfielders?|defenders? and|the title holders|tournament"
    r"|play-?offs?|penalt(?:y|ies) (?:kick|area|shoot)|half-?time|second half|first half|scored"
    r"|championships?|grand slam|olympics?|olympic|runs off|the final\b|overtime|batsm[ae]n"
    r"|bowlers?"
    r"|marathon|grand prix|basketball|baseball|rugby|tennis|hockey|chess|boxing|boxer|touchdowns?"
    r"|coach|scoring|scorers?|penalties|equali[sz]er|goals?\b|unbeaten|home side|visitors’"
    r"|knockout)\b",
    _FLAGS,
)
_DRILL = re.compile(
    r"\b(?:drills?|exercises?|war ?games|manoeuvres|maneuvers|training (?:scenario|session))\b",
    _FLAGS,
)
_FAKE = re.compile(
    r"\b(?:simulat\w+|mock|rehears\w+|dummy|pretend(?:ed|ing)?|make-believe|re-?enact\w*|fictitious"
    r"|imaginary|role-?play\w*|blank (?:rounds|cartridges|ammunition))\b",
    _FLAGS,
)
# Who attacks a real drill.
_HOSTILE = re.compile(
    r"\b(?:gunm[ae]n|militants?|rebels?|insurgents?|bombers?|jihadists?|ambush\w*|terrorists?)\b",
    _FLAGS,
)
# In "two years after the coup, gunmen ..." the comma opens what happens now.
_REMEMBERED = re.compile(
    r"\b(?:(?:anniversar(?:y|ies)|commemorat\w+|in memory of|memorials? (?:to|for)|remembrance"
    r"|mark(?:s|ed|ing)? (?:the )?(?:\w+ ){0,3}?(?:years?|decades?|months?|centur\w+)"
    r"|(?:years?|decades?|centur(?:y|ies)) (?:since|after|on from)|remember(?:s|ed|ing)?"
    r"|tribute to|honou?r(?:s|ed|ing)? the (?:victims|dead|fallen)|mourn\w* (?:the )?victims of"
    r"|museum (?:[\w ]{0,20} )?(?:shows?|displays?|about|of the)|historians?)\b[^,;]*"
    r"|(?:years?|decades?) ago\b.{0,60}|veterans of (?:the )?(?:\w+ )?)$",
    _FLAGS,
)
_REMEMBERED_AFTER = re.compile(
    r"^[^.;]{0,60}?\b(?:(?:was|were|is|are|will be|be) (?:remembered|commemorated|marked|honou?red)"
    r"|(?:years?|decades?) (?:ago|earlier)|anniversary)\b(?! of)",
    _FLAGS,
)
_TRIED = re.compile(
    r"\b(?:sentenced|convicted|(?:jailed|imprisoned) (?:[\w-]+ ){0,4}?(?:for|over)|on trial"
    r"|trial of"
    r"|tried for|found guilty|plead(?:s|ed|ing)? (?:not )?guilty|indict\w+|extradit\w+"
    r"|charged (?:[\w-]+ ){0,4}?(?:with|over)|(?:was|were|been) charged|(?:faces?|facing|on"
    r"|dropped?)"
    r" (?:[\w-]+ ){0,3}?charges|acquitted|verdict|appeals? court|jur(?:y|ors?)|inquest|retrial"
    r"|courts? (?:in|on|has|had|heard|ruled|upheld|found|documents|papers|hearing|case)|in court"
    r"|tribunal (?:in|on|has|had|heard|ruled|found)|prosecutors (?:in [A-Z]\w+ )?(?:charg|accus"
    r"|alleg"
    r"|sought|demand|ask)\w*|prosecuted|defendants?|the accused|testif\w+|testimony|sued|lawsuit"
    r"|behind bars|life in prison|wanted (?:in|by) [\w ]{1,30} (?:for|over))\b",
    _FLAGS,
)
_TRIED_AFTER = re.compile(
    r"^[^.;]{0,80}?(?:,? (?:a|the) (?:court|jury|judge|tribunal|inquest) (?:heard|was told|ruled"
    r"|found))"
    r"|^ (?:suspects?|trial|case|charges?|defendants?|convicts?|plotters?)\b"
    r"|^[^.;]{0,90}?\b(?:went|go(?:es|ing)?|is|are|was|were|stand\w*|put) on trial\b"
    r"|^[^.;]{0,90}?\b(?:was|were|been|is) (?:sentenced|convicted|acquitted|found guilty"
    r"|executed by hanging|jailed|indicted)\b",
    _FLAGS,
)
# A court may itself be attacked, and people die in raids before a trial: then somebody acts.
_AT_COURT = re.compile(
    r"\b(?:outside|near|at|inside|into|stormed|against|on) (?:a|the|an) (?:[\w-]+ ){0,2}?"
    r"(?:court(?:house)?|tribunal)|\b(?:judges?|prosecutors?|jurors?) (?:was|were|has been"
    r"|had been)"
    r" (?:[\w-]+ )?(?:killed|shot|attacked|abducted|kidnapped|assassinated|gunned)"
    r"|\b(?:killed|shot|attacked|abducted|kidnapped|assassinated|gunned down"
    r"|shot dead) (?:[\w-]+ ){0,3}?"
    r"(?:judges?|prosecutors?)\b",
    _FLAGS,
)
_BEASTS = (
    r"(?:lions?|lioness(?:es)?|elephants?|leopards?|tigers?|bears?|wol(?:f|ves)|sharks?|crocodiles?"
    r"|rhinos?|rhinoceros(?:es)?|hippos?|hippopotamus|dogs?|cats?|cows?|cattle|sheep|goats?|pigs?"
    r"|boars?"
    r"|whales?|dolphins?|birds?|bees|wasps|snakes?|monkeys?|baboons?|hyenas?|jackals?|deer|horses?"
    r"|camels?|chickens?|poultry|livestock|seals?|bulls?|buffalo(?:es)?|coyotes?|pumas?|cougars?"
    r"|alligators?|gorillas?|fish|foxes|fox|locusts?|reindeer|kangaroos?|animals?|herd of|pack of)"
)
# Lower case only: the Tigers and the Lions are armies and teams.
_BEAST_ACTS = re.compile(
    rf"\b{_BEASTS}(?: [\w-]+){{0,4}}? (?:(?:has|have|had|were|was|that|which) )*$"
)
_BEAST_SUFFERS = re.compile(
    r"^(?: (?:dead|down|and wounded))*,?(?: (?:and ate|an?|the|its|his|her|their|some|about|up to"
    r"|at least"
    r"|more than|over|hundreds of|dozens of|thousands of|scores of|\w+(?:y|teen)|two|three|four"
    r"|five"
    r"|six|seven|eight|nine|ten|twelve|\d[\d,]*|several|many|endangered|rare|wild|stray|young|adult"
    rf"|old|male|female|black|white|grey|brown|polar|protected))* {_BEASTS}\b",
)
_BEAST_PASSIVE = re.compile(
    rf"\b{_BEASTS} (?:(?:was|were|has|have|had|been|being|is|are) )+(?:[\w-]+ )?$"
    rf"|^[\w ,]{{0,30}}? by (?:an? |the )?(?:[\w-]+ )?{_BEASTS}\b",
)
# What makes an attack, an arrest or a death a matter of conflict or politics.
_CONFLICT = re.compile(
    r"\b(?:gunm[ae]n|militants?|militia\w*|rebels?|insurgen\w*|terror\w*|jihad\w*|extremis\w*"
    r"|islamist\w*"
    r"|separatis\w*|guerr?illas?|paramilitar\w*|soldiers?|troops|army|military|marines?|navy"
    r"|security forces|peacekeep\w*|bandits?|herdsmen|herders|settlers?|cartels?|gangs?"
    r"|armed (?:men|group"
    r"|groups|attackers|assailants|villagers|herders)"
    r"|assassin\w*|massacre\w*|bomb\w*|explosi\w*|grenade|suicide|hostages?|kidnap\w*|abduct\w*"
    r"|politician|politic\w*|minister|president|opposition|activists?|journalists?|reporter"
    r"|lawmakers?"
    r"|mayor|governor|senator|councillor|candidate|judge|prosecutor|diplomat\w*|ambassador"
    r"|aid workers?"
    r"|protest\w*|demonstrat\w*|riot\w*|mobs?|lynch\w*|curfew|coup|ethnic|sectarian|communal"
    r"|religious|worshippers|mosque|church|synagogue|temple|shrine|priest|imam|rabbi"
    r"|refugees?|migrants?|displaced|checkpoint|border|war|ceasefire|taliban|ttp|isis|isil"
    r"|islamic state|daesh|al-?qaeda|al-?shabaa?b|boko haram|hezbollah|hamas|houthis?|palestinians?"
    r"|israelis?|kurdish|m23|rsf|rapid support|policem[ae]n|police (?:officers?|station|post|chief)"
    r"|officers? (?:was|were)|village|villagers|tribes?men|tribal|farmers|mass shooting"
    r"|school shooting"
    r"|hate crime|racist|far-right|vigilant\w*|warlord|commander|raid(?:ed|s)?|execut\w*"
    r"|behead\w*)\b",
    _FLAGS,
)
# What marks the crime of any town: police work, quarrels, money, drink, the family.
_CRIME = re.compile(
    r"\b(?:detectives?|homicide|robber\w*|burglar\w*|argument|quarrel\w*|argued|row over"
    r"|dispute over money|domestic (?:dispute|violence|row|abuse)"
    r"|ex-?(?:wife|husband|girlfriend|boyfriend|partner)|his wife|her husband|girlfriend|boyfriend"
    r"|estranged|pub|outside a bar|nightclub|night club|(?:birthday|house|pool|at a) party"
    r"|car ?park"
    r"|parking lot|road rage|drunk\w*|appeal(?:ed|ing|s)? for (?:witnesses|information)"
    r"|witnesses to come forward|police (?:are|were) (?:investigating|looking|searching|hunting)"
    r"|sheriff\S*|a motive|murder (?:inquiry|investigation|suspect|weapon)|taxi driver|jewell?er\w*"
    r"|mugg\w+|knifepoint|theft|shoplift\w*|crime scene|post-?mortem|paramedics|coroner|jealous\w*"
    r"|bus stop|schoolmate|classmates?|landlord|tenant|customer|debt)\b",
    _FLAGS,
)
_COMMON = frozenset(
    {"violence.attack", "violence.hostage", "violence.sexual", "violence.abduction"}
)
# Older than this when the article appears is history: two years, in days.
_HISTORY = 730


def unreal(lead: str, word: str, after: str, context: str, code: str) -> bool:
    """Tell whether an event word stands in a story, a match, a drill, a memory or a trial.

    Parameters
    ----------
    lead
        The sentence up to the event word.
    word
        The event word.
    after
        The sentence behind it.
    context
        Its paragraph.
    code
        The event's type.

    Returns
    -------
    bool
        True where nothing of that kind is reported to have happened.
    """
    kin = family(code)
    sentence = lead + word + after
    if kin in _STAGED:
        if _STORY.search(lead) or _practised(sentence):
            return True
        if _on_stage(context):
            return True
    if kin == "violence" and _of_animals(lead, after):
        return True
    if kin not in _PAST:
        return False
    if _REMEMBERED.search(lead) or _REMEMBERED_AFTER.search(after):
        return True
    tried = _TRIED.search(lead) or _TRIED_AFTER.search(after)
    return kin == "violence" and bool(tried) and not _AT_COURT.search(sentence)


# Each event word of a paragraph asks anew.
@lru_cache(maxsize=64)
def _on_stage(context: str) -> bool:
    """Tell whether a paragraph is about the arts or a match, and nobody in it bears arms."""
    staged = _STAGE.search(context) or _SPORT.search(context)
    return bool(staged) and not _CONFLICT.search(context)


@lru_cache(maxsize=64)
def _practised(sentence: str) -> bool:
    """Tell whether a sentence speaks of a drill, and nobody attacks it."""
    if _FAKE.search(sentence):
        return True
    return bool(_DRILL.search(sentence)) and not _HOSTILE.search(sentence)


def _of_animals(lead: str, after: str) -> bool:
    """Tell whether an animal kills or is killed: "rangers shot dead a lion"."""
    lead = lead[:1].lower() + lead[1:]
    if _BEAST_SUFFERS.search(after) or _BEAST_ACTS.search(lead):
        return True
    return bool(_BEAST_PASSIVE.search(lead) or _BEAST_PASSIVE.search(after))


def everyday(text: str, context: str, code: str) -> bool:
    """Tell whether violence or an arrest is crime as any town has it, without a cue of conflict.

    Parameters
    ----------
    text
        The whole article.
    context
        The paragraph of the event.
    code
        The event's type.

    Returns
    -------
    bool
        True where police work, quarrels or robbery are told and nothing of arms or politics.
    """
    if code not in _COMMON and code != "strategic.arrest":
        return False
    return bool(_CRIME.search(context)) and not _of_conflict(text)


@lru_cache(maxsize=4)
def _of_conflict(text: str) -> bool:
    return bool(_CONFLICT.search(text))


def bygone(when: When | None, published: date | None, code: str) -> bool:
    """Tell whether a happening was history when the article appeared.

    Parameters
    ----------
    when
        Its date; None when not told.
    published
        The publication day; None when unknown.
    code
        The event's type.

    Returns
    -------
    bool
        True for violence, unrest and disasters that ended two years before, or earlier.
    """
    if when is None or when.last is None or published is None or family(code) not in _PAST:
        return False
    return (published - when.last).days > _HISTORY
