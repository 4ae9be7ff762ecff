"""Setting up: data home, keys, accounts, settings, doctor. Imports stay inside: a command pays for what it uses."""

import json
import sys
from pathlib import Path
from typing import TextIO

import click

from ingest.cli.given import PORT
from ingest.cli.opening import opened_home
from ingest.cli.output import as_json_option, note, print_rows
from ingest.problems import UsageProblem


@click.command()
def init() -> None:
    """Make the data home: database, vault, hot folder, keys, first account, a profile to fill in. Asks nothing.

    What is there already stays as it is.
    """
    from ingest.hotfolder import make_ready
    from ingest.settings import load_settings
    from storage.foundation import accounts
    from storage.foundation.home import is_ready
    from storage.foundation.permissions import Role
    from storage.opening import make_home

    settings = load_settings()
    was_ready = is_ready(settings.home)
    home = make_home(settings.home, settings.key_file, lambda sentence: click.echo(sentence, err=True))
    for folder in settings.folders:
        make_ready(home, folder)
    click.echo(f"Data home    {home.path}")
    click.echo(f"Hot folder   {', '.join(map(str, settings.folders))}")
    click.echo(f"Key file     {home.key_file}")
    _write_templates(home.path)
    with home.writing() as session:
        if not accounts.list_accounts(session):
            import secrets

            accounts.add_account(session, "admin", Role.ADMIN, secrets.token_urlsafe(32))
            code = accounts.make_one_time_login(session, "admin", minutes=24 * 60)
            click.echo(f"First sign-in (once, within a day): http://127.0.0.1:{settings.port}/login?once={code}")
    if not was_ready:
        click.echo("")
        click.echo(
            "Without the key file nobody can read this data. Print the recovery sheet now and keep it in two places:"
        )
        click.echo("  chartroom key sheet      then  chartroom key confirm")
    home.close()


def _write_templates(folder: Path) -> None:
    """A profile with every entry as a comment, and a sample of a patient list, where there is none."""
    from ingest.newprofile import draw_new_profile
    from ingest.samplelist import SAMPLE_PATIENTS

    for title, name, text in (
        ("Profile", "profile.toml", draw_new_profile()),
        ("Sample list", "sample-patients.csv", SAMPLE_PATIENTS),
    ):
        file = folder / name
        if not file.exists():
            file.write_text(text, encoding="utf-8")
        click.echo(f"{title:<12} {file}")


@click.command()
@click.option("--states", "shows_states", is_flag=True, help="Print the tables of states as Markdown.")
@click.option("--types", "shows_types", is_flag=True, help="Print the table of document types as Markdown.")
def settings(shows_states: bool, shows_types: bool) -> None:
    """Show every setting, its value and what it is for."""
    if shows_types:
        from classify.doctypes import draw_types

        click.echo(draw_types().rstrip())
        return
    if shows_states:
        from storage.foundation.states import draw_moves

        click.echo(draw_moves().rstrip())
        return
    from ingest.settings import Settings, load_settings

    try:
        values = load_settings()
    except UsageProblem as error:
        click.echo(f"{error}\n")
        values = Settings.model_construct()
    for name, field in Settings.model_fields.items():
        value = getattr(values, name)
        mark = " " if value == field.default or name == "home" else "*"
        shown = "(not set)" if value is None or not str(value) else str(value)
        click.echo(f"{mark} CHARTROOM_{name.upper():<26} {shown:<24} {field.description}")
    click.echo("\n* changed from its default. How this hospital's charts look is in profile.toml in the data home.")


@click.command()
def doctor() -> None:
    """Look at this machine and say what is missing, with the fix beside it."""
    from ingest.health import Mark, check_machine

    shown = {Mark.OK: "ok", Mark.LOOK: "--", Mark.WRONG: "no"}
    is_healthy = True
    for check in check_machine():
        click.echo(f"[{shown[check.mark]}] {check.name}: {check.found}")
        if check.advice:
            click.echo(f"       {check.advice}")
        is_healthy = is_healthy and check.mark is not Mark.WRONG
    if not is_healthy:
        sys.exit(1)


# ---- the master key


@click.group()
def key() -> None:
    """The master key and its recovery sheet."""


@key.command("sheet")
def key_sheet() -> None:
    """Print the recovery sheet: keep it on paper, in two places."""
    from storage.foundation import audit, keys
    from storage.foundation.actions import AuditAction
    from storage.foundation.permissions import MACHINE

    with opened_home() as (_, home):
        with home.writing() as session:
            audit.record(session, MACHINE, AuditAction.PRINT_RECOVERY_SHEET, "key")
        click.echo(f"Chartroom recovery sheet      data home {home.id}")
        click.echo("Keep two copies in two places. Anyone who has it can read the charts.")
        click.echo("")
        for line in keys.recovery_lines(keys.load_master_key(home.key_file)):
            click.echo(f"    {line}")
        click.echo("")
        click.echo(
            "Type it back with 'chartroom key confirm'. A lost key file is made again with 'chartroom key restore'."
        )


@key.command("confirm")
@click.argument("file", type=click.File("r", encoding="utf-8-sig", errors="replace"), default="-")
def key_confirm(file: TextIO) -> None:
    """Type the recovery sheet back (or give it in FILE), so that we know it was written down."""
    from storage.foundation import keys
    from storage.foundation.tables.installation import Fact

    master = keys.master_from_recovery(_written_lines(file))
    with opened_home() as (_, home):
        if master != keys.load_master_key(home.key_file):
            raise UsageProblem("This is the recovery sheet of another data home.")
        with home.writing() as session:
            session.merge(Fact(name="recovery_sheet", value="confirmed"))
    note("The recovery sheet is right and was noted as confirmed.")


