"""The main job, through the command line; below it, by room, what reads whole pages, starts processes, trains or searches sequences."""
