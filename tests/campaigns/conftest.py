"""The figures of the campaigns, printed where pytest captures nothing any more."""

import pytest

from campaigns import proof


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in proof.told:
        terminalreporter.write_line(line)
