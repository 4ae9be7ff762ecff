"""A fault at a durable call of an amendment: a sample of the calls. All are tried by `./dev reliability`."""

import pytest

from tests.reliability.amendments import try_amendment
from tests.reliability.bench import Bench, Fault

pytestmark = pytest.mark.reliability


@pytest.mark.parametrize("ends", ["file", "cancel"])
@pytest.mark.parametrize(("fault", "sample"), [(Fault.KILL, 6), (Fault.DISK_FULL, 2), (Fault.IO_ERROR, 2)])
def test_a_fault_in_an_amendment_loses_no_version_and_doubles_none(
    bench: Bench, fault: Fault, sample: int, ends: str
) -> None:
    made = list(try_amendment(bench, fault, ends, sample))
    assert [each for each in made if not each.verdict.is_sound] == []
    assert len(made) == sample
