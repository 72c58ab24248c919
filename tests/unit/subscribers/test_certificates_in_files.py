"""A certificate in a file of subscribers or of changes: read, kept, written again, and taken away on purpose only."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from structlog.testing import capture_logs

from services.subscribers.certificates import UnfitCertificate, encrypted_to, read_certificate
from services.subscribers.edits import read_edit
from services.subscribers.entries import UnusableSubscribers
from services.subscribers.exported import plain_line
from services.subscribers.kinship import joined
from services.subscribers.record_codec import decode, encode
from services.subscribers.subscriber import StoredAddress, Subscriber
from tests.openpgp import certificate_of, new_key
from tests.unit.subscribers.test_subscriber_lines import channels, read

KEY = new_key()
ARMORED = str(KEY.extract_certificate())
OPENPGP = read_certificate(certificate_of(KEY), time.time())
EMAIL = {"channel": "email", "target": "reader@mail.example.org"}


def line(**more: Any) -> dict[str, Any]:
    return {"channels": [{**EMAIL, **more}]}


def edited(known: Subscriber, **more: Any) -> StoredAddress:
    edit = read_edit(line(**more), channels(), ["en"], "stdin")
    (address,) = edit.applied(known).addresses
    return address


def test_a_certificate_is_read_as_text_and_written_so_that_it_is_read_again() -> None:
    found = read(line(openpgp=ARMORED))
    assert [one.openpgp for one in found.addresses] == [OPENPGP]
    assert read(plain_line(found)) == found
    assert decode(found.number, encode(found)).addresses == found.addresses


def test_a_certificate_may_lie_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "key.asc").write_text(ARMORED)
    assert read(line(openpgp={"file": str(tmp_path / "key.asc")})).addresses[0].openpgp == OPENPGP


def test_an_edit_that_names_no_certificate_leaves_the_one_there_is() -> None:
    known = read(line(openpgp=ARMORED))
    assert edited(known).openpgp == OPENPGP
    another = new_key()
    assert edited(known, openpgp=str(another.extract_certificate())).openpgp == read_certificate(
        certificate_of(another), time.time()
    )
    assert edited(known, openpgp="-").openpgp is None


def test_two_who_become_one_are_written_to_encrypted_if_either_was() -> None:
    one, other = read(line(openpgp=ARMORED)), read(line())
    digest = "ab" * 16
    one, other = (
        msgspec.structs.replace(
            each, addresses=tuple(msgspec.structs.replace(address, digest=digest) for address in each.addresses)
        )
        for each in (one, other)
    )
    assert joined(one, other).addresses[0].openpgp == joined(other, one).addresses[0].openpgp == OPENPGP


@pytest.mark.parametrize(
    "given", [str(KEY), "tidings", "", "-----BEGIN PGP PUBLIC KEY BLOCK-----", {"env": "NO_SUCH_VARIABLE"}, 7, ["x"]]
)
def test_what_is_no_certificate_is_refused_by_its_place_and_not_repeated(given: Any) -> None:
    for reading in (lambda: read(line(openpgp=given)), lambda: edited(read(line()), openpgp=given)):
        with pytest.raises(UnusableSubscribers) as refused:
            reading()
        assert "openpgp" in str(refused.value)
        assert "tidings" not in str(refused.value)
        assert "PRIVATE" not in str(refused.value)


def test_only_letters_are_encrypted() -> None:
    with pytest.raises(UnusableSubscribers, match="only what goes by email"):
        read({"channels": [{"channel": "telegram", "target": "5550001234", "openpgp": ARMORED}]})


class InTwoDays(datetime):
    @classmethod
    def now(cls, tz: Any = None) -> Any:
        return datetime.now(tz) + timedelta(days=2)


def test_a_certificate_whose_time_is_over_since_keeps_no_file_from_being_loaded_and_encrypts_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else nobody of that file would hear anything after the next start."""
    ends = KEY.extract_certificate().set_expiration(datetime.now(UTC) + timedelta(days=1), KEY.certifier())
    monkeypatch.setattr("services.subscribers.entries.datetime", InTwoDays)
    with capture_logs() as logs:
        (address,) = read(line(openpgp=str(ends))).addresses
    assert [one["event"] for one in logs] == ["certificate_expired"]
    assert "example.org" not in str(logs)
    assert address.openpgp is not None
    with pytest.raises(UnfitCertificate) as refused:
        encrypted_to(address.openpgp, b"tidings", InTwoDays.now(UTC).timestamp())
    assert refused.value.slug == "expired"
    assert read(plain_line(read(line(openpgp=str(ends))))).addresses == (address,), "an export of theirs comes back"
