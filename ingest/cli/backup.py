"""Backups: make, list, check, mend, drill, restore. Imports stay inside: a command pays for what it uses."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from ingest.cli.opening import opened_home, shell_actor
from ingest.cli.output import as_json_option, note, print_json, print_rows
from ingest.problems import UsageProblem

if TYPE_CHECKING:
    from storage.backup.making import Made
    from storage.backup.place import Place

_FOLDER = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))

_KEY_HELP = "The backup key or its recovery sheet, or the master key or its recovery sheet; '-' to type it in."
_KEY = click.option("--key", "key", type=click.File("r", encoding="utf-8-sig", errors="replace"), help=_KEY_HELP)
_BACKUP_ID = click.option(
    "--backup", "backup_id", help="Which backup, as 'backup list' names it [default: the newest]."
)


class _Backups(click.Group):
    """`chartroom backup DIR` is `chartroom backup make DIR`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        named = [word for word in args if not word.startswith("-")]
        if named and named[0] not in self.commands:
            args = ["make", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Backups)
def backup() -> None:
    """Back the data home up, check and try out the backups. 'chartroom backup DIR' makes one.

    \b
    Examples:
      chartroom backup key                    once: make the backup key, print its recovery sheet
      chartroom backup /mnt/backup            each night, while everybody works
      chartroom backup list /mnt/backup       which backups lie there
      chartroom backup check /mnt/backup      each month: read every file, name what is damaged
      chartroom backup drill /mnt/backup      each month: restore it on trial and compare
      chartroom restore /mnt/backup --key KEY after a loss
    """


@backup.command("make")
@_FOLDER
@click.option(
    "--start-new", is_flag=True, help="The folder is meant to be empty: begin anew where backups were before."
)
@as_json_option
def make(folder: Path, start_new: bool, as_json: bool) -> None:
    """Make a backup in DIR while the watch and the desk go on working. Only what is new is copied.

    Stored files are copied as they are, encrypted; the database, the profile and the master key are encrypted to the backup
    key. A backup is one only when its manifest is written, last of all.

    \b
    Examples:
      chartroom backup /mnt/backup
      0 2 * * *  chartroom backup -q /mnt/backup      (crontab: each night at two)
    """
    _make(folder, as_json, mends=False, starts_new=start_new)


@backup.command("mend")
@_FOLDER
@as_json_option
def mend(folder: Path, as_json: bool) -> None:
    """Make a backup that reads every stored file in DIR and copies the damaged and missing ones again.

    What is damaged in the data home too cannot be mended: it is named, and the exit code is 1.

    \b
    Examples:
      chartroom backup check /mnt/backup
      chartroom backup mend /mnt/backup
    """
    _make(folder, as_json, mends=True, starts_new=False)


def _make(folder: Path, as_json: bool, *, mends: bool, starts_new: bool) -> None:
    from ingest.progress import steps
    from storage.backup.making import make_backup

    with opened_home(log=True) as (_, home), steps(sys.stderr, "Backing up", in_lines=True) as progress:
        made = make_backup(home, folder, shell_actor(), mends=mends, starts_new=starts_new, progress=progress)
    if as_json:
        print_json(_row_of(made))
    else:
        _tell(made, folder)
        if folder.stat().st_dev == home.path.stat().st_dev:
            note("It lies on the same disk as the data home: keep a copy of it on another one.")
    if made.manifest.missing:
        sys.exit(1)


def _row_of(made: "Made") -> dict[str, Any]:
    return {
        "backup": made.manifest.backup,
        "made_at": made.manifest.made_at,
        "documents": made.manifest.documents,
        "pages": made.manifest.pages,
        "files": made.manifest.files,
        "bytes": made.manifest.size,
        "copied": made.copied,
        "copied_bytes": made.copied_bytes,
        "mended": made.mended,
        "missing": list(made.manifest.missing),
    }


def _tell(made: "Made", folder: Path) -> None:
    manifest = made.manifest
    for blob_id in manifest.missing:
        click.echo(f"PROBLEM  stored file {blob_id} is damaged or missing in the data home and is not in the backup")
    click.echo(
        f"Backup {manifest.backup} in {folder}: {manifest.documents:,} documents, {manifest.pages:,} pages, "
        f"{manifest.files:,} stored files ({manifest.size / 1e6:,.0f} MB), {made.copied:,} copied "
        f"({made.copied_bytes / 1e6:,.0f} MB)."
    )
    if made.mended:
        click.echo(f"{made.mended:,} damaged files were copied again.")
    if manifest.missing:
        click.echo("Run 'chartroom verify', and restore an earlier backup into another folder: it may still hold them.")


@backup.command("list")
@_FOLDER
@as_json_option
def list_backups(folder: Path, as_json: bool) -> None:
    """List the backups in DIR, oldest first. Needs no key and no data home.

    \b
    Examples:
      chartroom backup list /mnt/backup
      chartroom backup list /mnt/backup --json
    """
    from storage.backup import place

    there = place.existing(folder)
    rows = [_listed(there, backup_id) for backup_id in there.backup_ids()]
    columns = ("backup", "made", "home", "documents", "pages", "lines", "files", "megabytes", "state")
    print_rows(rows, as_json, columns, none=f"There is no backup in {folder}.")


