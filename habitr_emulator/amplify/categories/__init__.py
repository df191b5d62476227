"""One file per Amplify category."""
