"""Index numbers (索引号): normalised, sorted into kinds, taken into their parts. Nothing is ever rejected."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from stdnum.cn import uscc

from giar_crawler.items import IndexNumber
from pipelines.data import DataError, load, pattern
from pipelines.decode.script import without_invisible
from pipelines.labels import labels, normalised

# The first catalogues were numbered for the regulation of 2007, with documents of some years before.
YEARS = range(2000, 2051)
# What is longer is no number but a text that stands in its place.
LONGEST = 200
# A number is shorter; a longer one has text in it.
MOST = 60
UNKNOWN, MALFORMED = "unknown", "malformed-org/year-serial"
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_SPACE = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]+")
# The label, where it stands in the value, and tags that were printed as text.
_LABEL = re.compile(r"^[\[【]?(?:信息)?索引[号码编号]{0,2}[\]】]?:?|<[^<>]{0,40}>")
# Where other text begins behind the number: a label, a remark in brackets, a second cell.
_NUMBER = re.compile(r"[^\u3400-\u9fff(\[【|<>:]+")
_DASHES = str.maketrans(dict.fromkeys("—–－‐‑‒―−", "-") | {"／": "/", "⁄": "/", "∕": "/"})


@dataclass(slots=True, frozen=True)
class Kind:
    """A kind of number: its name, the pattern of the whole number, and the standard of its check digit if it has one."""

    name: str
    pattern: re.Pattern[str]
    check_digit: str | None


def _check(name: object) -> str:
    """The name of a check digit's standard, as a shape."""
    if name not in _CHECKS:
        raise ValueError(f"{name!r} is none of {', '.join(_CHECKS)}")
    return str(name)


def read_kinds(path: Path) -> tuple[Kind, ...]:
    """The kinds of a file in their order. Raises DataError that names the file and the key."""
    entry = {"kind": str, "regex": pattern, "check_digit?": _check, "meaning?": str}
    data = load(path, {"kinds": [entry], "examples?": list})
    kinds = tuple(Kind(entry["kind"], entry["regex"], entry.get("check_digit")) for entry in data["kinds"])
    names = [kind.name for kind in kinds]
    if names[-1:] != ["unknown"] or len(set(names)) < len(names):
        raise DataError(f"{path.name}: kinds: each name stands once, unknown is the last")
    return kinds


@cache
def kinds() -> tuple[Kind, ...]:
    """The kinds that come with the program."""
    return read_kinds(Path(__file__).with_name("index_numbers.yaml"))


def gb11714_valid(code: str) -> bool:
    """Whether the ninth character of an organisation code is its check digit. The code is nine of `[0-9A-Z]`, the hyphen removed.

    GB 11714: 11 minus the weighted sum modulo 11; 10 is written X, 11 is written 0.
    """
    total = sum(weight * int(character, 36) for weight, character in zip(_WEIGHTS, code[:8], strict=True))
    return code[8] == "0X987654321"[total % 11]


def gb32100_valid(code: str) -> bool:
    """Whether an 18-character credit code has the right check character (GB 32100)."""
    return bool(uscc.is_valid(code))


_CHECKS = {"gb11714": gb11714_valid, "gb32100": gb32100_valid}


def normalise(raw: str) -> str:
    """The number as its kinds are matched: NFKC, no white space, one hyphen and one slash."""
    # Once more at the end: an accent standing alone joins the letter before it when the space between them goes.
    return unicodedata.normalize("NFKC", _SPACE.sub("", unicodedata.normalize("NFKC", without_invisible(raw)).translate(_DASHES)))


def _kind_of(number: str) -> tuple[Kind, re.Match[str] | None]:
    """The first kind that the whole number is of, letters of either case, with its parts."""
    upper = number.upper()
    return next(((kind, match) for kind in kinds() if (match := kind.pattern.fullmatch(upper))), (kinds()[-1], None))


def _without_text(normalized: str) -> str | None:
    """The number in a value that has its label, a remark or the next label beside it; `None` where that leaves none of a known kind."""
    match = _NUMBER.match(_LABEL.sub("", normalized))
    number = match.group().rstrip(",;.。、|│") if match else ""
    return number if number != normalized and _kind_of(number)[1] is not None and _kind_of(number)[0].name != UNKNOWN else None


def parse(raw: str) -> IndexNumber | None:
    """The number in its parts; kind `unknown` when it has no known shape, `None` for an empty shell (`/`, 无). Raises nothing.

    `organization_valid` is `None` for kinds without a check digit. The organ part names the portal's registrant, not the reporting organ.
    """
    raw = without_invisible(raw).strip()[:LONGEST]
    normalized = normalise(raw)
    if not normalized.strip("/-_.:") or normalised(normalized) in labels().empty:
        return None
    bare = _without_text(normalized) if _kind_of(normalized)[0].name in (UNKNOWN, MALFORMED) else None
    number = IndexNumber(raw=raw, normalized=bare or normalized, kind=UNKNOWN)
    kind, match = _kind_of(number.normalized)
    number.kind = kind.name
    parts = match.groupdict() if match else {}
    number.organization = parts.get("organization")
    number.serial = parts.get("serial")
    number.year = int(parts["year"]) if parts.get("year") else None
    number.month = int(parts["month"]) if parts.get("month") else None
    if kind.check_digit and number.organization:
        number.organization = number.organization.replace("-", "")
        number.organization_valid = _CHECKS[kind.check_digit](number.organization)
        if not number.organization_valid:
            number.warnings.append("bad_check_digit")
    if kind.name == "missing-org":
        number.warnings.append("missing_org")
    if number.year is not None and number.year not in YEARS:
        number.warnings.append("year_out_of_range")
    if bare is not None or len(normalized) > MOST:
        number.warnings.append("extra_text")
    return number
