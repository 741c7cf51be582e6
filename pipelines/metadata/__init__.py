"""Second stage: what the page says of the report as a whole. `stage.read_metadata` is the door."""
