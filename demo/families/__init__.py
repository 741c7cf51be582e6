"""Portals of all platform families: the lists, addresses and answers of each content system, served by `demo.server`.

A family is one module with its portals (`PORTALS`) and its site; `sites` finds it by its line below.
"""

from __future__ import annotations

from collections.abc import Sequence

from demo.families.base import FamilyPortal, FamilySite

# Family -> its portals and what serves them.
FAMILIES: dict[str, tuple[Sequence[FamilyPortal], type[FamilySite]]] = {}

__all__ = ["FAMILIES", "FamilyPortal", "FamilySite", "family_register", "family_sites"]


def family_sites() -> dict[str, FamilySite]:
    """All portals of all families by the address on which they are served."""
    return {portal.host: site(portal) for portals, site in FAMILIES.values() for portal in portals}


def family_register(port: int) -> str:
    """The register of these portals as YAML, for portals that are served on `port`."""
    lines = ["portals:"]
    for portals, _ in FAMILIES.values():
        for portal in portals:
            lines += [
                f"- id: {portal.id}",
                f"  name: {portal.government}",
                f'  adcode: "{portal.adcode}"',
                f'  site_code: "{portal.site_code}"',
            ]
            lines += ["  level: county", f"  home: http://{portal.host}:{port}/", "  delay: 0.0"]
    return "\n".join(lines) + "\n"
