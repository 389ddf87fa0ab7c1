"""The package in the shell: `python -m autograd check module:function --shapes "(m,n),(n,)"`."""

from __future__ import annotations

import sys

from autograd.checking import shell

USAGE = 'usage: python -m autograd check module:function --shapes "(m,n),(n,)"   (or check --help)'


def main() -> int:
    """Dispatch to the command that the first argument names; returns the exit status."""
    if len(sys.argv) < 2 or sys.argv[1] != "check":
        print(USAGE, file=sys.stderr)
        return 0 if sys.argv[1:] in (["-h"], ["--help"]) else 1
    return shell.main(sys.argv[2:])


if __name__ == "__main__":
    raise SystemExit(main())
