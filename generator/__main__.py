"""The command line `python -m generator COMMAND`; each command is the module of the same name."""

from __future__ import annotations

import argparse
import importlib
import os
import sys

from generator.problems import Refused

COMMANDS = {
    "lint": "hold the contract against the page's tables and examples",
    "generate": "write generated_client/ from the contract",
    "check": "tell whether generated_client/ is what the contract generates",
    "diff": "rate what changed in the contract since a git revision",
    "review": "tell what a change of the contract means, as a comment for its pull request",
    "publish": "write published/: the contract, its docs and packages for other languages",
}


def main(argv: list[str] | None = None) -> int:
    """Run one command. Exit codes: 0 fine, 1 the tree is not in order, 2 the command could not be carried out."""
    parser = argparse.ArgumentParser(prog="python -m generator", description=__doc__)
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    arguments = sys.argv[1:] if argv is None else argv
    for name, summary in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=summary, description=summary.capitalize() + ".")
        if name in arguments[:1]:  # only the chosen command is imported: `check` must answer in a blink
            importlib.import_module(f"generator.{name}").add_arguments(subparser)
    options = parser.parse_args(arguments)
    try:
        return int(importlib.import_module(f"generator.{options.command}").run(options))
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return refusal.exit_code
    except BrokenPipeError:  # whoever read our output, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
