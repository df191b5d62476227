"""The whole state of an emulator as one thing: reset, snapshots, export and import, and how it begins."""
