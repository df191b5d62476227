"""python -m habitr_emulator."""

from habitr_emulator.cli import main

main()
