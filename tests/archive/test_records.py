"""WARC files as nobody should write them: each fault is named with its place, and what stands around it is read."""

import gzip
import io
import os
import random
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from giar_crawler.archive.records import Fault, Record, digest, scan
from giar_crawler.archive.writer import WarcWriter
from tests.archive.test_archive import exchange


def record(name, body=b"x" * 10, *, length=None, extra=""):
    head = f"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:x:{name}>\r\nWARC-Date: 2020-01-01T00:00:00Z\r\n"
    head += f"WARC-Target-URI: {name}\r\n{extra}Content-Length: {len(body) if length is None else length}\r\n\r\n"
    return head.encode() + body + b"\r\n\r\n"


def found(data):
    """Names of the whole records in order, and the faults by their place."""
    items = list(scan(io.BytesIO(data)))
    assert [item.offset for item in items] == sorted(item.offset for item in items)
    names = [item.headers["warc-target-uri"] for item in items if isinstance(item, Record)]
    return names, [item for item in items if isinstance(item, Fault)]


A, C = record("a"), record("c")
HOSTILE = {
    "ten terabytes": (record("b", length=10**13), "claims 10000000000000 bytes"),
    "a number without end": (record("b", length="9" * 5000), "more than a page may have"),
    "no number": (record("b", length="-1"), "no length"),
    "too long": (record("b", length=4000), ""),
    "too short": (record("b", b"<html>\n</html>", length=3), "claims 3 bytes and does not end there"),
    "headers without end": (b"WARC/1.0\r\n" + b"X-Pad: x\r\n" * 10000, "headers have no end"),
    "another format": (b"PK\x03\x04 no record at all\n", "no record begins here"),
}


@pytest.mark.parametrize("kind", ["plain", "members", "one member"])
@pytest.mark.parametrize("fault", HOSTILE)
def test_a_bad_record_costs_itself_alone(kind, fault):
    bad, said = HOSTILE[fault]
    pack = gzip.compress if kind == "members" else bytes
    data = pack(A) + pack(bad) + pack(C)
    if kind == "one member" and fault == "too long":
        # What it covers is taken for its own.
        data = A + record("b", length=40) + C + C
    names, faults = found(gzip.compress(data) if kind == "one member" else data)
    assert names == ["a", "c"]
    assert said in faults[0].what
    assert not any(fault.torn for fault in faults)
    assert faults[0].offset == (0 if kind == "one member" else len(pack(A)))


@pytest.mark.parametrize("claim", [10, 50 << 20])
def test_a_bomb_is_named_and_does_not_go_off(claim):
    packer = zlib.compressobj(1, wbits=31)
    parts = [record("b", b"\0" * 10, length=claim), *[bytes(1 << 20)] * 600]
    bomb = b"".join(map(packer.compress, parts)) + packer.flush()
    began = time.monotonic()
    names, faults = found(gzip.compress(A) + bomb + gzip.compress(C))
    assert time.monotonic() - began < 5
    assert [name for name in names if name != "b"] == ["a", "c"]
    assert any("unpacks to more than 256 MB" in fault.what for fault in faults)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_torn_tail_is_told_from_damage(pack):
    data = pack(A) + pack(record("b", os.urandom(2000))) + pack(C)
    middle, last = len(pack(A)), len(data) - len(pack(C))
    for cut in (len(data) - 1, last + 30, last + 3):
        names, faults = found(data[:cut])
        assert (names, [(fault.offset, fault.torn) for fault in faults]) == (["a", "b"], [(last, True)])
    if pack is gzip.compress:
        damaged = bytearray(data)
        damaged[middle + 1000] ^= 8
        names, faults = found(bytes(damaged))
        assert (names, [(fault.offset, fault.torn) for fault in faults]) == (["a", "c"], [(middle, False)])
        names, faults = found(data[: middle + 1000] + pack(C))
        assert (names, [(fault.offset, fault.torn) for fault in faults]) == (["a", "c"], [(middle, False)])


