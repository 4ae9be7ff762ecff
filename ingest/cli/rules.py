"""A site's rules for its kinds of document, listed and tried. Imports stay inside: a command pays for what it uses."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ingest.cli.opening import opened_home
from ingest.cli.output import as_json_option, print_rows
from ingest.problems import UsageProblem

if TYPE_CHECKING:
    from classify.profile import Profile
    from ocr.page import OcrPage

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

_profile_option = click.option(
    "--profile",
    "file",
    type=_FILE,
    help="Rules of this file, laid out like profile.toml, in place of those in use: to try before they are switched on.",
)


@click.group()
def rules() -> None:
    """Kinds of document by regular expression: the [[rules]] of profile.toml."""


@rules.command("list")
@_profile_option
@as_json_option
def rules_list(file: Path | None, as_json: bool) -> None:
    """The rules, in the order of the file.

    \b
    Examples:
      chartroom rules list
      chartroom rules list --profile new-profile.toml
    """
    rows = [
        {
            "rule": rule.number,
            "type": rule.code,
            "where": rule.where.value,
            "page": rule.page.value,
            "pattern": rule.pattern,
            "not": rule.unless,
        }
        for rule in _profile(file).rules
    ]
    print_rows(rows, as_json, ("rule", "type", "where", "page", "pattern", "not"))


@rules.command("test")
@click.argument("files", nargs=-1, type=_FILE)
@click.option("--stored", is_flag=True, help="Try them on every verified document, and count by rule.")
@_profile_option
@as_json_option
def rules_test(files: tuple[Path, ...], stored: bool, file: Path | None, as_json: bool) -> None:
    """Try the rules on scans (each FILE as one document), or on what was verified. Changes nothing.

    With FILES: the kind of each with the rules and without them, and the rules that fit. With --stored: for each rule how
    many verified documents it fits, how many of them are of its kind, and which are not.

    \b
    Examples:
      chartroom rules test run-sheet.tif
      chartroom rules test --profile new-profile.toml scans/*.pdf --json
      chartroom rules test --profile new-profile.toml --stored
    """
    if bool(files) == stored:
        raise UsageProblem("Name the scans to try the rules on, or --stored for what was verified.")
    profile = _profile(file)
    if not profile.rules:
        raise UsageProblem("There are no rules. Write [[rules]] with type and pattern into profile.toml.")
    if stored:
        print_rows(_on_stored(profile), as_json, ("rule", "type", "fits", "right", "of_kind", "others", "contradicted"))
    else:
        print_rows(_on_files(files, profile), as_json, ("file", "type", "sure", "without", "evidence"))


def _profile(file: Path | None) -> "Profile":
    """The profile in use, or that of a file; its kinds of document are known from then on."""
    from classify import doctypes
    from ingest.settings import load_settings
    from ingest.site import load_site, read_site

    if file is None:
        return load_site(load_settings().home).profile
    profile = read_site(file).profile
    doctypes.use_site_types(profile.types)
    return profile


def _on_stored(profile: "Profile") -> Iterator[dict[str, Any]]:
    from classify import doctypes
    from storage.learning.ruletrial import try_rules

    with opened_home() as (_, home), home.reading() as session:
        doctypes.use_site_types(profile.types)
        trials = try_rules(session, profile.rules)
    for trial in trials:
        yield {
            "rule": trial.rule.number,
            "type": trial.rule.code,
            "pattern": trial.rule.pattern,
            "fits": trial.fits,
            "right": trial.right,
            "of_kind": trial.of_kind,
            "others": [f"{code} {count}" for code, count in trial.others.most_common()],
            "documents": trial.other_ids,
            "contradicted": trial.contradicted,
        }


def _on_files(files: Sequence[Path], profile: "Profile") -> Iterator[dict[str, Any]]:
    from dataclasses import replace

    from classify.index import kinds_of
    from classify.rows import rows_of
    from classify.typerules import find_hits

    for file, pages in _read(files):
        decided = kinds_of(pages, profile)[0]
        hits = find_hits([(page.number, rows_of(page)) for page in pages], profile.rules)
        yield {
            "file": str(file),
            "type": decided.code,
            "sure": decided.is_sure,
            "without": kinds_of(pages, replace(profile, rules=()))[0].code,
            "evidence": decided.evidence,
            "rules": [
                {"rule": hit.rule.number, "type": hit.rule.code, "page": hit.page, "words": hit.words} for hit in hits
            ],
        }


def _read(files: Sequence[Path]) -> "Iterator[tuple[Path, list[OcrPage]]]":
    """The pages of each file as read; UsageProblem for a file that is refused."""
    import sys

    from ingest.cli.read import ReadOptions, read_books
    from ingest.progress import bar
    from ingest.settings import load_settings
    from ingest.worker import work_pool
    from ocr.load import Limits

    settings = load_settings()
    wanted = ReadOptions(engine=settings.engine, second=settings.second_recogniser)
    limits = Limits(settings.file_megabytes * 1_000_000, settings.file_pages, settings.page_megapixels * 1_000_000)
    with work_pool(settings.workers, settings.worker_megabytes) as pool, bar(sys.stderr) as progress:
        for book in read_books(list(files), pool, wanted, limits, settings.page_seconds, progress):
            if book.refused is not None:
                raise UsageProblem(f"{book.file.name}: {book.refused.sentence}")
            yield book.file, [read.page for read in book.in_order]
