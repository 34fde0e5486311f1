"""Files: lock, journal, CSV, fsync, Git."""
