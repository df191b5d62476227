# Sourced: a virtual environment in .venv with the emulator (and the extras named in $EXTRAS), made anew when
# pyproject.toml changed.
extras=${EXTRAS:-speed}
stamp=".venv/.installed-${extras//,/-}"
if [ ! -x .venv/bin/python ]; then
  for candidate in python3 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$candidate; break; fi
  done
  [ -n "${python:-}" ] || { echo "habitr-emulator needs Python 3.11 or newer" >&2; exit 1; }
  "$python" -m venv .venv
fi
if [ ! -e "$stamp" ] || [ pyproject.toml -nt "$stamp" ]; then
  echo "Installing into .venv (once; a minute or so) ..." >&2
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --editable ".[$extras]"
  .venv/bin/python -m compileall -q habitr_emulator  # where nothing may be written later, a start would take twice as long
  touch "$stamp"
fi
