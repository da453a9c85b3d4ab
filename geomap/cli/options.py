"""Groups of options that several commands share, given to a command as one value."""

from __future__ import annotations

import inspect
from functools import wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["with_options"]


def with_options(
    group: str, options: Mapping[str, tuple[Any, Any]], make: Callable[..., Any] = dict
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command a group of options, which it gets as one value.

    Parameters
    ----------
    group
        The command's keyword for the value.
    options
        Keyword -> its annotated type, as typer reads it, and its default.
    make
        Makes the value of those that are not None; a dict of them unless said otherwise.

    Returns
    -------
    Callable
        What decorates the command.
    """

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def wrapped(**given: Any) -> None:  # noqa: ANN401 - what typer has read
            values = {name: given.pop(name) for name in options}
            value = make(**{name: v for name, v in values.items() if v is not None})
            command(**given, **{group: value})

        signature = inspect.signature(command, eval_str=True)
        own = [p for p in signature.parameters.values() if p.name != group]
        added = [
            inspect.Parameter(
                name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
            )
            for name, (annotation, default) in options.items()
        ]
        wrapped.__signature__ = signature.replace(parameters=[*own, *added])  # type: ignore[attr-defined]
        wrapped.__annotations__ = {p.name: p.annotation for p in (*own, *added)}
        return wrapped

    return decorate
