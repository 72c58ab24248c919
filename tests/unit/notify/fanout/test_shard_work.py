"""What an entry of a deliveries stream says is read as it was written, whoever wrote it."""

from __future__ import annotations

import pytest

from services.notify.fanout.shard_work import ShardWork
from services.notify.references import References
from services.subscribers.keyring import Keyring

REFERENCES = References(Keyring(b"a key of this test's"))
ENTRY = "1735398300000-0"


@pytest.mark.parametrize("of", [1, 16, 1024, 4096])
@pytest.mark.parametrize("which", [slice(0), slice(1), slice(None), slice(None, None, 3), slice(-1, None)])
@pytest.mark.parametrize("numbers", [None, (7,), (1, 20_000)])
def test_work_says_the_same_once_it_was_written(of: int, which: slice, numbers: tuple[int, ...] | None) -> None:
    work = ShardWork(ENTRY, tuple(range(of))[which], of, numbers, watchers=numbers is None)
    assert ShardWork.decode(work.encode("email", REFERENCES), "email", REFERENCES) == work


def test_shards_beyond_how_many_there_are_are_none() -> None:
    fields = {"entry": ENTRY, "shard": "e0016/" + "f" * 200_000}
    assert ShardWork.decode(fields, "email", REFERENCES).shards == tuple(range(16))
