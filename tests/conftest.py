"""At the end of a run: how much the tests measured."""

from _pytest.terminal import TerminalReporter

from tests.counts import lines


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    reports = [report for each in terminalreporter.stats.values() for report in each if getattr(report, "when", None) == "call"]
    counted = list(lines(pair for report in reports for pair in report.user_properties))
    if counted:
        terminalreporter.section("measured")
        for line in counted:
            terminalreporter.write_line(line)
