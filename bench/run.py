"""Print what geomap costs on this machine: time, memory, disk; peers as a ratio in the same run.

    python bench/run.py                  everything
    python bench/run.py --only reading   one group: start, reading, matching, size

Texts come from the corpora in ../shared where they are, else from the sample articles. Peers
(geotext, ahocorasick_rs) are measured where they are installed; they are no dependencies.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from importlib import metadata
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

REPOSITORY = Path(__file__).resolve().parents[1]
CORPORA = REPOSITORY.parent / "shared" / "data" / "geoparsing"
DOCUMENT_CHARS = 2000
DOCUMENTS = 200
RUNS = 5  # the best of so many: the others measure the machine's other work
MB = 1e6


def row(name: str, value: float, unit: str, note: str = "") -> None:
    """Print one figure."""
    print(f"{name:<44}{value:>10.2f} {unit:<10}{note}")


def best(work: Callable[[], object], runs: int = RUNS) -> float:
    """Return the shortest wall time of some runs, in seconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def command(*arguments: str, folder: Path = REPOSITORY, **environment: str) -> float:
    """Run geomap in a process of its own and return its peak memory in MB."""
    process = subprocess.Popen(
        [sys.executable, "-m", "geomap", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"geomap {' '.join(arguments)} failed with {process.returncode}")
    return usage.ru_maxrss / (MB if sys.platform == "darwin" else 1000)  # kilobytes on Linux


def documents() -> list[str]:
    """Return texts of 2,000 characters each."""
    from geomap import read_articles

    if CORPORA.is_dir():
        lines = [
            line for path in sorted(CORPORA.glob("*.jsonl")) for line in path.open(encoding="utf-8")
        ]
        texts = [json.loads(line)["text"] for line in lines]
    else:
        texts = [article.text for article in read_articles(REPOSITORY / "geomap" / "samples")]
    whole = "\n\n".join(islice(cycle(texts), DOCUMENTS * 10))
    starts = range(0, min(len(whole), DOCUMENTS * DOCUMENT_CHARS), DOCUMENT_CHARS)
    return [whole[start : start + DOCUMENT_CHARS] for start in starts]


def bench_start() -> None:
    """Measure what a user waits for."""
    from geomap import Gazetteer

    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        peak = command("gazetteer", "info", GEOMAP_CACHE=folder)
        row("first start, index built", time.perf_counter() - start, "s", f"{peak:.0f} MB peak")
    Gazetteer()
    row("gazetteer opened", 1000 * best(Gazetteer), "ms")
    row("geomap place Kabul, whole command", best(lambda: command("place", "Kabul")), "s")
    row("geomap --help, whole command", best(lambda: command("--help")), "s")
    with tempfile.TemporaryDirectory() as folder:
        row(
            "geomap demo, whole command", best(lambda: command("demo", folder=Path(folder)), 2), "s"
        )


def bench_matching() -> None:
    """Measure how fast names are found, against plain dictionary matchers."""
    from geomap import Gazetteer, mentions

    texts = documents()
    size = sum(len(text.encode()) for text in texts) / MB
    gazetteer = Gazetteer()
    ours = size / best(lambda: [list(mentions.matches(text, gazetteer)) for text in texts], 3)
    row("names matched", ours, "MB/s", f"{size:.1f} MB of text, {gazetteer.info()['names']} names")
    for name, find in peers().items():
        theirs = size / best(lambda find=find: [find(text) for text in texts], 3)
        row(f"  {name}", theirs, "MB/s", f"geomap / {name} = {ours / theirs:.3f}")
    accepted = size / best(lambda: [mentions.find(text, gazetteer) for text in texts], 3)
    row("names matched, judged, accepted", accepted, "MB/s")


def peers() -> dict[str, Callable[[str], object]]:
    """Return the matchers that are installed, ready to run."""
    found: dict[str, Callable[[str], object]] = {}
    if find := geotext():
        found["geotext"] = find
    if importlib.util.find_spec("ahocorasick_rs"):
        from ahocorasick_rs import AhoCorasick

        names = (REPOSITORY / "gazetteer" / "names.parquet").as_posix()
        import pyarrow.parquet

        patterns = sorted(set(pyarrow.parquet.read_table(names)["name"].to_pylist()))
        automaton = AhoCorasick([p for p in patterns if len(p) > 1])
        # Its matches still lack word boundaries, folding and the way back to the text.
        found["ahocorasick_rs, raw"] = lambda text: automaton.find_matches_as_indexes(
            text, overlapping=True
        )
    return found


def geotext() -> Callable[[str], object] | None:
    """Return how geotext finds cities, where it is installed."""
    if not importlib.util.find_spec("geotext"):
        return None
    from geotext import GeoText

    return lambda text: GeoText(text).cities


def bench_reading() -> None:
    """Measure whole readings on documents of 2 kB, and the memory they need."""
    from geomap import Pipeline, mentions
    from geomap.model import Article
    from geomap.resolve import resolve

    texts = documents()
    with tempfile.TemporaryDirectory() as folder:
        rows = "".join(json.dumps({"text": text}) + "\n" for text in texts)
        (Path(folder) / "all.jsonl").write_text(rows, encoding="utf-8")
        peak = command("read", "all.jsonl", folder=Path(folder))
    row("geomap read, peak memory", peak, "MB", f"{len(texts)} documents")
    pipeline = Pipeline()
    pipeline.read(texts[0])
    gazetteer = pipeline.gazetteer

    def places(text: str) -> None:
        resolve(Article(text=text), mentions.find(text, gazetteer), gazetteer)

    new = documents_a_second(places, texts)
    row("read, places only, names not met before", new, "docs/CPU-s")
    known = documents_a_second(places, texts)
    row("read, places only, names met before", known, "docs/CPU-s")
    if find := geotext():
        theirs = documents_a_second(find, texts)
        row("  geotext", theirs, "docs/CPU-s", f"geomap / geotext = {known / theirs:.3f}")
    rate = documents_a_second(lambda text: pipeline.read(text, published="2023-01-03"), texts)
    row("read, places and events", rate, "docs/CPU-s")


def documents_a_second(work: Callable[[str], object], texts: list[str]) -> float:
    """Return how many texts are worked on in a CPU-second."""
    start = time.process_time()
    for text in texts:
        work(text)
    return len(texts) / (time.process_time() - start)


def bench_size() -> None:
    """Measure what an installation takes on disk, by distribution."""
    if not importlib.util.find_spec("packaging") or not installed("geomap"):
        print("geomap is not installed here: pip install . packaging")
        return
    sizes = {name: size_of(name) for name in sorted(needed("geomap"))}
    row("installed, all in all", sum(sizes.values()) / MB, "MB")
    for name, size in sorted(sizes.items(), key=lambda entry: -entry[1]):
        row(f"  {name}", size / MB, "MB")


def installed(name: str) -> bool:
    """Tell whether a distribution is installed."""
    return any(metadata.distributions(name=name))


def needed(name: str, seen: set[str] | None = None) -> set[str]:
    """Return a distribution and all that it requires here, without extras."""
    from packaging.requirements import Requirement

    seen = set() if seen is None else seen
    for line in metadata.requires(name) or []:
        requirement = Requirement(line)
        wanted = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if wanted and requirement.name.lower() not in seen:
            seen.add(requirement.name.lower())
            needed(requirement.name, seen)
    return seen | {name}


def size_of(name: str) -> int:
    """Return the bytes of a distribution's files."""
    files = [Path(str(file.locate())) for file in metadata.files(name) or []]
    return sum(file.stat().st_size for file in files if file.is_file())


# Matching comes late: Linux counts a parent's memory into the peak of the processes it starts.
GROUPS = {
    "start": bench_start,
    "reading": bench_reading,
    "matching": bench_matching,
    "size": bench_size,
}


def main() -> None:
    """Run the groups that were asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", choices=GROUPS)
    only = parser.parse_args().only
    sys.path.insert(0, str(REPOSITORY))
    for name, bench in GROUPS.items():
        if only in (None, name):
            print(f"-- {name}")
            bench()


if __name__ == "__main__":
    main()
