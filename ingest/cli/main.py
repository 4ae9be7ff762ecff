"""The command `chartroom`: its groups of commands, and how their errors become one sentence and an exit code.

Starting is cheap: the modules of the groups import only click, and each command imports what it uses in its own body.
"""

import sys
from collections.abc import Sequence

import click

from ingest.cli import (
    backup,
    completion,
    forms,
    label,
    learning,
    listing,
    misfile,
    originals,
    roster,
    rules,
    setup,
    sheets,
    tools,
    work,
)
from ingest.cli.everywhere import exit_codes, prepare
from ingest.logs import silence_libraries
from ingest.loudness import Loudness, choose
from ingest.problems import cli_errors

_EXAMPLES = f"""
\b
Examples:
  chartroom init                        make a data home
  chartroom roster load patients.csv    tell it who the patients are
  chartroom watch                       import and process new scans until stopped
  chartroom review                      open the review app
  chartroom search "chest pain"         find filed pages
  chartroom backup /mnt/backup          back up, while everybody works

{exit_codes()}
"""


@click.group(epilog=_EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="chartroom")
def chartroom() -> None:
    """Scan, read, index, verify and file paper medical records."""


for _command in (
    *(setup.init, setup.settings, setup.doctor, setup.key, setup.user),
    *(work.run, work.watch, work.retry, work.void),
    *(sheets.separators, sheets.rescans),
    *(roster.roster, misfile.misfile, label.label),
    *(
        listing.sources,
        listing.documents,
        listing.pages,
        listing.duplicates,
        listing.search,
        listing.verify,
        listing.open_filed,
    ),
    originals.original,
    *(backup.backup, backup.restore),
    *(learning.train, learning.report, forms.form, rules.rules),
    *(tools.read, tools.classify, tools.match, tools.review, tools.demo, completion.completion),
):
    chartroom.add_command(_command)
prepare(chartroom)


STOPPED = 130
"""Exit code after Ctrl-C: 128 and the number of SIGINT, as shells count."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit: 0 when it did its job, 1 with one sentence for a foreseen error, 2 for wrong usage, 3 when
    only a part could be done (`read`), 130 after Ctrl-C."""
    silence_libraries()
    choose(Loudness.USUAL)
    with cli_errors():
        try:
            code = chartroom.main(arguments, standalone_mode=False)
        except click.ClickException as error:
            error.show()
            code = error.exit_code
        except (click.Abort, KeyboardInterrupt):
            sys.stderr.write("Ended by Ctrl-C. What was taken in is kept; start again to go on.\n")
            code = STOPPED
    sys.exit(code if isinstance(code, int) else 0)
