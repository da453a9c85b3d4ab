"""Kill what writes, at random points, and look at what is left: `kills.py WHAT FOLDER POINTS`.

A process of its own, which imports geomap once and then forks a child for each point. It prints
how often the child was cut off, and each loss.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

import geopandas
from conftest import make_reading

from geomap.store import Store, export, schema

FORMS = ("geojson", "csv", "gpkg", "kml", "parquet", "jsonl", "acled")


def duration(work):
    """Return how long some work takes in a child that nobody kills, seconds."""
    start = time.monotonic()
    child = os.fork()
    if not child:
        try:
            work(lambda _line: None)
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    return time.monotonic() - start


def cut_off(work, longest):
    """Run some work in a child that is killed; return its whole lines and whether it was done."""
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(ours)
            work(lambda line: os.write(theirs, f"{line}\n".encode()))
            os.write(theirs, b"done\n")
        finally:
            os._exit(0)
    os.close(theirs)
    time.sleep(random.uniform(0, longest))  # noqa: S311 - any point will do
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(ours, encoding="utf-8") as pipe:
        lines = pipe.read().split("\n")[:-1]
    return [line for line in lines if line != "done"], lines[-1:] == ["done"]


def look(path, losses):
    """Return the ids of the articles in a store that is whole."""
    with closing(sqlite3.connect(path)) as database:
        ((said,),) = database.execute("PRAGMA integrity_check")
        if said != "ok":
            losses.append(f"{path.name}: {said}")
        found = {name for (name,) in database.execute("SELECT article_id FROM articles")}
        ((events,),) = database.execute("SELECT count(*) FROM events")
        ((quotes,),) = database.execute("SELECT count(*) FROM quotes WHERE quotes MATCH 'gunmen'")
        if not len(found) == events == quotes:
            losses.append(f"{len(found)} articles, {events} events, {quotes} quotes")
    return found


def adds(folder, points, losses):
    path, told, killed = folder / "s.gpkg", set(), 0
    Store(path).close()
    for point in range(points):

        def work(tell, point=point):
            with Store(path, group=False) as store:
                for number in range(10_000):
                    name = f"{point}-{number}"
                    store.add([make_reading(name)])
                    tell(name)

        lines, done = cut_off(work, 0.08)
        told.update(lines)
        killed += not done
        lost = told - look(path, losses)
        if lost:
            losses.append(f"acknowledged and lost: {sorted(lost)}")
    return killed


def step(database):
    """Migrate as a real step would: a column, every row written anew, an index."""
    database.execute("ALTER TABLE events ADD COLUMN note TEXT")
    database.execute("UPDATE events SET note = upper(quote)")
    database.execute("CREATE INDEX events_note ON events (note)")


def migrations(folder, points, losses):
    old, path, killed = folder / "old.gpkg", folder / "s.gpkg", 0
    with Store(old, group=False) as store:
        store.add(make_reading(str(number)) for number in range(400))
    with closing(sqlite3.connect(old)) as database:
        database.execute("UPDATE geomap_meta SET value = '0' WHERE key = 'schema'")
        database.commit()
    schema.MIGRATIONS = {0: step}
    backup = path.with_name("s.gpkg.backup-0")

    def work(_tell):
        Store(path, group=False).close()

    def anew():
        for left in folder.glob("*s.gpkg*"):
            left.unlink()
        shutil.copy(old, path)

    anew()
    longest = duration(work)
    for _ in range(points):
        anew()
        _, done = cut_off(work, longest)
        killed += not done
        with Store(path, group=False) as store:
            if store.count() != 400 or store.info()["schema"] != 1:
                losses.append(f"{store.info()}")
        if len(look(path, losses)) != 400 or len(look(backup, losses)) != 400:
            losses.append("the store or its copy is not whole")
    return killed


def rows_of(path, form):
    """Return how many events another program finds in a file."""
    if form == "parquet":
        return len(geopandas.read_parquet(path))
    if form == "gpkg":
        return len(geopandas.read_file(path, layer="events"))
    text = path.read_text(encoding="utf-8")
    if form == "geojson":
        return len(json.loads(text)["features"])
    if form == "kml":
        return text.count("<Placemark") if text.rstrip().endswith("</kml>") else -1
    return text.count("\n") - (form in {"csv", "acled"})


def exports(folder, points, losses):
    with Store(folder / "s.gpkg") as store:
        store.add(make_reading(str(number)) for number in range(300))
        rows = list(store.rows())
    for form in FORMS:  # what the first use loads is no part of an export
        export.export_rows(rows[:1], folder / f"warm.{form}", form=form, exact=False)

    def work(form):
        return lambda _tell: export.export_rows(
            rows, folder / f"out.{form}", form=form, exact=False
        )

    longest = {form: duration(work(form)) for form in FORMS}
    killed = 0
    for point in range(points):
        form = FORMS[point % len(FORMS)]
        path = folder / f"out.{form}"
        path.write_text("old", encoding="utf-8")
        _, done = cut_off(work(form), longest[form])
        killed += not done
        if path.read_bytes() != b"old" and rows_of(path, form) != len(rows):
            losses.append(f"half of {path.name}")
    return killed


def main():
    what, folder, points = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    losses = []
    killed = {"add": adds, "migration": migrations, "export": exports}[what](folder, points, losses)
    print(json.dumps({"killed": killed, "losses": losses}))  # noqa: T201 - what it is run for


if __name__ == "__main__":
    main()
