"""habitr-emulator: an AWS Amplify backend in one process, offline."""

__version__ = "0.1.0"
