"""Portals of all platform families: the lists, addresses and answers of each content system, served by `demo.server`.

A family is one module with its portals (`PORTALS`) and its site; `sites` finds it by its line below.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from demo.families import (
    anhui,
    boda,
    dedecms,
    epoint,
    gkmlpt,
    hidden,
    jcms,
    jpaas,
    jsp,
    phpcms,
    powereasy,
    siteserver,
    trees,
    trs,
    truecms,
    ucap,
)
from demo.families.base import FamilyPortal, FamilySite

# Family -> its portals and what serves them.
FAMILIES: dict[str, tuple[Sequence[FamilyPortal], type[FamilySite]]] = {
    "anhui": (anhui.PORTALS, anhui.AnhuiSite),
    "boda": (boda.PORTALS, boda.BodaSite),
    "dedecms": (dedecms.PORTALS, dedecms.DedeCmsSite),
    "epoint": (epoint.PORTALS, epoint.EpointSite),
    "gkmlpt": (gkmlpt.PORTALS, gkmlpt.GkmlptSite),
    "hidden": (hidden.PORTALS, hidden.HiddenSite),
    "jcms": (jcms.PORTALS, jcms.JcmsSite),
    "jpaas": (jpaas.PORTALS, jpaas.JpaasSite),
    "jsp": (jsp.PORTALS, jsp.JspSite),
    "phpcms": (phpcms.PORTALS, phpcms.PhpCmsSite),
    "powereasy": (powereasy.PORTALS, powereasy.PowerEasySite),
    "siteserver": (siteserver.PORTALS, siteserver.SiteServerSite),
    "trees": (trees.PORTALS, trees.TreeSite),
    "trs": (trs.PORTALS, trs.TrsSite),
    "truecms": (truecms.PORTALS, truecms.TrueCmsSite),
    "ucap": (ucap.PORTALS, ucap.UcapSite),
}

__all__ = ["FAMILIES", "FamilyPortal", "FamilySite", "family_register", "family_sites", "register_of"]


def family_sites() -> dict[str, FamilySite]:
    """All portals of all families by the address on which they are served."""
    return {portal.host: site(portal) for portals, site in FAMILIES.values() for portal in portals}


def family_register(port: int) -> str:
    """The register of these portals as YAML, for portals that are served on `port`."""
    return register_of((portal for portals, _ in FAMILIES.values() for portal in portals), port)


def register_of(portals: Iterable[FamilyPortal], port: int, delay: float = 0.0) -> str:
    """The register of such portals as YAML; `delay` is the one that they ask for."""
    lines = ["portals:"]
    for portal in portals:
        lines += [
            f"- id: {portal.id}",
            f"  name: {portal.government}",
            f'  adcode: "{portal.adcode}"',
            f'  site_code: "{portal.site_code}"',
        ]
        lines += ["  level: county", f"  home: http://{portal.host}:{port}/", f"  delay: {delay}"]
    return "\n".join(lines) + "\n"
