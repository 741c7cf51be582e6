"""The register: which portals there are, and what the walk has to know of each."""

from __future__ import annotations

from giar_crawler.register.faults import Fault, RegisterError
from giar_crawler.register.load import Register, load_register
from giar_crawler.register.portal import ContextFields, Portal, host_key, is_loopback, machine_of

__all__ = ["ContextFields", "Fault", "Portal", "Register", "RegisterError", "host_key", "is_loopback", "load_register", "machine_of"]
