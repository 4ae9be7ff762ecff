"""How much a command says besides its results: -q keeps to results and refusals, -v adds the log and signs of life."""

from enum import IntEnum


class Loudness(IntEnum):
    """What somebody asked for with -q, with nothing, or with -v."""

    QUIET = 0
    USUAL = 1
    VERBOSE = 2


_chosen = Loudness.USUAL


def choose(loudness: Loudness) -> None:
    """From now on this process says so much."""
    global _chosen
    _chosen = loudness


def is_quiet() -> bool:
    """Whether progress and remarks on the way are left out."""
    return _chosen is Loudness.QUIET


def is_verbose() -> bool:
    """Whether the log and signs of life are shown too."""
    return _chosen is Loudness.VERBOSE
