# Sourced: a virtual environment in .venv with the emulator (and the extras named in $EXTRAS), made anew when
# pyproject.toml changed.
python=$(command -v python3.13 || command -v python3.12 || command -v python3.11 || command -v python3)
extras=${EXTRAS:-speed}
stamp=".venv/.installed-${extras//,/-}"
if [ ! -x .venv/bin/python ]; then
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "habitr-emulator needs Python 3.11 or newer" >&2; exit 1; }
  "$python" -m venv .venv
fi
if [ ! -e "$stamp" ] || [ pyproject.toml -nt "$stamp" ]; then
  echo "Installing (once) ..."
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --editable ".[$extras]"
  touch "$stamp"
fi
