"""`python -m gradgraph`."""

from gradgraph.cli import main

main()
