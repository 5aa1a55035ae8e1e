"""`python -m bough`, which is how git's hooks call it."""

from bough.cli import main

main()
