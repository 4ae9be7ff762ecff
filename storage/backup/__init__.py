"""The home can be had back: backups encrypted to a key on paper, checks, restore, drills. What to do when: docs/backup.md."""
