"""`python -m ingest.cli`: the same as the console script `chartroom`."""

from ingest.cli.main import main

main()
