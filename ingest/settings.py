"""How this site is installed: environment variables CHARTROOM_*, few, each with a default that works."""

import difflib
import os
from pathlib import Path

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingest.problems import UsageProblem
from ocr.page import Second
from storage.foundation.clock import find_zone, use_zone


class Settings(BaseSettings):
    """The settings of one process."""

    model_config = SettingsConfigDict(env_prefix="CHARTROOM_", extra="forbid")

    home: Path = Field(Path("chartroom-data"), description="data home: database, vault, logs")
    hot_folders: str = Field("", description="folders where scans are dropped, separated by ':'; default <home>/hot")
    key_file: Path | None = Field(None, description="master key; default in the account's configuration folder")
    workers: int = Field(0, ge=0, le=64, description="worker processes; 0 means one a core")
    engine: str = Field(
        "", pattern="^(|tesserocr|tesseract)$", description="OCR engine; empty means the best installed"
    )
    second_recogniser: Second = Field(
        Second.AUTO,
        description="second recogniser: auto (reads what Tesseract is unsure of), always (reads every page) or off",
    )
    settle_seconds: float = Field(2.0, ge=0, le=600, description="how long a dropped file must be unchanged")
    page_gap_seconds: float = Field(
        25.0,
        ge=0,
        le=600,
        description="how long a whole TIFF or a folder of scans must be still: a further page may come",
    )
    incomplete_wait_seconds: float = Field(
        600, ge=0, description="how long to wait for the end of a file that has none"
    )
    page_seconds: float = Field(90, gt=0, description="time limit of reading one page")
    file_megabytes: int = Field(1000, gt=0, description="largest file that is taken in")
    file_pages: int = Field(2000, gt=0, description="most pages in one file")
    page_megapixels: int = Field(80, gt=0, description="largest page in million pixels")
    worker_megabytes: int = Field(
        2048, ge=512, description="address space of one worker process, the file that it reads not counted"
    )
    minimum_free_megabytes: int = Field(500, ge=0, description="below this free space nothing is taken in")
    keep_done_days: float = Field(
        1,
        ge=0,
        le=3650,
        description="how many days originals stay unencrypted in the hot folder's .done: long enough to see that the wrong stack "
        "was dropped; each goes only once the vault's copy was read again and is whole ('chartroom original' gives it back)",
    )
    take_back_seconds: float = Field(
        30, ge=0, le=86_400, description="how long an approved document waits before it is filed"
    )
    idle_minutes: float = Field(15, gt=0, description="a signed-in browser that does nothing is signed out")
    time_zone: str = Field(
        "",
        description="time zone in which times are shown, such as America/Chicago; empty means that of the machine, "
        "which on a server is often UTC",
    )
    port: int = Field(8501, ge=1, le=65535, description="port of the review app on 127.0.0.1")

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        if name and find_zone(name) is None:
            raise ValueError("there is no such time zone; write it as America/Chicago")
        return name

    @property
    def folders(self) -> list[Path]:
        """The hot folders, absolute."""
        named = [Path(part) for part in self.hot_folders.split(os.pathsep) if part]
        return [folder.absolute() for folder in named or [self.home / "hot"]]


def load_settings() -> Settings:
    """Settings from the environment, whose time zone this process shows times in from now on; UsageProblem for a value that
    does not fit or a misspelt name."""
    known = {f"CHARTROOM_{name.upper()}" for name in Settings.model_fields}
    unknown = sorted(name for name in os.environ if name.startswith("CHARTROOM_") and name not in known)
    if unknown:
        close = difflib.get_close_matches(unknown[0], known, 1)
        hint = f" Did you mean {close[0]}?" if close else " 'chartroom settings' lists them."
        raise UsageProblem(f"There is no setting {unknown[0]}.{hint}")
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "CHARTROOM_" + str(first["loc"][0]).upper()
        raise UsageProblem(f"The setting {name} does not fit: {first['msg']}.") from error
    settings.home = settings.home.absolute()
    use_zone(settings.time_zone)
    return settings
