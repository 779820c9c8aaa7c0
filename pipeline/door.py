"""The console script: loads the command line, so that Ctrl-C is quiet while that still takes a moment too."""

import sys

STOPPED = 130
"""Exit status after Ctrl-C."""


def main() -> int:
    """Returns the exit status, see `pipeline.cli.main`."""
    try:
        from pipeline.cli import main as run
    except KeyboardInterrupt:
        print("glossa: stopped; nothing was written.", file=sys.stderr)
        return STOPPED
    return run()
