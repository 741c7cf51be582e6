"""Local portals with made-up pages, served over real HTTP on loopback: `python -m demo` walks them, the tests walk them too."""
