"""The main job, through the command line."""
