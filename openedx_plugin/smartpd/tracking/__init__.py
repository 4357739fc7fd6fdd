"""What leaves the platform about our blocks: their events as xAPI statements, where the site makes those."""
