#!/bin/sh
# qmllint over every QML file, at zero warnings. The types that QML gets from Python are described first, from the Python source itself.
# Usage: packaging/qml_lint.sh [directory of the PySide6 tools]
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
tools=${1:-$root/.venv/bin}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# describe MODULE FILE...: the type information of one module.
describe() {
    module=$work/$(echo "$1" | tr . /)
    mkdir -p "$module"
    name=$1
    shift
    "$tools/pyside6-metaobjectdump" --quiet --out-file "$work/types.json" "$@"
    # The registrar warns that Qt's own base classes are not in the list; that is meant.
    "$tools/pyside6-qmltyperegistrar" --generate-qmltypes "$module/python.qmltypes" \
        --import-name "$name" --major-version 1 --minor-version 0 -o "$work/unused.cpp" "$work/types.json" 2>"$work/registrar.log" || {
        cat "$work/registrar.log" >&2
        exit 1
    }
    # It calls QString and its like opaque, which would hide what qmllint knows of them; and Python's float is a double.
    sed -i -e '/isTypeOpaque: true/d' -e 's/type: "float"/type: "double"/' "$module/python.qmltypes"
    printf 'module %s\ntypeinfo python.qmltypes\nimport QtQuick\n' "$name" >"$module/qmldir"
}

bridge=$root/ui/bridge
describe Kiosk.Bridge "$bridge/rows.py" "$bridge/attention.py" "$bridge/camera.py" "$bridge/theme.py" "$bridge/panel.py" "$bridge/bodies.py" \
    "$bridge/choosing.py" "$bridge/confirming.py" "$bridge/writing.py" "$bridge/sheets.py" \
    "$bridge/page.py"
describe Kiosk.Probe "$root/tests/ui/qml/probe.py"

find "$root/ui/qml" "$root/tests/ui/qml" -name '*.qml' | sort | xargs "$tools/pyside6-qmllint" -W 0 -I "$work" -I "$root/ui/qml"
