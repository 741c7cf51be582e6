"""Last stage of the reading: is it a report, is it the original, do its sums add up, and what became of the page."""
