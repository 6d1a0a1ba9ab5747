"""The command line `python -m generator COMMAND`; each command is the module of the same name."""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
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
    """Run one command. Exit codes: 0 fine, 1 the tree is not in order, 2 it cannot be carried out, 130 interrupted."""
    arguments = sys.argv[1:] if argv is None else argv
    try:
        options = _parser(arguments).parse_args(arguments)
        return int(importlib.import_module(f"generator.{options.command}").run(options))
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return refusal.exit_code
    except BrokenPipeError:  # whoever read our output, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:  # a full disk, a folder that may not be written
        print(_place(error), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130


def _parser(arguments: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m generator", description=__doc__)
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, summary in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=summary, description=summary.capitalize() + ".")
        if name in arguments[:1]:  # only the chosen command is imported: `check` must answer in a blink
            importlib.import_module(f"generator.{name}").add_arguments(subparser)
    return parser


def _place(error: OSError) -> str:
    """What cannot be done where; a copy of many files tells of each, and the first is enough."""
    if isinstance(error, shutil.Error) and error.args and isinstance(error.args[0], list):
        source, target, why = error.args[0][0]
        return f"{target} cannot be copied from {source}: {why}"
    return f"{error.filename or 'a file'}: {error.strerror or error}"


if __name__ == "__main__":
    sys.exit(main())