@key.command("restore")
@click.argument("file", type=click.File("r", encoding="utf-8-sig", errors="replace"), default="-")
def key_restore(file: TextIO) -> None:
    """Make the key file again from the recovery sheet."""
    from ingest.settings import load_settings
    from storage.foundation import keys

    values = load_settings()
    master = keys.master_from_recovery(_written_lines(file))
    home_file = values.home / "home.json"
    if not home_file.exists():
        raise UsageProblem(f"There is no Chartroom data in {values.home}.")
    home_id = json.loads(home_file.read_text(encoding="utf-8"))["home_id"]
    path = values.key_file or keys.default_key_file(home_id)
    if path.exists():
        raise UsageProblem(f"There is a key file already: {path}. Move it away first.")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    path.write_text(master.hex() + "\n", encoding="ascii")
    with opened_home():
        note(f"The key file {path} was made again and opens the data.")


def _written_lines(sheet: TextIO) -> list[str]:
    return [line for line in sheet.read().splitlines() if line.strip()]


# ---- accounts


_ROLE = click.Choice(["operator", "technician", "supervisor", "auditor", "admin"])


@click.group()
def user() -> None:
    """Accounts."""


@user.command("add")
@click.argument("name")
@click.option("--role", type=_ROLE, required=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option(
    "--must-change", is_flag=True, help="The password is changed at the first sign-in: it is not the person's own."
)
def user_add(name: str, role: str, password_stdin: bool, must_change: bool) -> None:
    """Add a named account. Capitals in its name count at sign-in; no two names differ by capitals only."""
    from storage.foundation import accounts
    from storage.foundation.permissions import Role

    password = (
        sys.stdin.readline().rstrip("\n")
        if password_stdin
        else click.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
    with opened_home() as (_, home), home.writing() as session:
        accounts.add_account(session, name, Role(role), password, must_change=must_change)
    note(f"User {name} created ({role}).")


@user.command("list")
@as_json_option
def user_list(as_json: bool) -> None:
    """List the accounts."""
    from storage.foundation import accounts

    with opened_home() as (_, home), home.reading() as session:
        rows = [
            {
                "username": account.username,
                "role": account.role,
                "disabled": account.disabled,
                "must_change_password": account.must_change,
            }
            for account in accounts.list_accounts(session)
        ]
    print_rows(rows, as_json, ("username", "role", "disabled"))


@user.command("role")
@click.argument("name")
@click.argument("role", type=_ROLE)
def user_role(name: str, role: str) -> None:
    """Give account NAME another ROLE and end its sessions. The last administrator who can sign in stays one."""
    from storage.foundation import accounts
    from storage.foundation.permissions import MACHINE, Role

    with opened_home() as (_, home), home.writing() as session:
        accounts.change_role(session, name, Role(role), MACHINE)
    note(f"{name} has the role {role} now; open sessions have ended.")


@user.command("disable")
@click.argument("name")
def user_disable(name: str) -> None:
    """Disable an account and end its sessions at once. The last administrator who can sign in stays enabled."""
    from storage.foundation import accounts
    from storage.foundation.permissions import MACHINE

    with opened_home() as (_, home), home.writing() as session:
        accounts.disable_account(session, name, MACHINE)
    note(f"{name} can no longer sign in; open sessions have ended.")


@user.command("enable")
@click.argument("name")
def user_enable(name: str) -> None:
    """Let a disabled account sign in again, with the role and the password it had."""
    from storage.foundation import accounts
    from storage.foundation.permissions import MACHINE

    with opened_home() as (_, home), home.writing() as session:
        accounts.enable_account(session, name, MACHINE)
    note(f"{name} can sign in again.")


@user.command("password")
@click.argument("name")
@click.option(
    "--password-stdin", is_flag=True, help="Read the current and the new password from standard input, a line each."
)
def user_password(name: str, password_stdin: bool) -> None:
    """Change the password of account NAME: asks for the current one, then twice for the new one.

    Whoever forgot theirs asks an administrator, who sets a new one on the Accounts screen.
    """
    from storage.foundation import accounts

    if password_stdin:
        current, new = (sys.stdin.readline().rstrip("\n") for _ in range(2))
    else:
        current = click.prompt("Current password", hide_input=True)
        new = click.prompt("New password", hide_input=True, confirmation_prompt=True)
    with opened_home() as (_, home), home.writing() as session:
        is_changed = accounts.change_own_password(session, accounts.actor_named(session, name), current, new)
    if not is_changed:
        raise UsageProblem("The current password is not right. Nothing was changed.")
    note(f"The password of {name} is changed; open sessions have ended.")


@user.command("link")
@click.argument("name")
@click.option(
    "--port", type=PORT, help="Port of the review app [default: the one that runs, else CHARTROOM_PORT or 8501]."
)
def user_link(name: str, port: int | None) -> None:
    """Print a link that signs NAME in once, within the hour."""
    from ingest.serving import running_port
    from storage.foundation import accounts

    with opened_home() as (values, home), home.writing() as session:
        code = accounts.make_one_time_login(session, name)
    click.echo(f"http://127.0.0.1:{port or running_port(home.path) or values.port}/login?once={code}")