def test_places_lead_back_to_records():
    for pack in (bytes, gzip.compress):
        data = pack(A) + pack(record("b")) + b"\r\n\r\n" + pack(C)
        for item in scan(io.BytesIO(data)):
            assert next(scan(io.BytesIO(data), item.offset)) == item
            assert found(data[item.offset : item.offset + item.length]) == ([item.headers["warc-target-uri"]], [])
    assert [item.length for item in scan(io.BytesIO(gzip.compress(A + C)))] == [None, None]


def test_digests():
    def damage(claim, name="Block"):
        (item,) = scan(io.BytesIO(record("a", b"body", extra=f"WARC-{name}-Digest: {claim}\r\n")))
        return item.damage()

    right = [digest(b"body"), "sha-1:" + digest(b"body")[5:].lower(), "xxh3:whatever"]
    right += ["md5:841a2d689ad86bd1611447453c22c6fc", "sha256:230d8358dc8e8890b4c58deeb62912ee2f20357ae92a5cc861b98e68fe31acb5"]
    assert [damage(claim) for claim in right] == [None] * 5
    assert damage(digest(b"bodY")) == "its block digest is not that of its bytes"
    assert damage(digest(b"bodY"), "Payload") == "its payload digest is not that of its bytes"


@given(st.binary(max_size=300), st.integers(0, 2**32), st.sampled_from([bytes, gzip.compress]))
def test_whatever_the_bytes_there_is_an_answer(noise, seed, pack):
    data = bytearray(pack(A) + noise + pack(C))
    dice = random.Random(seed)  # noqa: S311 - no secret
    for _ in range(dice.randrange(4)):
        data[dice.randrange(len(data))] = dice.randrange(256)
    for item in scan(io.BytesIO(bytes(data[: dice.randrange(len(data)) + 1]))):
        assert isinstance(item, Fault) or len(item.block) == int(item.headers["content-length"])


def test_the_command_names_what_is_torn_damaged_or_wrongly_digested(giar, tmp_path):
    archive = tmp_path / "archive"
    assert giar("check").code == 2
    writer = WarcWriter(archive)
    places = [writer.write(exchange(n, os.urandom(3000) + b".")) for n in range(5)]
    writer.close()
    (path,) = archive.iterdir()
    done = giar("check", "--json")
    assert (done.code, *done.rows) == (
        0,
        {
            "file": path.name,
            "bytes": path.stat().st_size,
            "records": {"metadata": 5, "request": 5, "response": 5, "warcinfo": 1},
            "faults": [],
        },
    )
    data = path.read_bytes()
    third, last = places[2], places[4]
    changed = gzip.decompress(data[third.offset : third.offset + third.length])[:-5] + b"!\r\n\r\n"
    path.write_bytes(data[: third.offset] + gzip.compress(changed) + data[third.offset + third.length : last.offset + 2000])
    done = giar("check")
    assert (done.code, done.err) == (1, "")
    summary, wrong, torn = done.out.decode().splitlines()
    assert "4 metadata, 5 request, 4 response, 1 warcinfo" in summary
    assert "whole" not in summary
    assert wrong.startswith(f"{path.name}: damaged at byte {third.offset}: response http://a/2: its block digest is not")
    assert torn.startswith(f"{path.name}: torn at byte ")
    assert "the file ends within it" in torn
    other = tmp_path / "other.warc"
    other.write_bytes(A + HOSTILE["ten terabytes"][0] + C)
    done = giar("check", other)
    assert done.code == 1
    assert f"damaged at byte {len(A)}: it claims 10000000000000 bytes" in done.out.decode()
    assert giar("check", tmp_path / "none.warc").code == 2
    empty = tmp_path / "empty.warc.gz"
    empty.touch()
    done = giar("check", empty)
    assert (done.code, done.out.decode().splitlines()) == (
        1,
        ["empty.warc.gz: 0 bytes, no records", "empty.warc.gz: torn at byte 0: the file is empty"],
    )
