"""Coverage: which report of which year each portal has, and why one is missing."""
