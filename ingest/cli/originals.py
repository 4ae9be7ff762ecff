"""Files as they were dropped, given back. Imports stay inside: a command pays for what it uses."""

import os
from pathlib import Path

import click

from ingest.cli.given import ROW
from ingest.cli.opening import opened_home, shell_actor
from ingest.cli.output import note


@click.command()
@click.argument("scan", type=ROW)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=".", help="The folder to write into.")
@click.option(
    "--file", "wanted", default="", help="Only this file of a folder of scans, as 'chartroom sources' names it."
)
def original(scan: int, out: Path, wanted: str) -> None:
    """Write a scan as it was dropped, bit for bit, to files (audited). Nothing is written over.

    SCAN is its number in 'chartroom sources' and on the Scans screen.

    \b
    Examples:
      chartroom original 12                        the file of scan 12, under its own name
      chartroom original 12 --out /mnt/usb         into that folder; a folder of scans keeps its sub-folders
      chartroom original 12 --file "page 3.tif"    one file of a folder of scans
    """
    from ingest.problems import UsageProblem
    from storage.custody import originals
    from storage.custody.batches import printable_name

    actor = shell_actor()
    with opened_home() as (_, home):
        with home.reading() as session:
            files = originals.originals_of(session, scan, actor)
        chosen = [file for file in files if wanted in ("", file.name, file.name.rpartition("/")[2])]
        if not chosen:
            raise UsageProblem(f"Scan {scan} has no file {wanted!r}. 'chartroom sources' names its files.")
        for file in chosen:
            with home.writing() as session:
                content = originals.give(session, home.vault, file.claim_id, actor)
            _write(out / _safe(file.name), content)
            shown = printable_name(file.name.encode("utf-8", "surrogateescape"))
            click.echo(f"{shown}  {file.size:,} bytes  SHA-256 {file.sha256}")
    note(f"Wrote {len(chosen)} file(s) into {out}. They hold patient data: keep them where only you can read them.")


def _safe(name: str) -> Path:
    """The place of a file under its own name; a name is data and leads nowhere else."""
    parts = [part for part in name.split("/") if part not in ("", ".", "..")]
    return Path(*parts) if parts else Path("original")


def _write(path: Path, content: bytes) -> None:
    from ingest.problems import UsageProblem

    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise UsageProblem(
            f"{path} is there already and was not written over. Choose another folder: --out."
        ) from error
    with os.fdopen(handle, "wb") as file:
        file.write(content)
