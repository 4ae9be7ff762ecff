"""The generated pages of docs/: commands, settings, profile, tables, states, document types, audit log.

`./dev docs` writes them (`python -m ingest.cli.pages docs`), and a test compares them with what is in the repository.
"""

import re
import sys
import textwrap
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

import click

_GENERATED = "Generated from `{source}` by `./dev docs`; a test compares."


_BEFORE_COMMANDS = (
    "`chartroom COMMAND --help` shows the same; `docs/chartroom.1` is the manual page (`man docs/chartroom.1`). "
    "`chartroom completion bash`, `zsh` or `fish` prints what completes commands by Tab."
)


def draw_commands() -> str:
    """Every command with its options and examples, as its help tells them."""
    from ingest.cli.everywhere import EVERYWHERE, EXIT_CODES
    from ingest.cli.main import chartroom

    parts = ["# Commands", "", _GENERATED.format(source="ingest/cli/"), "", _BEFORE_COMMANDS, ""]
    parts += ["| exit code | means |", "|---|---|", *(f"| {code} | {what} |" for code, what in EXIT_CODES), ""]
    parts += ["| every command takes | what it is |", "|---|---|"]
    parts += [*_options(chartroom, EVERYWHERE), ""]
    for path, command in _commands(chartroom, ()):
        parts += [f"## chartroom {' '.join(path)}", "", *_paragraphs(command.help or ""), ""]
        rows = list(_options(command, {o.name for o in command.params} - EVERYWHERE))
        if rows:
            parts += ["| argument or option | what it is |", "|---|---|", *rows, ""]
    return "\n".join(parts).rstrip() + "\n"


def _commands(group: click.Group, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in sorted(group.commands.items()):
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))


def _paragraphs(text: str) -> list[str]:
    """A help text as Markdown: paragraphs that click leaves as they are become code."""
    found = []
    for paragraph in text.split("\n\n"):
        lines = paragraph.strip("\n").splitlines()
        if lines and lines[0].strip() == "\b":
            found += ["```", *textwrap.dedent("\n".join(lines[1:])).rstrip().splitlines(), "```", ""]
        elif lines:
            found += [" ".join(line.strip() for line in lines), ""]
    return found[:-1] if found and not found[-1] else found


def _options(command: click.Command, names: AbstractSet[str | None]) -> Iterator[str]:
    for parameter in command.params:
        if parameter.name not in names:
            continue
        if isinstance(parameter, click.Option):
            shown = ", ".join((*parameter.opts, *parameter.secondary_opts))
            default = f" [default: {parameter.default}]" if parameter.show_default else ""
            yield f"| `{shown}` | {parameter.help or ''}{default} |".replace("  ", " ")
        else:
            yield f"| `{(parameter.metavar or parameter.name or '').upper()}` | {'one or more' if parameter.nargs == -1 else 'one'} |"


def draw_settings() -> str:
    """Every setting of an installation, an environment variable each."""
    from ingest.settings import Settings

    rows = [
        f"| `CHARTROOM_{name.upper()}` | {'' if field.default is None else f'`{field.default}`' if str(field.default) else ''} | {(field.description or '').replace('<', '&lt;')} |"
        for name, field in Settings.model_fields.items()
    ]
    head = ["# Settings", "", _GENERATED.format(source="ingest/settings.py"), ""]
    text = "How a site is installed: environment variables, each with a default that works. `chartroom settings` shows the values in use. How a hospital's charts look goes into its [profile](profile.md)."
    return "\n".join([*head, text, "", "| variable | default | what it is |", "|---|---|---|", *rows]) + "\n"


def draw_profile() -> str:
    """Every entry of profile.toml with its default."""
    from ingest.newprofile import ENTRIES, defaults_of_profile

    defaults = defaults_of_profile()
    rows = [f"| `{name}` | {_default(defaults[name])} | {what} |" for name, what in ENTRIES.items()]
    head = ["# Profile", "", _GENERATED.format(source="ingest/site.py"), ""]
    text = "`profile.toml` in the data home says how a hospital's charts look and how it wants to work. `chartroom init` writes one in which every entry stands as a comment. An entry that is unknown or does not fit is named when a command starts. Taught forms lie beside it in `forms/`."
    return "\n".join([*head, text, "", "| entry | default | what it is |", "|---|---|---|", *rows]) + "\n"


def _default(value: Any) -> str:
    return f"`{value}`".replace("|", "\\|") if isinstance(value, str | bool | float) and value != "" else "–"


def draw_tables() -> str:
    """Every table with its columns, as the migrations make them."""
    from storage.foundation.schema import METADATA, TABLES

    parts = ["# Tables", "", _GENERATED.format(source="storage/foundation/tables/"), ""]
    for module in TABLES:
        parts += [f"## {module.__name__.rsplit('.', 1)[1]}", "", (module.__doc__ or "").strip(), ""]
        for kind in vars(module).values():
            name = getattr(kind, "__tablename__", None) if getattr(kind, "__module__", "") == module.__name__ else None
            if not isinstance(name, str):
                continue
            parts += [
                f"### {name}",
                "",
                re.sub(r"\s+", " ", kind.__doc__ or "").strip(),
                "",
                "| column | type | |",
                "|---|---|---|",
            ]
            parts += [_column(column) for column in METADATA.tables[name].columns]
            parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def _column(column: Any) -> str:
    told = [f"→ `{key.target_fullname}`" for key in column.foreign_keys]
    told += ["key"] if column.primary_key else []
    told += ["may be empty"] if column.nullable else []
    kind = type(column.type).__name__.removeprefix("Auto").lower()
    return f"| `{column.name}` | {'time' if kind == 'utctime' else kind} | {', '.join(told)} |"


def pages() -> dict[str, Callable[[], str]]:
    """The generated pages by their file names."""
    from classify.doctypes import draw_types
    from ingest.cli.manpage import draw_manpage
    from storage.foundation.actions import draw_actions
    from storage.foundation.states import draw_moves

    return {
        "audit.md": draw_actions,
        "chartroom.1": draw_manpage,
        "commands.md": draw_commands,
        "document-types.md": draw_types,
        "profile.md": draw_profile,
        "settings.md": draw_settings,
        "states.md": draw_moves,
        "tables.md": draw_tables,
    }


if __name__ == "__main__":
    for name, draw in pages().items():
        (Path(sys.argv[1]) / name).write_text(draw(), encoding="utf-8")
