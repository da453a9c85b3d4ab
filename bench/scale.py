"""What reading many articles costs: two workers against one, Dask against one process.

    python bench/scale.py       2,000 articles in files of 50
    python bench/scale.py --articles 20000 --chars 500 --only files    Dask's share of short ones

Each way reads the same files in a fresh process, start included. CPU time counts all of its
processes and is what a busy machine leaves comparable, best with `--together`, where all ways share
what it leaves; wall time is shown beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).resolve().parents[1]
CORPORA = REPOSITORY.parent / "shared" / "data" / "geoparsing"
DOCUMENT_CHARS = 2000
IN_A_FILE = 50
MB = 1e6
# What docs/scale.md advises: Dask's own diagnoses cost CPU time by the second.
QUIET = {
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "1s",
    "DASK_DISTRIBUTED__ADMIN__SYSTEM_MONITOR__INTERVAL": "10s",
}

ADD = """
import sys
from geomap import Pipeline, Store, scale
if __name__ == "__main__":
    news, out, workers = sys.argv[1:]
    with Store(out + ".gpkg", group=False) as store:
        scale.add(scale.Source(inputs=[news]), store, pipeline=Pipeline(), workers=int(workers))
"""
FILES = """
import pickle, sys
from pathlib import Path
from geomap import Pipeline
from geomap.scale import cluster, partition
from geomap.scale.problems import Problems
news, out, _ = sys.argv[1:]
job = partition.Job(to=out, is_store=False, published=None, pipeline=pickle.dumps(Pipeline()),
                    provenance=partition.current())
cluster._make_folders(Path(out))
parts = cluster.parts(news)
for group in cluster._groups(parts, Problems(), 500_000):
    partition.read_group(job, group)
"""
DASK = """
import sys
from geomap import scale
if __name__ == "__main__":
    from distributed import Client, LocalCluster
    news, out, workers = sys.argv[1:]
    with (
        LocalCluster(n_workers=int(workers), threads_per_worker=1, dashboard_address=":0") as c,
        Client(c) as client,
    ):
        scale.read(news, client, to=out, part_bytes=500_000)
"""


class Cost(NamedTuple):
    """What a process and its children took."""

    wall: float
    cpu: float
    peak_mb: float


def cost(code: str, *arguments: str) -> Cost:
    """Run code in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "job.py"
        script.write_text(code)
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, str(script), *arguments],
            env={**os.environ, **QUIET, "PYTHONPATH": str(REPOSITORY)},
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit("the job failed")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000)


def write_news(folder: Path, number: int, chars: int) -> int:
    """Write articles of so many characters, none twice, and return their bytes."""
    if CORPORA.is_dir():
        paths = sorted(CORPORA.glob("*.jsonl"))
        texts = [json.loads(line)["text"] for path in paths for line in path.open(encoding="utf-8")]
    else:
        samples = sorted((REPOSITORY / "geomap" / "samples").glob("*.txt"))
        texts = [path.read_text(encoding="utf-8") for path in samples]
    whole = "\n\n".join(texts)
    pieces = [whole[i : i + chars] for i in range(0, len(whole) - chars, chars)]
    rows = enumerate(islice(cycle(pieces), number))
    lines = [json.dumps({"id": f"n{n}", "text": f"{text} ({n})"}) + "\n" for n, text in rows]
    for start in range(0, number, IN_A_FILE):
        path = folder / f"{start:07}.jsonl"
        path.write_text("".join(lines[start : start + IN_A_FILE]), encoding="utf-8")
    return sum(map(len, lines))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--chars", type=int, default=DOCUMENT_CHARS, help="of an article")
    parser.add_argument("--only", default="", help="ways whose name holds this")
    parser.add_argument("--together", action="store_true", help="all ways at once")
    options = parser.parse_args()
    number = options.articles
    with tempfile.TemporaryDirectory() as folder:
        news = Path(folder) / "news"
        news.mkdir()
        size = write_news(news, number, options.chars)
        print(f"{number:,} articles, {size / MB:.1f} MB, {os.cpu_count()} cores")
        ways = {
            "add, one process": (ADD, "1"),
            "add, two workers": (ADD, "2"),
            "to files, one process": (FILES, "0"),
            "to files, Dask, one worker": (DASK, "1"),
            "to files, Dask, two workers": (DASK, "2"),
        }
        ways = {name: how for name, how in ways.items() if options.only in name}

        def measured(name: str) -> Cost:
            code, workers = ways[name]
            return cost(code, str(news), str(Path(folder) / name.replace(" ", "")), workers)

        with ThreadPoolExecutor(len(ways) if options.together else 1) as pool:
            costs = dict(zip(ways, pool.map(measured, ways), strict=True))
        for name, found in costs.items():
            print(
                f"{name:<30}{found.wall:>9.1f} s{found.cpu:>9.1f} CPU-s{found.peak_mb:>7.0f} MB"
                f"{1000 * found.cpu / number:>8.2f} CPU-ms an article"
            )
        for several, one in (
            ("add, two workers", "add, one process"),
            ("to files, Dask, one worker", "to files, one process"),
            ("to files, Dask, two workers", "to files, one process"),
        ):
            if several in costs and one in costs:
                left, right = costs[several], costs[one]
                print(
                    f"{several} against {one}: wall {right.wall / left.wall:.2f} times as fast,"
                    f" {100 * (left.cpu / right.cpu - 1):+.1f} % CPU"
                )


if __name__ == "__main__":
    main()
