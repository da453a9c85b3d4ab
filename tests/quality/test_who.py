"""Actors and their roles on our own sentences, through the whole pipeline."""

from __future__ import annotations

import json
from pathlib import Path

from geomap import Pipeline

TABLE = Path(__file__).parent / "who.jsonl"
# Of 40 actors; the others wait for events that are not found yet.
LEAST = 32


def test_actors_keep_their_roles() -> None:
    pipeline, right = Pipeline(), 0
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        events = pipeline.read(row["text"], published="2023-05-05").events
        found = [(actor.text.lower(), actor.role) for event in events for actor in event.actors]
        for part in row["actors"].split(";"):
            name, _, role = part.rpartition(":")
            right += any(name.lower() in text and role == told for text, told in found)
    assert right >= LEAST
