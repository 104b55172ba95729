"""No picture of the machine's memory: a deliberate SIGSEGV writes no core file, and no other process of the same user reads the memory."""

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

CANARY = "".join(("CANARY-", "OF-", "A-", "TRAVELLER"))  # in one piece only in the memory of the child that is told to make it
MAKES_IT = "import os, signal\ntold = ''.join(('CANARY-', 'OF-', 'A-', 'TRAVELLER'))\n"
HARDENED = "from kiosk.commands.hardened import harden\nharden()\n"
DIES = "os.kill(os.getpid(), signal.SIGSEGV)\n"
PROJECT = Path(__file__).parents[2]


def crashed(code: str, folder: Path, *python: str) -> tuple[int, str]:
    """Runs the code with cores allowed without limit; its wait status and what it said on standard error."""
    said = folder / "said"
    words = ["sh", "-c", 'ulimit -c unlimited 2>/dev/null; exec "$@"', "-", sys.executable, *python, "-c", code]
    with said.open("wb") as errors:
        child = subprocess.Popen(words, cwd=folder, stderr=errors, env={**os.environ, "PYTHONPATH": str(PROJECT)})
        _, status = os.waitpid(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    text = said.read_text(encoding="utf-8")
    said.unlink()
    return status, text


def test_a_crash_writes_no_core_file(tmp_path: Path) -> None:
    status, said = crashed(MAKES_IT + HARDENED + DIES, tmp_path)
    assert os.WTERMSIG(status) == signal.SIGSEGV and not os.WCOREDUMP(status)
    assert list(tmp_path.iterdir()) == [] and said == ""


def test_the_crash_would_have_written_one(tmp_path: Path) -> None:
    """The other half of the proof: the same death, not hardened, leaves the traveller in a file wherever the system writes cores beside us."""
    status, _ = crashed(MAKES_IT + DIES, tmp_path)
    writes_here = Path("/proc/sys/kernel/core_pattern").read_text().startswith("core") and resource.getrlimit(resource.RLIMIT_CORE)[1] != 0
    assert os.WTERMSIG(status) == signal.SIGSEGV
    cores = list(tmp_path.iterdir())
    assert bool(cores) == writes_here
    assert all(CANARY.encode() in core.read_bytes() for core in cores)


def test_what_is_started_later_writes_none_either(tmp_path: Path) -> None:
    """The limit is inherited, also by a program that does not harden itself; its child may not raise it again."""
    inner = f"import subprocess, sys\nsys.exit(subprocess.call([sys.executable, '-c', {MAKES_IT + DIES!r}]) != -11)\n"
    status, _ = crashed(HARDENED + inner, tmp_path)
    assert os.waitstatus_to_exitcode(status) == 0 and list(tmp_path.iterdir()) == []


def test_the_fault_handler_says_lines_and_no_values(tmp_path: Path) -> None:
    _, said = crashed(MAKES_IT + HARDENED + DIES, tmp_path, "-X", "faulthandler")
    assert "Segmentation fault" in said and "File" in said and CANARY not in said


# root may read everything: where the tests run as root, witness and child both become another user first (which clears the flag, so it is set again)
BECOMES_ANOTHER = """import ctypes, os, resource, sys, time
if not os.geteuid():
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
"""
READS = "try:\n    open(f'/proc/{sys.argv[1]}/mem', 'rb')\nexcept PermissionError:\n    sys.exit(13)\n"
SLEEPS = "print('here', flush=True)\ntime.sleep(60)\n"


def reader_of(code: str) -> int:
    """How another process of the same user fares with the memory of one that runs the code: 0 reads it, 13 may not."""
    python = [sys.executable, "-S", "-c"]
    child = subprocess.Popen([*python, BECOMES_ANOTHER + code + SLEEPS], stdout=subprocess.PIPE)
    try:
        assert child.stdout is not None and child.stdout.readline() == b"here\n"
        return subprocess.call([*python, BECOMES_ANOTHER + READS, str(child.pid)])
    finally:
        child.kill()
        child.communicate()


def test_another_process_of_the_same_user_cannot_read_the_memory() -> None:
    # the file's own text: the other user need not be able to read this project's folder
    hardening = (PROJECT / "kiosk" / "commands" / "hardened.py").read_text(encoding="utf-8")
    assert reader_of(hardening + "\nharden()\n") == 13
    assert reader_of("") == 0, "the witness itself may not read here: the test above says nothing"


def test_the_command_hardens_itself_before_it_reads_its_words(tmp_path: Path) -> None:
    """A wrong word ends the command at once; by then cores are off."""
    code = "import resource, ctypes\nfrom kiosk.cli import main\nmain(['no-such-command'])\n"
    code += "print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    ended = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert ended.stdout.strip().endswith("(0, 0) 0"), ended
