"""The work: hot folders, the pipeline, settings and the command line."""
