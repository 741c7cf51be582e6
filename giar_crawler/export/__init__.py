"""What is stored, as files."""
