"""`make soak`: what takes minutes and so is no test of every day."""
