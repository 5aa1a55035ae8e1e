"""What `pulumi up` runs."""

from bough.program import main

main()