def _listed(there: "Place", backup_id: str) -> dict[str, Any]:
    from storage.backup.manifest import load_manifest
    from storage.foundation.clock import show_time
    from storage.foundation.errors import BackupDamaged

    if not there.is_whole(backup_id):
        return {"backup": backup_id, "state": "not finished: no backup"}
    try:
        manifest = load_manifest(there, backup_id)
    except BackupDamaged as error:
        return {"backup": backup_id, "state": f"damaged: its manifest {error}"}
    return {
        "backup": backup_id,
        "made": show_time(manifest.made, zone=True),
        "made_at": manifest.made_at,
        "home": manifest.home,
        "documents": manifest.documents,
        "pages": manifest.pages,
        "lines": manifest.lines,
        "files": manifest.files,
        "megabytes": manifest.size // 1_000_000,
        "recipient": manifest.recipient,
        "schema": manifest.schema,
        "missing": list(manifest.missing),
        "state": f"{len(manifest.missing)} files missing" if manifest.missing else "finished",
    }


@backup.command("check")
@_FOLDER
@_KEY
@as_json_option
def check(folder: Path, key: TextIO | None, as_json: bool) -> None:
    """Read every file of every backup in DIR and name what is damaged, missing or of another data home.

    With --key it is also tried whether that key opens them. Where there is no data home the result is kept nowhere.

    \b
    Examples:
      chartroom backup check /mnt/backup
      chartroom backup check /mnt/backup --key backup.key
    """
    from ingest.progress import steps
    from ingest.settings import load_settings
    from storage.backup.checking import Who, check_folder, check_of_home
    from storage.foundation.home import is_ready

    secrets = _secrets(key)
    with steps(sys.stderr, "Checking", in_lines=True) as progress:
        if is_ready(load_settings().home):
            with opened_home(log=True) as (_, home):
                checked = check_of_home(home, folder, shell_actor(), secrets, progress)
        else:
            checked = check_folder(folder, Who(secrets), progress)
    if as_json:
        for damage in checked.damages:
            print_json({"file": damage.file, "why": damage.why, "backup": damage.backup})
        print_json(
            {
                "backups": checked.backups, "files": checked.files, "damaged": len(checked.damages),
                "unfinished": list(checked.unfinished), "unnamed": checked.unnamed,
            }
        )  # fmt: skip
    else:
        for damage in checked.damages:
            click.echo(f"DAMAGED  {damage.file} {damage.why}")
        click.echo(f"{checked.backups} backups, {checked.files:,} files read, {len(checked.damages)} damaged.")
        for backup_id in checked.unfinished:
            click.echo(f"{backup_id} was not finished: it is no backup, and its folder can be deleted.")
        if checked.unnamed:
            click.echo(f"{checked.unnamed} files belong to no backup (left by one that was not finished; harmless).")
        if checked.damages:
            click.echo(f"Run 'chartroom backup mend {folder}': it copies again what is whole in the data home.")
    if checked.damages:
        sys.exit(1)


@backup.command("drill")
@_FOLDER
@_KEY
@_BACKUP_ID
@click.option(
    "--scratch",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Where to restore on trial; it needs the room of the whole archive [default: beside the data home].",
)
@as_json_option
def drill(folder: Path, key: TextIO | None, backup_id: str | None, scratch: Path | None, as_json: bool) -> None:
    """Restore a backup of DIR on trial, compare every document, page and audit line, and remove it again.

    Without --key the key of this data home opens the backup; with it the drill proves that the key you keep does.

    \b
    Examples:
      chartroom backup drill /mnt/backup
      chartroom backup drill /mnt/backup --key - --scratch /mnt/large
    """
    from ingest.progress import steps
    from storage.backup.drilling import drill as run_drill

    secrets = _secrets(key)
    with opened_home(log=True) as (_, home), steps(sys.stderr, "Drill", in_lines=True) as progress:
        drilled = run_drill(
            home, folder, shell_actor(), secrets=secrets, scratch=scratch, backup_id=backup_id, progress=progress
        )
    if as_json:
        names = ("backup", "documents", "pages", "lines", "files", "changed", "with_paper_key")
        print_json({name: getattr(drilled, name) for name in names} | {"problems": list(drilled.problems)})
    else:
        for problem in drilled.problems:
            click.echo(f"PROBLEM  {problem}")
        click.echo(
            f"Backup {drilled.backup} restored on trial and compared: {drilled.documents:,} documents, {drilled.pages:,} pages, "
            f"{drilled.lines:,} audit lines, {drilled.files:,} stored files, {len(drilled.problems)} problems."
        )
        if drilled.changed:
            click.echo(f"{drilled.changed:,} documents and pages were worked on since, as the audit log tells.")
        if not drilled.with_paper_key:
            note("Opened with the key of this data home. Try the backup key itself once a year: --key.")
    if drilled.problems:
        sys.exit(1)


