"""`make bench`: the reading beside a floor and beside peers, over the same bytes in one run."""
