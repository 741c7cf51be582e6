"""Walks of many portals in one process: which run side by side, what they will cost, how they went."""
