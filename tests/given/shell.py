"""The command line in this process, for tests: what it prints, its exit code, its JSON Lines."""

import io
import json
import sys
from dataclasses import dataclass
from typing import Any

import pytest

from ingest.cli.main import main


@dataclass(frozen=True, slots=True)
class Printed:
    """What a command wrote to the screen."""

    out: str
    err: str


class Shell:
    """Runs `chartroom` commands as the console script does, on the data home that the environment names."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def __call__(self, *arguments: object, expect: int = 0, stdin: str = "") -> Printed:
        """A finished command; fails the test when its exit code is not the expected one."""
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        printed = Printed(*self._capsys.readouterr())
        assert (ended.value.code or 0) == expect, printed
        return printed

    def rows(self, *arguments: object, expect: int = 0) -> list[dict[str, Any]]:
        """The JSON Lines of a command."""
        return [json.loads(line) for line in self(*arguments, "--json", expect=expect).out.splitlines()]

    def refusal(self, *arguments: object, stdin: str = "") -> str:
        """The one sentence of a command that was refused: exit code 1, nothing on standard output."""
        printed = self(*arguments, expect=1, stdin=stdin)
        assert printed.out == ""
        assert printed.err.count("\n") == 1, printed.err
        return printed.err.removeprefix("chartroom: ").rstrip("\n")
