#!/usr/bin/env bash
# Makes .peers/dlib and .peers/mediapipe, each an environment of its own, by hash: what `kiosk bench face` measures itself against. Nothing is done twice.
# Usage: packaging/peers.sh   (make bench calls it)
set -euo pipefail
cd "$(dirname "$0")/.."

python=${PYTHON:-python3}
for peer in dlib mediapipe; do
  lock=packaging/peers-$peer.lock
  home=.peers/$peer
  wanted=$(sha256sum < "$lock"; "$python" -V)
  [ -x "$home/bin/python" ] && [ "$(cat "$home/installed.sha256" 2>/dev/null)" = "$wanted" ] && continue
  printf '\n== %s\n' "$home" >&2
  rm -rf "$home"
  "$python" -m venv "$home"
  "$home/bin/python" -m pip install -q --disable-pip-version-check --no-deps --require-hashes --only-binary=:all: -r "$lock" >&2
  printf '%s\n' "$wanted" > "$home/installed.sha256"
done
