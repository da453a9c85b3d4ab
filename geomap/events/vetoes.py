"""What looks like an event and is none: sums of many happenings, daily life, mere references."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from geomap.events.drafts import family

if TYPE_CHECKING:
    from geomap.events.scene import Scene
    from geomap.events.triggers import Trigger

__all__ = ["counted", "in_court", "referred", "summed_up", "vetoed"]

# Plural nouns often sum up many happenings; after one of these words they do.
_PLURAL = re.compile(
    r"(?:attacks|killings|bombings|strikes|assaults|raids|blasts|explosions|kidnappings|abductions"
    r"|arrests|clashes|battles|meetings|visits|protests|demonstrations|rallies|shootings|ambushes"
    r"|negotiations|rapes|floods|bombs|riots|executions|incidents|talks)$",
    re.IGNORECASE,
)
_SUMMING = re.compile(
    r"\b(?:series|spate|wave|surge|string|number|rise|increase|spike|history|recent|past|previous"
    r"|any|\d{2,}|frequent|repeated|regular|responsible for|such|similar|launch|launching|against"
    r"|carry out|years of|months of|decades of) (?:of )?(?:[\w-]+ ){0,3}$",
    re.IGNORECASE,
)
_GENERIC_AFTER = re.compile(
    r"^(?: (?:on|against|by|in|of) [\w -]{0,40}?)? (?:are|is|have|has|continue|remain)"
    r" (?:\w+ly )?(?:been )?(?:rising|increas\w+|on the rise|common|frequent|spread\w*|grow\w*"
    r"|surg\w+)",
    re.IGNORECASE,
)
_OFFICIAL = re.compile(
    r"\b(?:minister|president|premier|king|queen|prince|chancellor|secretary|envoy|ambassador"
    r"|delegation|officials?|leader|government|ministry|security council|secretary-general|senator"
    r"|military chief|army chief|governor|foreign|diplomat\w*|counterpart|un|eu|nato|bilateral"
    r"|peace|ceasefire|taliban"
    r"|rebel|pope|sheikh|commander|summit|nuclear|negotiator|(?:security|defen[cs]e|national"
    r"|leadership|military) (?:committee|council)|cabinet|mediators?|ministerial|houthi"
    r"|(?:united|african|arab|european|human) (?:nations|union|league|rights council)|army|forces"
    r"|hamas|fatah|hezbollah|factions?|general|lawmakers?|deput(?:y|ie)|vice-premier|premier"
    r"|commissioner"
    r"|chief|representative|(?:two|both|all|warring|opposing|rival) (?:sides|parties|delegation)"
    r"|round of talks|guarantor|delegate|militias?|boundary|commander|dialogue committee|rival"
    r"|truce)(?:s|es|ies)?\b",
    re.IGNORECASE,
)
# Meetings and contracts of daily life are no diplomacy.
_PRIVATE = re.compile(
    r"\b(?:school|board of|city council|county|curriculum|town hall|shareholders?|company|companies"
    r"|firm|club|coach|season|hospital|wounded|injured|bereaved"
    r"|university|students|residents|church|union contract|players?"
    r"|(?:home|away|national|football|cricket|basketball|rugby) team|oil giant|investors?"
    r"|customers?|lawsuit|cabinet post|job)\b",
    re.IGNORECASE,
)
# Arrests, deployments and smuggling count where the sentence speaks of conflict or politics.
_POLITICAL = re.compile(
    r"\b(?:militants?|terror\w*|rebels?|insurg\w*|activists?|opposition|protest\w*|demonstrat\w*"
    r"|party"
    r"|journalists?|extremis\w*|separatis\w*|soldiers?|troops|army|military|militia|armed|fighters?"
    r"|security forces|security personnel|police force|navy|warships?|missiles?|brigade|battalion"
    r"|paramilitar\w*|guerr?illas?|jihad\w*|islamist\w*|junta|mutin\w+"
    r"|peacekeepers?|plot\w*|commandos|marines|tanks|reinforcements"
    r"|espionage|spy\w*|coup|treason|subversi\w*|gang|cartel|weapons?|explosives?|taliban|isis"
    r"|islamic state|palestinians?|kurdish|leaders?|minister|president|politic\w*|migrants?"
    r"|intelligence|contingents?|force of|(?:multinational|international|security) (?:force"
    r"|mission))\b",
    re.IGNORECASE,
)
_ILLICIT = re.compile(
    r"\b(?:cocaine|heroin|hashish|opium|methamphetamine|narcotics|drugs|weapons?|gangs?|cartels?"
    r"|migrants?|traffick\w+|smuggl\w+|counterfeit)\b",
    re.IGNORECASE,
)
_ARMED = re.compile(
    r"\b(?:militants?|rebels?|insurgen\w*|fighters?|terrorists?|gunm[ae]n|jihad\w*|extremists?"
    r"|separatists?"
    r"|soldiers?|troops?|army|armies|military|militias?|forces|armed|fighting|war|warplanes"
    r"|artillery"
    r"|commandos?|guerr?illas?|paramilitar\w*|taliban|ttp|isis|isil|islamic state|daesh"
    r"|al-?shabaa?b"
    r"|boko haram|hezbollah|hamas|houthis?|pkk|ypg|sdf|m23|rsf|attackers?|ambush\w*|personnel"
    r"|border guards"
    r"|gun ?battles?|gunfights?|firefights?|shoot-?outs?|clans?|bullets|mortars?|shelling"
    r"|exchang\w+|fire|clash\w*|overr[au]n|peshmerga|mujahideen"
    r"|gunfire|factions|warring|hostilities|combat|besieg\w*|siege|cartels?|gangs?|assault"
    r"|tribesmen|tribal|general|offensive|recaptur\w+|retak\w+|counter-?offensive)\b",
    re.IGNORECASE,
)
# What the sentence of an event of a type must hold.
_NEEDED = {
    "crime.organised": _ILLICIT,
    "strategic.arrest": _POLITICAL,
    "strategic.group_change": _POLITICAL,
}
_DEAD_DEAL = re.compile(
    r"\b(?:end(?:ed|ing|s)?|broke|breach(?:ed|ing)?|violat(?:ed|ing|e|ion of)|withdrew from|quit"
    r"|scrapped|part of|under|since|despite|terms of|implement\w*|violation of|suspended)"
    r" (?:the |an? |its |their |that )*(?:[\w-]+ ){0,3}$",
    re.IGNORECASE,
)
# What somebody only calls for is nobody's plan yet.
_CALLED_FOR = re.compile(
    r"\b(?:urg|call|press|appeal|demand|plead|encourag|implor)(?:ed|es|s|ing)? [^,;.]{0,60}?"
    r"(?:\b(?:to|for) (?:an? |the |more |new |further |immediate )*(?:(?:resume|return to|hold"
    r"|start"
    r"|open|enter|begin|join|reach|sign|agree)(?: (?:to|on|an?|the|new|peace|direct|further))*)?"
    r" ?(?:[\w-]+ ){0,2})$",
    re.IGNORECASE,
)
# Deaths on the road and in the home are no attacks.
_ACCIDENT = re.compile(
    r"\b(?:(?:hit|struck|run over|knocked down) by an? (?:[\w-]+ ){0,2}(?:car|truck|lorry|bus|train"
    r"|van|vehicle|tram|lightning|tree)|tree (?:branch )?fell|motorcyclists?|pedestrians?|cyclists?"
    r"|overdose|drown\w*|heart attack|head-on|road accident|car accident|traffic accident)\b",
    re.IGNORECASE,
)
# Courts and police speak of acts that were done elsewhere, or not at all.
_COURT = re.compile(
    r"\b(?:charged with|convicted (?:of|in)|(?:was|were|been|is|are|people|men|man|woman),?"
    r" accused of|found guilty of|charges? (?:of|that|he|she|they)|pleaded guilty to|acquitted of"
    r"|sentenced \w+ |exonerated|on suspicion of|plott(?:ed|ing)|wanted for|suspected of)"
    r" ?(?:[\w-]+ ){0,8}$",
    re.IGNORECASE,
)
# A figure over a period is no happening.
_PERIOD = re.compile(
    r"\b(?:since|so far|to date|this (?:year|month)|in all|(?:in|over|during|within|for) (?:the )?"
    r"(?:past|last|recent|previous|first)\b|in (?:19|20)\d\d|year to date|between \w+ and \w+ "
    r"(?:19|20)\d\d|last year|beginning of the year|a (?:year|month|decade))\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"\b(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty"
    r"|dozens of|scores of|hundreds of|thousands of|several|many) (?:[\w-]+ ){0,3}?"
    r"(?:districts|provinces|villages|towns|cities|states|regions|counties|attacks|incidents"
    r"|bombings|strikes|raids|clashes|protests|kidnappings|abductions|explosions|battles|ambushes"
    r"|assaults|arrests)\b",
    re.IGNORECASE,
)
_PERFECT = re.compile(
    r"\b(?:have|has|had) (?:also |now |already |so far )?(?:been )?(?:killed|wounded|injured"
    r"|displaced|died|claimed|left|arrested|detained|abducted|kidnapped|fled)\b",
    re.IGNORECASE,
)
_MILLIONS = re.compile(
    r"\b(?:displaced|uprooted|killed|driven|forced|affected|fled)\b[^.;]{0,60}\b"
    r"(?:million|\d{3},\d{3}|hundreds of thousands|tens of thousands)\b",
    re.IGNORECASE,
)
# An act that somebody condemns or investigates is only referred to.
_REFERRED = re.compile(
    r"\b(?:condemn\w*|denounc\w*|deplor\w*|responsib\w+ (?:for|of)|blam\w+ [\w ]{1,40} for"
    r"|in response to|retaliat\w+ (?:for|against)|investigat\w*(?: into)?|accused of|charged with"
    r"|suspected of|fear of|end to|an end of|threat of|victims? of|anniversary of|since|nothing"
    r" to do with|behind|(?:any|no) (?:part|role|hand) in)"
    r" (?:the |an? |this |that |these |such |any |all |recent |last |further )*(?:[\w-]+ ){0,2}$",
    re.IGNORECASE,
)


def summed_up(scene: Scene, index: int, trigger: Trigger) -> bool:
    """Tell whether a trigger sums up many happenings: "a wave of attacks", "150 attacks".

    Parameters
    ----------
    scene
        The article.
    index
        The trigger's sentence.
    trigger
        The event word.

    Returns
    -------
    bool
        Only ever True for nouns in the plural.
    """
    text, sentence = scene.article.text, scene.sentences[index]
    if not _PLURAL.search(trigger.span.of(text)):
        return False
    lead = text[max(sentence.start, trigger.span.start - 60) : trigger.span.start]
    return bool(
        _SUMMING.search(lead) or _GENERIC_AFTER.search(text[trigger.span.end : sentence.end])
    )


def counted(words: str) -> bool:
    """Tell whether a sentence is a figure over a period: "30 villages have seen raids since May".

    Parameters
    ----------
    words
        The sentence.

    Returns
    -------
    bool
        True for a number of places or happenings, or of the dead, in a stretch of time.
    """
    over = _PERIOD.search(words)
    return bool(over and (_FIGURE.search(words) or _PERFECT.search(words))) or bool(
        _MILLIONS.search(words)
    )


def in_court(lead: str) -> bool:
    """Tell whether an act is what somebody is tried or searched for: "charged with killing".

    Parameters
    ----------
    lead
        The sentence up to the trigger.

    Returns
    -------
    bool
        True behind "convicted of", "charges of", "plotted to": the place then is seldom the act's.
    """
    return bool(_COURT.search(lead))


def referred(lead: str) -> bool:
    """Tell whether an act is only referred to, as what somebody condemns or investigates.

    Parameters
    ----------
    lead
        The sentence up to the trigger.

    Returns
    -------
    bool
        True behind "condemned the", "in response to", "accused of" and their like.
    """
    return bool(_REFERRED.search(lead))


def vetoed(words: str, lead: str, code: str, *, known: bool) -> bool:
    """Tell whether the sentence makes an event of this type unlikely, whatever its trigger.

    Parameters
    ----------
    words
        The sentence.
    lead
        The sentence up to the trigger.
    code
        The event's type.
    known
        Whether the article has told of an event of a kind before: then "he" is an official, and
        "two men were arrested" speaks of its suspects.

    Returns
    -------
    bool
        True where the words of diplomacy, arms or politics that the type needs are missing.
    """
    if family(code) == "encounter":
        missing = not (known or _OFFICIAL.search(words))
        return missing or bool(_PRIVATE.search(words) or _CALLED_FOR.search(lead))
    if code == "diplomacy.agreement":
        return any(
            p.search(where)
            for p, where in ((_DEAD_DEAL, lead), (_CALLED_FOR, lead), (_PRIVATE, words))
        )
    if code == "strategic.arrest" and known:
        return False
    if code == "violence.attack" and _ACCIDENT.search(words):
        return True
    needed = _ARMED if code.startswith("battle.") else _NEEDED.get(code)
    return needed is not None and not needed.search(words)
