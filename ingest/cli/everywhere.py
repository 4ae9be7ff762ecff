"""What all commands have in common: -v and -q, whole sentences in lists of commands, and where their exit codes are told."""

from collections.abc import Iterator

import click

from ingest.loudness import Loudness, choose

EXIT_CODES: tuple[tuple[int, str], ...] = (
    (0, "done"),
    (1, "refused, or not all of it done: a sentence says why and what to do"),
    (2, "wrong usage: no such command or option, or a value that does not fit"),
    (3, "done in part: 'read' names the pages that could not be read"),
    (130, "stopped by Ctrl-C; what was taken in is kept"),
)
"""What a command ends with, the same for all of them."""


EVERYWHERE = frozenset({"verbose", "quiet"})
"""Options that every command takes."""


def exit_codes() -> str:
    """The exit codes as a paragraph of a help text, a line each."""
    return "\n".join(("\b", "Exit codes:", *(f"  {code:>3}  {what}" for code, what in EXIT_CODES)))


_IN_SHORT = "Exit codes: " + ", ".join(
    f"{code} {what.split(':')[0].split(';')[0].split(',')[0]}" for code, what in EXIT_CODES
)


def prepare(group: click.Group) -> None:
    """Give a group and everything in it what all commands have."""
    for command in (group, *_below(group)):
        command.params += [_loudness("verbose"), _loudness("quiet")]
        command.short_help = first_sentence(command.help or "")
        command.epilog = command.epilog or f"{_IN_SHORT}."


def first_sentence(text: str) -> str:
    """The first sentence of a help text, whole: click cuts it at the width of the screen."""
    paragraph = " ".join(text.strip().split("\n\n")[0].split())
    return paragraph.split(". ")[0].rstrip(".") + "." if paragraph else ""


def _below(group: click.Group) -> Iterator[click.Command]:
    for command in group.commands.values():
        yield command
        if isinstance(command, click.Group):
            yield from _below(command)


_LOUDNESS = {
    "verbose": (Loudness.VERBOSE, "Say more: the log of the work, and signs of life."),
    "quiet": (Loudness.QUIET, "Say less: results and refusals only, no progress."),
}


def _loudness(name: str) -> click.Option:
    loudness, what = _LOUDNESS[name]

    def chosen(context: click.Context, option: click.Parameter, value: bool) -> None:  # noqa: ARG001 - click's signature
        if value:
            choose(loudness)

    return click.Option(
        [f"-{name[0]}", f"--{name}"], is_flag=True, expose_value=False, is_eager=True, callback=chosen, help=what
    )
