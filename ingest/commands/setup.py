"""Setting up: data home, keys, accounts, settings, doctor. Imports stay inside: a command pays for what it uses."""

from typing import Any

from ingest.commands.opening import Echo, opened_home
from ingest.problems import UsageProblem


def init(echo: Echo) -> None:
    """Make the data home and its first account; on an existing home only say that it is there."""
    from ingest.settings import load_settings
    from storage.foundation import accounts
    from storage.foundation.home import is_ready
    from storage.foundation.permissions import Role
    from storage.opening import make_home

    settings = load_settings()
    was_ready = is_ready(settings.home)
    home = make_home(settings.home, settings.key_file)
    for folder in settings.folders:
        folder.mkdir(parents=True, exist_ok=True)
    echo(f"Data home    {home.path}")
    echo(f"Hot folder   {', '.join(map(str, settings.folders))}")
    echo(f"Key file     {home.key_file}")
    with home.writing() as session:
        if not accounts.list_accounts(session):
            import secrets

            accounts.add_account(session, "admin", Role.ADMIN, secrets.token_urlsafe(32))
            code = accounts.make_one_time_login(session, "admin", minutes=24 * 60)
            echo(f"First sign-in (once, within a day): http://127.0.0.1:{settings.port}/login?once={code}")
    if not was_ready:
        echo("")
        echo("Without the key file nobody can read this data. Print the recovery sheet now and keep it in two places:")
        echo("  chartroom key sheet      then  chartroom key confirm")
    home.close()


def print_recovery_sheet(echo: Echo) -> None:
    """The recovery sheet, for paper."""
    from storage.foundation import audit, keys
    from storage.foundation.actions import AuditAction
    from storage.foundation.permissions import MACHINE

    with opened_home() as (_, home):
        with home.writing() as session:
            audit.record(session, MACHINE, AuditAction.PRINT_RECOVERY_SHEET, "key")
        echo(f"Chartroom recovery sheet      data home {home.id}")
        echo("Keep two copies in two places. Anyone who has it can read the charts.")
        echo("")
        for line in keys.recovery_lines(keys.load_master_key(home.key_file)):
            echo(f"    {line}")
        echo("")
        echo("Type it back with 'chartroom key confirm'. A lost key file is made again with 'chartroom key restore'.")


def confirm_recovery_sheet(text: str, echo: Echo) -> None:
    """Note that the sheet was typed back right."""
    from storage.foundation import keys
    from storage.foundation.tables.installation import Fact

    master = keys.master_from_recovery([line for line in text.splitlines() if line.strip()])
    with opened_home() as (_, home):
        if master != keys.load_master_key(home.key_file):
            raise UsageProblem("This is the recovery sheet of another data home.")
        with home.writing() as session:
            session.merge(Fact(name="recovery_sheet", value="confirmed"))
    echo("The recovery sheet is right and was noted as confirmed.")


def restore_key(text: str, echo: Echo) -> None:
    """Write the key file anew from the sheet, where none is."""
    import json as json_module

    from ingest.settings import load_settings
    from storage.foundation import keys

    settings = load_settings()
    master = keys.master_from_recovery([line for line in text.splitlines() if line.strip()])
    home_file = settings.home / "home.json"
    if not home_file.exists():
        raise UsageProblem(f"There is no Chartroom data in {settings.home}.")
    home_id = json_module.loads(home_file.read_text(encoding="utf-8"))["home_id"]
    path = settings.key_file or keys.default_key_file(home_id)
    if path.exists():
        raise UsageProblem(f"There is a key file already: {path}. Move it away first.")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    path.write_text(master.hex() + "\n", encoding="ascii")
    with opened_home():
        echo(f"The key file {path} was made again and opens the data.")


def show_settings(*, states: bool, types: bool, echo: Echo) -> None:
    """Every setting with its value and purpose, or one of the tables that the docs show."""
    if types:
        from classify.doctypes import draw_types

        echo(draw_types().rstrip())
        return
    if states:
        from storage.foundation.states import draw_moves

        echo(draw_moves().rstrip())
        return
    from ingest.settings import Settings, load_settings

    try:
        settings = load_settings()
    except UsageProblem as error:
        echo(f"{error}\n")
        settings = Settings.model_construct()
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        mark = " " if value == field.default or name == "home" else "*"
        echo(f"{mark} CHARTROOM_{name.upper():<26} {value!s:<24} {field.description}")
    echo("\n* changed from its default. How this hospital's charts look is in profile.toml in the data home.")


def doctor(echo: Echo) -> bool:
    """Checks of the machine, each with the fix; False when something needed is missing."""
    from ingest.doctor import look

    healthy = True
    for check in look():
        echo(f"[{check.mark}] {check.name}: {check.finding}")
        if check.fix:
            echo(f"       {check.fix}")
        healthy = healthy and check.mark != "no"
    return healthy


def add_user(name: str, role: str, password: str, echo: Echo) -> None:
    """Add a named account."""
    from storage.foundation import accounts
    from storage.foundation.permissions import Role

    with opened_home() as (_, home), home.writing() as session:
        accounts.add_account(session, name, Role(role), password)
    echo(f"{name} may sign in as {role}.")


def users() -> list[dict[str, Any]]:
    """The accounts."""
    from storage.foundation import accounts

    with opened_home() as (_, home), home.reading() as session:
        return [
            {"username": a.username, "role": a.role, "disabled": a.disabled} for a in accounts.list_accounts(session)
        ]


def disable_user(name: str, echo: Echo) -> None:
    """Shut an account."""
    from storage.foundation import accounts
    from storage.foundation.permissions import MACHINE

    with opened_home() as (_, home), home.writing() as session:
        accounts.disable_account(session, name, MACHINE)
    echo(f"{name} can no longer sign in; open sessions have ended.")


def print_login_link(name: str, echo: Echo) -> None:
    """A link that signs a person in once."""
    from storage.foundation import accounts

    with opened_home() as (settings, home), home.writing() as session:
        code = accounts.make_one_time_login(session, name)
    echo(f"http://127.0.0.1:{settings.port}/login?once={code}")
