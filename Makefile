# The two commands of the README, and what they are made of.
.PHONY: setup run test acceptance crash-matrix liveness-matrix monkey lint screens peers bench manual

PY := .venv/bin/python

setup:
	@packaging/setup.sh

# With a display: a window and the hall's page of buttons. Without: a scripted traveller, everything kept in out/demo.
run: setup
	@if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then .venv/bin/kiosk run --windowed; \
	else .venv/bin/kiosk run --persona ordinary --out out/demo; fi

lint:
	.venv/bin/ruff check kiosk drivers ui tests packaging
	.venv/bin/ruff format --check kiosk drivers ui tests packaging
	.venv/bin/mypy
	.venv/bin/lint-imports
	packaging/qml_lint.sh

# More workers than processors: much of a journey is waiting. They share them already: a network that spreads over all of them only costs more.
test: export OPENCV_FOR_THREADS_NUM = 1
test: setup lint
	$(PY) -m pytest -n 4 --dist worksteal -q -m "not long"

# The journeys that `make test` leaves out, every persona with every option the rules offer or refuse, and every fault by itself: about half an hour.
acceptance: setup
	$(PY) -m pytest -n 2 --dist worksteal -q -m long tests
	$(PY) -m pytest -n 2 --dist worksteal -q tests/e2e/matrix.py

# The machine cut off at every boundary of its journal, in every journey, with every fault: first in one process, then killed by SIGKILL beside a hall.
crash-matrix: setup
	mkdir -p out
	$(PY) -m tests.crash.matrix --report out/crash-matrix.json
	$(PY) -m tests.crash.real --report out/crash-matrix-real.json

# Six hundred simulated people, and as many of each attack: whole sessions of up to six attempts: about three hours on two cores, or in parts: `--first`, and `--rows FILE` to go on after a cut.
liveness-matrix: setup
	mkdir -p out
	$(PY) -m tests.liveness.matrix --report out/liveness-matrix.json

# Random hands on the glass, the keys and every device of the whole machine, whose books must be true afterwards: forty seeds, about two hours. One of
# them again: python -m tests.monkey --seed N --events 400
monkey: setup
	OPENCV_FOR_THREADS_NUM=1 QT_QPA_PLATFORM=offscreen $(PY) -m tests.monkey --seed 1 --runs 40 --events 400

screens: setup
	.venv/bin/kiosk screens --out out/screens

# What the face is measured against.
peers:
	@packaging/peers.sh

bench: setup peers
	.venv/bin/kiosk bench

# The pages of assets/manual/ that are drawn from the program's tables; a test says when they fell behind.
manual: setup
	$(PY) -m kiosk.commands.manual
