"""Accuracy, measured by hand: a random sample of cells for blind coding, and error rates from the filled sheet."""
