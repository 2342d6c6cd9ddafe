"""`python -m sluis` is the command `sluis`."""

from sluis.cli import main

main()
