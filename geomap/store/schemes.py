"""Events in the columns of ACLED and of UCDP's GED, as far as an article tells what they hold.

They are like those data sets, not part of them: nobody has checked the events, and what an article
does not tell stays empty.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from geomap.events import taxonomy

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Iterator

    Record = dict[str, Any]

__all__ = ["ACLED_COLUMNS", "UCDP_COLUMNS", "acled_rows", "ucdp_rows"]

ACLED_COLUMNS = (
    "event_id_cnty",
    "event_date",
    "year",
    "time_precision",
    "event_type",
    "sub_event_type",
    "actor1",
    "actor2",
    "iso2",
    "admin1",
    "admin2",
    "location",
    "latitude",
    "longitude",
    "geo_precision",
    "source",
    "notes",
    "fatalities",
)
UCDP_COLUMNS = (
    "id",
    "year",
    "type_of_violence",
    "side_a",
    "side_b",
    "source_article",
    "source_office",
    "source_date",
    "source_headline",
    "where_prec",
    "where_coordinates",
    "adm_1",
    "adm_2",
    "latitude",
    "longitude",
    "country_iso2",
    "date_prec",
    "date_start",
    "date_end",
    "best",
    "high",
    "low",
)

# ACLED's event types by our groups (its codebook of 2023); what has none is left empty.
_ACLED_TYPES = {
    "battle": "Battles",
    "explosion": "Explosions/Remote violence",
    "violence": "Violence against civilians",
    "protest": "Protests",
    "riot": "Riots",
    "strategic": "Strategic developments",
}
# ACLED: 1 the day, 2 the week, 3 the month. GED: 1 the day, 2 up to a week, 3 a week, 4 a month,
# 5 more than that.
_ACLED_TIME = {"day": 1, "week": 2, "month": 3}
_UCDP_TIME = {"day": 1, "week": 3, "month": 4, "year": 5}
# ACLED: 1 the town, 2 the area around, 3 the province. GED: 1 the spot, 3 the district, 4 the
# province, 6 the country.
_ACLED_PLACE = {"exact": 1, "town": 1, "district": 2, "province": 3}
_UCDP_PLACE = {"exact": 1, "town": 1, "district": 3, "province": 4, "country": 6}
_LEFT, _RIGHT = ("attacker", "actor", "speaker", "host"), ("target", "participant")
_FEW_DAYS = 7


def _actors(record: Record, roles: tuple[str, ...]) -> str | None:
    named = [actor["text"] for actor in json.loads(record["actors"]) if actor["role"] in roles]
    return "; ".join(dict.fromkeys(named)) or None


def _count_gaps(record: Record, losses: Counter[str]) -> None:
    if record["date_first"] is None:
        losses["events without a first day"] += 1
    if record["lat"] is None:
        losses["events without coordinates, which the text does not give"] += 1


def acled_rows(records: Iterable[Record], losses: Counter[str]) -> Iterator[list[Any]]:
    """Yield the values of `ACLED_COLUMNS`, counting what cannot be told."""
    types = taxonomy()
    for record in records:
        known = types.get(record["type"])
        names = known.acled if known else ()
        if not names:
            losses["events of types that ACLED does not have"] += 1
        _count_gaps(record, losses)
        first = record["date_first"]
        yield [
            record["event_id"],
            first,
            first[:4] if first else None,
            _ACLED_TIME.get(record["date_precision"]),
            _ACLED_TYPES.get(record["type"].partition(".")[0]) if names else None,
            names[0] if names else None,
            _actors(record, _LEFT),
            _actors(record, _RIGHT),
            record["country"],
            record["admin1"],
            record["admin2"],
            record["place"],
            record["lat"],
            record["lon"],
            _ACLED_PLACE.get(record["geo_precision"]),
            record["source"],
            record["quote"],
            record["fatalities_best"],
        ]


def ucdp_rows(records: Iterable[Record], losses: Counter[str]) -> Iterator[list[Any]]:
    """Yield the values of `UCDP_COLUMNS`, counting what cannot be told."""
    for record in records:
        _count_gaps(record, losses)
        violent = record["type"].partition(".")[0] in {"battle", "explosion", "violence"}
        if not violent:
            losses["events that are no organised violence"] += 1
        first = record["date_first"]
        yield [
            record["event_id"],
            first[:4] if first else None,
            # 3 is one-sided violence; who fought whom in the others an article seldom says.
            3 if record["type"].startswith("violence.") else None,
            _actors(record, _LEFT),
            _actors(record, _RIGHT),
            record["quote"],
            record["source"],
            record["published"],
            record["title"],
            _UCDP_PLACE.get(record["geo_precision"]),
            record["place"],
            record["admin1"],
            record["admin2"],
            record["lat"],
            record["lon"],
            record["country"],
            _ucdp_precision(record),
            first,
            record["date_last"],
            record["fatalities_best"],
            record["fatalities_high"],
            record["fatalities_low"],
        ]


def _ucdp_precision(record: Record) -> int | None:
    first, last = record["date_first"], record["date_last"]
    if record["date_precision"] == "day" and first and last and first != last:
        days = (date.fromisoformat(last) - date.fromisoformat(first)).days
        return 2 if days < _FEW_DAYS else 3
    return _UCDP_TIME.get(record["date_precision"])
