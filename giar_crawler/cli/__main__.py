"""`python -m giar_crawler.cli`: the same as `giar`."""

from giar_crawler.cli import main

main()
