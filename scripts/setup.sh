#!/bin/bash
# Make .venv with everything that core, command line and tests need; used by the Makefile.
set -euo pipefail
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python3}
PACKAGES="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core fonts-liberation"

"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 10))' || {
	echo "SEROJA needs Python 3.10 or newer; $("$PYTHON" --version) was found." >&2
	exit 1
}

install_packages() {
	if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null
	else
		echo "A system library is missing. Run this once, then repeat the command:" >&2
		echo "  sudo apt-get install -y $*" >&2
		exit 1
	fi
}

"$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || install_packages python3-venv
ldconfig -p | grep libpangoft2-1.0 >/dev/null || install_packages $PACKAGES

[ -x .venv/bin/python ] || "$PYTHON" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check --upgrade pip
.venv/bin/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
touch .venv/ready
