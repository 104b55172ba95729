#!/usr/bin/env bash
# Installs what the machine needs, and nothing twice: system packages, .venv, locked wheels, face models, test faces,
# spoken prompts.
# Usage: packaging/setup.sh   (make run and make test begin with it)
# Ends with 1 and a list of what is missing where it has neither root nor sudo.
set -euo pipefail
cd "$(dirname "$0")/.."

# What Qt's wheels, OpenCV and the papers need of the system (libpulse0: the alarm's sound; espeak-ng with its data and alsa-utils: the
# voice); the fonts are read by screen, card and PDF.
packages=(python3-venv fonts-noto-cjk fonts-droid-fallback fontconfig libegl1 libgl1 libopengl0 libxkbcommon0
  libxkbcommon-x11-0 libdbus-1-3 libfontconfig1 libfreetype6 libglib2.0-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0
  libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-xfixes0 libxcb-xinerama0
  libxcb-xkb1 libxcb-xinput0 libx11-xcb1 libsm6 libice6 libpulse0 espeak-ng espeak-ng-data alsa-utils)

say() { printf '\n== %s\n' "$*" >&2; }

have() {  # Ubuntu's 64-bit-time names end in t64; dpkg-query fails where one of the two is unknown, which one always is
  { dpkg-query -W -f '${Status}\n' "$1" "$1t64" 2>/dev/null || true; } | grep 'install ok installed' >/dev/null
}

missing=()
if command -v dpkg-query >/dev/null; then
  for package in "${packages[@]}"; do have "$package" || missing+=("$package"); done
else
  say "Not a Debian or Ubuntu system: the system packages are not checked."
fi
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ]; then as_root=(); elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then as_root=(sudo); else
    printf 'These system packages are missing, and this user is neither root nor has sudo:\n  %s\n' "${missing[*]}" >&2
    exit 1
  fi
  say "System packages: ${missing[*]}"
  "${as_root[@]}" apt-get update -q >&2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >&2
fi

python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $python is $("$python" -V 2>&1)." >&2; exit 1; }

stamp=.venv/installed.sha256
wanted=$(cat requirements.lock pyproject.toml | sha256sum; "$python" -V)
if [ ! -x .venv/bin/kiosk ] || [ "$(cat $stamp 2>/dev/null)" != "$wanted" ]; then
  say "Python packages, by hash"
  "$python" -m venv .venv
  .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary=:all: -r requirements.lock >&2
  .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . >&2
  printf '%s\n' "$wanted" > $stamp
fi

# every command begins sooner, also where Python is told to write nothing
.venv/bin/python -m compileall -q kiosk drivers ui

.venv/bin/python packaging/models.py

# what pages say first, as sound; what is there and fits is kept
.venv/bin/python -m kiosk.commands.prompts