@backup.command("key")
@click.option("--replace", is_flag=True, help="Make another key for the backups from now on.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Also write the key to this file, outside of the data home."
)
def backup_key(replace: bool, out: Path | None) -> None:
    """Make the key of the backups and print its recovery sheet. The data home keeps only the public half.

    Whoever has this key and a backup can read the charts; without it, and without the master key, nobody can.

    \b
    Examples:
      chartroom backup key
      chartroom backup key --out /media/usb/chartroom-backup.key
    """
    from storage.backup import age, recipient
    from storage.foundation import keys

    with opened_home() as (_, home):
        file = _private_file(out, home.path) if out else None
        try:
            pair = recipient.make_pair(home, shell_actor(), replaces=replace)
        except BaseException:
            if out and file:
                file.close()
                out.unlink()
            raise
        identity = age.write_identity(pair.secret)
        if out and file:
            with file:
                file.write(
                    f"# Chartroom backup key of data home {home.id}\n# public key: {pair.recipient}\n{identity}\n"
                )
                file.flush()
                os.fsync(file.fileno())
        click.echo(f"Chartroom backup key      data home {home.id}")
        click.echo(
            "Keep two copies in two places, none on this machine. Anyone who has it and a backup can read the charts."
        )
        click.echo("")
        for line in keys.recovery_lines(pair.secret):
            click.echo(f"    {line}")
        click.echo("")
        click.echo(f"    {identity}")
        click.echo("")
        click.echo(f"Public half, kept in the data home: {pair.recipient}")
    if out:
        note(f"The key was written to {out}. Take it away from this machine.")


def _private_file(path: Path, home: Path) -> TextIO:
    if path.resolve().is_relative_to(home.resolve()):
        raise UsageProblem(f"{path} lies inside the data home, where a thief would find both. Name another place.")
    try:
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii")
    except FileExistsError as error:
        raise UsageProblem(f"{path} is there already. Name a new file.") from error


@click.command()
@_FOLDER
@click.option(
    "--key",
    "key",
    type=click.File("r", encoding="utf-8-sig", errors="replace"),
    default="-",
    help=f"{_KEY_HELP} [default: type it in, then Ctrl-D]",
)
@_BACKUP_ID
@as_json_option
def restore(folder: Path, key: TextIO, backup_id: str | None, as_json: bool) -> None:
    """Make the data home again from a backup in DIR, where CHARTROOM_HOME names an empty place, then verify it.

    The master key lies in the backup and is put back too. After a kill or a full disk the same command goes on where it was.

    \b
    Examples:
      CHARTROOM_HOME=/srv/chartroom chartroom restore /mnt/backup --key backup.key
      chartroom restore /mnt/backup --backup 20260301T020000Z-4fe2a1
    """
    from ingest.progress import steps
    from ingest.settings import load_settings
    from storage.backup.restoring import Target
    from storage.backup.restoring import restore as run_restore

    settings = load_settings()
    if key.isatty():
        note("Type the recovery sheet, its eight lines or the line AGE-SECRET-KEY-1…, then Ctrl-D.")
    secrets = _secrets(key)
    target = Target(settings.home, settings.key_file)
    with steps(sys.stderr, "Restoring", in_lines=True) as progress:
        restored = run_restore(folder, secrets, target, shell_actor(), backup_id, progress)
    laid, report = restored.laid, restored.report
    problems = [f"stored file {blob_id[:12]} is not whole in the backup" for blob_id in laid.lacking]
    problems += [problem for problem in report.problems if problem not in problems]
    if as_json:
        print_json(
            {
                "backup": laid.manifest.backup, "made_at": laid.manifest.made_at, "home": str(target.home),
                "key_file": str(laid.key_file), "documents": laid.manifest.documents, "pages": laid.manifest.pages,
                "lines": laid.manifest.lines, "files": report.blobs, "copied": laid.copied, "problems": problems,
            }
        )  # fmt: skip
    else:
        for problem in problems:
            click.echo(f"PROBLEM  {problem}")
        click.echo(f"Data home    {target.home}")
        click.echo(f"Key file     {laid.key_file}")
        click.echo(
            f"Restored the backup {laid.manifest.backup}: {laid.manifest.documents:,} documents, {laid.manifest.pages:,} pages. "
            f"Verified: {report.blobs:,} stored files, {report.events:,} audit lines, {len(problems)} problems."
        )
        note("Scans dropped since this backup was made have to be dropped again.")
    if problems:
        sys.exit(1)


def _secrets(key: TextIO | None) -> tuple[bytes, ...]:
    """The secrets in a key file; none where none was given. KeyWrong."""
    from storage.backup.recipient import read_secrets

    return read_secrets(key.read()) if key else ()
