"""What can be wrong with a register, said so that it can be found and put right."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. `line` counts from 1, 0 means the whole file; `entry` is the portal's id or its number (`#3`)."""

    file: str
    line: int
    entry: str | None
    key: str | None
    message: str
    allowed: str | None = None

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        parts = [place, f"entry {self.entry}" if self.entry else "", self.key or "", self.message]
        return ": ".join(part for part in parts if part) + (f"; allowed: {self.allowed}" if self.allowed else "")

    def as_dict(self) -> dict[str, str | int | None]:
        """The fault with values that JSON knows."""
        return asdict(self)


class RegisterError(Exception):
    """The register is wrong; `faults` holds every fault of every file, and the message has one line for each."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults
