#!/bin/sh
# Sets up .venv from a lock file, with uv where it is installed and with venv and pip where it is not.
# Called by make, from the top folder: sh scripts/environment.sh requirements/lab.txt
# PYTHON=python3.12 chooses the Python that a new .venv is made from.
set -eu

lock=$1
python=.venv/bin/python
recent='import sys; sys.exit(sys.version_info < (3, 11))'

runs() { "$@" >/dev/null 2>&1; }

if runs uv --version; then
  runs "$python" -c "$recent" || { rm -rf .venv; uv venv --quiet --python "${PYTHON:->=3.11}" .venv; }
  tool=uv
  install="uv pip install --quiet --compile-bytecode --python $python"  # as pip does: once, and not at each start
else
  if ! runs "$python" -c "$recent" || ! runs "$python" -m pip --version; then
    for found in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
      runs "$found" -c "$recent" && break
      found=
    done
    if [ -z "$found" ]; then
      echo "No Python 3.11 or newer was found${PYTHON:+ under the name $PYTHON}. Install one, or uv." >&2
      exit 1
    fi
    rm -rf .venv
    if ! "$found" -m venv .venv; then
      rm -rf .venv
      echo "$found can't make a virtual environment. On Debian and Ubuntu: apt install python3-venv." >&2
      exit 1
    fi
  fi
  tool=pip
  install="$python -m pip install --quiet --disable-pip-version-check"
fi

echo "Setting up .venv from $lock with $tool; the first time up to 250 MB are fetched"
# Wheels only: nothing is compiled, and no package's build script runs.
$install --require-hashes --no-deps --only-binary :all: -r "$lock"
# factdesk itself, from this folder; what builds it came with the lock, so nothing more is fetched.
$install --no-index --no-deps --no-build-isolation --editable .
