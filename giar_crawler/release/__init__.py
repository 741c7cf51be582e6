"""Releases: what is stored, frozen under a name that can be cited, and what changed from one to the other and why."""
