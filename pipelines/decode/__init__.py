"""First stage: bytes to clean text. `stage.decode` is the door; `document` holds what it makes."""
