"""`python -m laelia` is the `laelia` command."""

from laelia.cli import main

main()
