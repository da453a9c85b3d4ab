"""Work in processes that may die: what a lost one was at is done again, and results keep order."""

from __future__ import annotations

import signal
from collections import deque
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import wait
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any

from geomap.errors import GeomapError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

__all__ = ["Failed", "each"]

# Batches under way or finished for each process: enough that none waits while a slow one is at it.
_AHEAD = 4
# An item that was in the batch of a lost process, and then ended another one alone, is the cause.
_DEATHS = 2
# Processes that die one after the other before they have begun will not do better the next time.
_FALSE_STARTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """An item without a result.

    Parameters
    ----------
    item
        The item.
    reason
        What was wrong with it.
    """

    item: Any
    reason: str


def each(
    batches: Iterable[tuple[Any, ...]],
    prepare: Callable[[], Callable[[Any], Any]],
    *,
    workers: int,
) -> Iterator[Any]:
    """Do something with each item in processes of their own.

    Parameters
    ----------
    batches
        The items, in portions for one process; taken as they are needed.
    prepare
        Called once in each process; gives what is done with an item. It, the items and the
        results must be picklable.
    workers
        How many processes.

    Yields
    ------
    object
        The result of each item in input order, or `Failed`: for an exception, and for an item
        that ended the process it was in, twice. Items that were with it are done again.

    Raises
    ------
    GeomapError
        `prepare` failed, an item met an error that is not its own, or processes end before they
        begin.
    """
    crew = _Crew(prepare, workers, iter(batches))
    try:
        yield from crew.results()
    finally:
        crew.end()


@dataclass(slots=True)
class _Task:
    """A batch on its way: its items, what became of them, and how often each lost its process."""

    items: tuple[Any, ...]
    results: dict[int, Any] = field(default_factory=dict)
    deaths: int = 0
    sent: tuple[int, ...] = ()

    def next_items(self) -> tuple[int, ...]:
        """Return which items to send: all, but after a death one by one."""
        left = (i for i in range(len(self.items)) if i not in self.results)
        return tuple(islice(left, 1) if self.deaths else left)

    def lost(self) -> None:
        """Note that the process died that had been sent some of the items."""
        self.deaths += 1
        if len(self.sent) == 1 and self.deaths >= _DEATHS:
            (index,) = self.sent
            reason = f"ended the process that read it, {_DEATHS} times (for want of memory?)"
            self.results[index] = Failed(item=self.items[index], reason=reason)
            self.deaths = _DEATHS - 1  # the next one of the batch has been lost once, too


class _Member:
    """A process, and the pipe to it."""

    def __init__(self, prepare: Callable[[], Callable[[Any], Any]]) -> None:
        context = get_context("spawn")
        self.pipe: Connection[Any, Any]
        self.pipe, theirs = context.Pipe()
        self.process: SpawnProcess = context.Process(
            target=_work, args=(theirs, prepare), daemon=True
        )
        self.process.start()
        theirs.close()  # so that its end is noticed here
        self.ready = False
        self.task: _Task | None = None

    def end(self) -> None:
        self.pipe.close()
        self.process.kill()
        self.process.join()
        self.process.close()


class _Crew:
    """The processes, and the batches in the order of their results."""

    def __init__(
        self,
        prepare: Callable[[], Callable[[Any], Any]],
        workers: int,
        batches: Iterator[tuple[Any, ...]],
    ) -> None:
        self._prepare = prepare
        self._batches = batches
        self._most = _AHEAD * workers
        self._order: deque[_Task] = deque()
        self._again: deque[_Task] = deque()
        self._false_starts = 0
        self._wanted = workers
        self._members: list[_Member] = []

    def results(self) -> Iterator[Any]:
        """Give the results in order."""
        while True:
            self._hand_out()
            while self._order and len(self._order[0].results) == len(self._order[0].items):
                task = self._order.popleft()
                yield from (task.results[i] for i in range(len(task.items)))
                self._hand_out()
            if not self._order:
                return
            at_work = [m for m in self._members if m.task or not m.ready]
            heard = set(wait([m.pipe for m in at_work]))
            for member in at_work:
                if member.pipe in heard:
                    self._hear(member)

    def end(self) -> None:
        """End all processes."""
        for member in self._members:
            member.end()

    def _hand_out(self) -> None:
        """Give work to whoever has none, and start processes as long as there is work for them."""
        while True:
            idle = next((m for m in self._members if m.task is None), None)
            if idle is None and len(self._members) == self._wanted:
                return
            task = self._next_task()
            if task is None:
                return
            if idle is None:
                idle = _Member(self._prepare)
                self._members.append(idle)
            idle.task = task
            if idle.ready:
                self._send(idle, task)

    def _next_task(self) -> _Task | None:
        if self._again:
            return self._again.popleft()
        if len(self._order) >= self._most:
            return None
        batch = next(self._batches, None)
        if batch is None:
            return None
        task = _Task(batch)
        self._order.append(task)
        return task

    def _send(self, member: _Member, task: _Task) -> None:
        task.sent = task.next_items()
        try:
            member.pipe.send([task.items[i] for i in task.sent])
        except OSError:
            self._bury(member)

    def _hear(self, member: _Member) -> None:
        """Take what a process has to say, its death included."""
        try:
            kind, said = member.pipe.recv()
        except (EOFError, OSError, UnpicklingError):
            self._bury(member)
            return
        if kind == "broken":
            raise GeomapError(said)
        task = member.task
        if kind == "ready":
            member.ready, self._false_starts = True, 0
        elif task is not None:
            for index, result in zip(task.sent, said, strict=True):
                failed = isinstance(result, Failed)
                # The item stays here: only what was wrong with it travels back.
                task.results[index] = (
                    Failed(item=task.items[index], reason=result.reason) if failed else result
                )
            if len(task.results) == len(task.items):
                member.task = task = None
        if task is not None:
            self._send(member, task)

    def _bury(self, member: _Member) -> None:
        """Let go of a process that has ended; its work goes to the next one."""
        self._members.remove(member)
        member.end()
        task = member.task
        if not member.ready:
            self._false_starts += 1
            if self._false_starts == _FALSE_STARTS:
                raise GeomapError(
                    "worker processes end before they begin: for want of memory (try fewer"
                    " --workers), or because a script does this outside of"
                    " `if __name__ == '__main__':`"
                )
        elif task is not None:
            task.lost()
        if task is not None and len(task.results) < len(task.items):
            self._again.append(task)


def _work(pipe: Connection[Any, Any], prepare: Callable[[], Callable[[Any], Any]]) -> None:
    """Do what comes through a pipe until its other end is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started this process
    try:
        do = prepare()
        pipe.send(("ready", None))
        while True:
            pipe.send(("done", [_tried(do, item) for item in pipe.recv()]))
    except GeomapError as error:
        pipe.send(("broken", str(error)))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


def _tried(do: Callable[[Any], Any], item: Any) -> Any:  # noqa: ANN401 - whatever is done
    try:
        return do(item)
    except GeomapError:
        raise
    except Exception as error:  # noqa: BLE001 - one bad item never stops the others
        return Failed(item=None, reason=f"cannot be read ({error!r})")
