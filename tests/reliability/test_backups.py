"""A fault at a durable call of a backup and of a restore: a sample of the calls. All are tried by `./dev reliability`."""

import pytest

from tests.reliability.backups import try_backup, try_power_cuts, try_restore
from tests.reliability.bench import Bench, Fault

pytestmark = pytest.mark.reliability


@pytest.mark.parametrize(("fault", "sample"), [(Fault.KILL, 2), (Fault.DISK_FULL, 1), (Fault.IO_ERROR, 1)])
def test_a_fault_leaves_no_backup_or_a_whole_one_and_the_next_goes_on(bench: Bench, fault: Fault, sample: int) -> None:
    made = list(try_backup(bench, fault, sample))
    assert [each for each in made if not each.verdict.is_sound] == []
    assert len(made) == sample


@pytest.mark.parametrize(("fault", "sample"), [(Fault.KILL, 2), (Fault.DISK_FULL, 1), (Fault.IO_ERROR, 1)])
def test_a_fault_leaves_a_restore_that_goes_on(bench: Bench, fault: Fault, sample: int) -> None:
    made = list(try_restore(bench, fault, sample))
    assert [each for each in made if not each.verdict.is_sound] == []
    assert len(made) == sample


@pytest.mark.parametrize("what", ["backup", "restore"])
def test_a_power_cut_leaves_no_backup_or_a_whole_one_and_a_restore_that_goes_on(bench: Bench, what: str) -> None:
    made = list(try_power_cuts(bench, what, sample=1))
    assert [each for each in made if not each.verdict.is_sound] == []
    assert len(made) == 2
