"""The manual page `chartroom(1)`, drawn from the commands: `./dev docs` writes docs/chartroom.1, and a test compares."""

import textwrap
from collections.abc import Iterator

import click

_NAME = "chartroom"


def draw_manpage() -> str:
    """The page in the man macros (man(7)): what it is, each command with its options and examples, files, exit codes."""
    from ingest.cli.everywhere import EVERYWHERE, EXIT_CODES
    from ingest.cli.main import chartroom

    lines = [
        '.\\" Generated from ingest/cli/ by ./dev docs; a test compares.',
        f'.TH {_NAME.upper()} 1 "" "Chartroom" "Chartroom"',
        ".SH NAME",
        f"{_NAME} \\- {_quoted(_first_line(chartroom)).rstrip('.').lower()}",
        ".SH SYNOPSIS",
        f".B {_NAME}",
        "[\\-v|\\-q] COMMAND [ARGUMENT ...]",
        ".SH DESCRIPTION",
        *_text(chartroom.help or ""),
        *_options(chartroom),
        ".SH COMMANDS",
    ]
    for path, command in _commands(chartroom, ()):
        lines += [f".SS {_quoted(' '.join((_NAME, *path, *_arguments(command))))}", *_text(command.help or "")]
        lines += _options(command, but=EVERYWHERE)
    lines += [".SH EXIT STATUS", *_listed((str(code), what) for code, what in EXIT_CODES)]
    lines += [".SH ENVIRONMENT", *_listed(_settings())]
    lines += [".SH FILES", *_listed(_FILES)]
    return "\n".join(lines) + "\n"


_FILES = (
    ("profile.toml", "in the data home: how this hospital's charts look"),
    ("sample-patients.csv", "in the data home: a patient list as an example"),
    ("hot/", "in the data home, unless CHARTROOM_HOT_FOLDERS says otherwise: scans are dropped here"),
    ("logs/chartroom.log", "in the data home: the log, ids only"),
)


def _settings() -> Iterator[tuple[str, str]]:
    from ingest.settings import Settings

    for name, field in Settings.model_fields.items():
        default = "" if field.default is None or not str(field.default) else f" [default: {field.default}]"
        yield f"CHARTROOM_{name.upper()}", f"{field.description}{default}"


def _commands(group: click.Group, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))
        else:
            yield (*path, name), command


def _arguments(command: click.Command) -> Iterator[str]:
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            name = (parameter.metavar or parameter.name or "").upper()
            yield f"{name} ..." if parameter.nargs == -1 else name


def _options(command: click.Command, but: frozenset[str] = frozenset()) -> list[str]:
    rows = []
    for option in command.params:
        if isinstance(option, click.Option) and option.name not in but:
            names = ", ".join((*option.opts, *option.secondary_opts))
            default = f" [default: {option.default}]" if option.show_default else ""
            rows.append((names if option.is_flag else f"{names} {_value(option)}", f"{option.help or ''}{default}"))
    return _listed(rows)


def _value(option: click.Option) -> str:
    if isinstance(option.type, click.Choice):
        return "|".join(map(str, option.type.choices))
    return (option.metavar or option.type.name).upper()


def _text(text: str) -> Iterator[str]:
    """A help text: paragraphs, and those that click leaves as they are, unfilled."""
    for paragraph in text.split("\n\n"):
        lines = paragraph.strip("\n").splitlines()
        if lines and lines[0].strip() == "\b":
            yield from (".PP", ".nf", *map(_quoted, textwrap.dedent("\n".join(lines[1:])).rstrip().splitlines()), ".fi")
        elif lines:
            yield from (".PP", _quoted(" ".join(line.strip() for line in lines)))


def _listed(rows: "Iterator[tuple[str, str]] | tuple[tuple[str, str], ...] | list[tuple[str, str]]") -> list[str]:
    return [line for name, what in rows for line in (".TP", f".B {_quoted(name)}", _quoted(what))]


def _quoted(text: str) -> str:
    """Text as roff reads it: no hyphen that is broken or made typographic, no line that is taken for a macro."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{text}" if text.startswith((".", "'")) else text


def _first_line(command: click.Command) -> str:
    return (command.help or "").strip().splitlines()[0]
