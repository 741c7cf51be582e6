"""What a walk is told from outside: report years, a limit, a contact; and when it must not start."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from giar_crawler.register import is_loopback

FIRST_YEAR = 2000
LAST_YEAR = 2100
# It goes into a header: printable ASCII, and nothing that ends the comment in which it stands.
CONTACT = re.compile(r"(?:(?![()<>@])[!-~])+@(?:(?![()<>@])[!-~])+\.(?:(?![()<>@])[!-~])+|https?://(?:(?![()<>])[!-~])+")


class BadArgumentError(ValueError):
    """An argument is wrong; the message says which, what it holds and what is allowed."""


@dataclass(slots=True, frozen=True)
class Years:
    """Report years to store, both ends included; `None` is an open end."""

    first: int | None = None
    last: int | None = None

    def __contains__(self, year: int | None) -> bool:
        """Whether a report of this year is stored; one of unknown year always is."""
        return year is None or ((self.first is None or year >= self.first) and (self.last is None or year <= self.last))


def parse_years(text: str | None) -> Years:
    """The years of `A-B`, `A-`, `-B` or `A`. Raises BadArgumentError."""
    if text is None or not text.strip():
        return Years()
    found = re.fullmatch(r"\s*(\d{4})?\s*(-)?\s*(\d{4})?\s*", text)
    if not found or not (found[1] or found[3]) or (found[1] and found[3] and not found[2]):
        raise BadArgumentError(f"years {text!r}: expected A-B, A- or A, such as 2019-2021")
    first = int(found[1]) if found[1] else None
    last = int(found[3]) if found[3] else (None if found[2] else first)
    if any(year is not None and not FIRST_YEAR <= year <= LAST_YEAR for year in (first, last)):
        raise BadArgumentError(f"years {text!r}: report years lie between {FIRST_YEAR} and {LAST_YEAR}")
    if first is not None and last is not None and first > last:
        raise BadArgumentError(f"years {text!r}: {first} is after {last}")
    return Years(first, last)


def walk_arguments(years: Years, limit: int | None) -> dict[str, object]:
    """What makes two walks of a portal the same, as it is stored with each: only the same walk is continued."""
    return {"years": [years.first, years.last], "limit": limit}


def check_contact(contact: str | None, hosts: Iterable[str]) -> None:
    """Raises BadArgumentError when a host is a stranger's and nobody would know whom to write to."""
    strangers = sorted({host for host in hosts if not is_loopback(host)})
    if contact and not CONTACT.fullmatch(contact):
        raise BadArgumentError(f"contact {contact!r}: expected an e-mail address or a URL in ASCII, it goes into the user agent")
    if strangers and not contact:
        shown = ", ".join(strangers[:3]) + (f" and {len(strangers) - 3} more" if len(strangers) > 3 else "")
        raise BadArgumentError(
            f"no contact is set and {shown} is not this machine: give --contact ADDRESS or GIAR_CONTACT (an e-mail address or a URL; "
            "it goes into the user agent, so that the portal's owner can write to you)"
        )
