"""First stage: bytes to clean text. `stage.read_document` is the door; `document` holds what it makes."""
