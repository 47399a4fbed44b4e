"""The `thalweg` command: run a program, show its graph, look after the cache."""

import argparse
import runpy
import sys
import time

from thalweg import __version__, _thalweg
from thalweg.errors import CompileError
from thalweg.program import Program


def run(options):
    """Runs a Python file as __main__; its decorated functions compile as they are called."""
    sys.argv = [options.file, *options.arguments]
    runpy.run_path(options.file, run_name="__main__")
    return 0


def _programs(path):
    found = runpy.run_path(path, run_name="__thalweg_show__")
    return {name: value for name, value in found.items() if isinstance(value, Program)}


def show(options):
    """Prints the graph of annotated programs: as the frontend made it and after each pass, or the C text."""
    programs = _programs(options.file)
    if options.function:
        programs = {name: program for name, program in programs.items() if name == options.function}
    if not programs:
        print(f"thalweg: no decorated function{' ' + options.function if options.function else ''} in {options.file}",
              file=sys.stderr)
        return 1
    for name, program in programs.items():
        build = program.compile()
        if options.c:
            print(build.c_text)
            continue
        for stage, text in build.stages:
            if options.stage and stage != options.stage:
                continue
            print(f"=== {name}: {'as the frontend made it' if stage == 'frontend' else 'after ' + stage}\n{text}")
    return 0


def cache(options):
    """Lists or empties the cache on disk."""
    folder = _thalweg.cache_folder()
    if not folder:
        print(f"no cache: {_thalweg.cache_reason() or 'switched off (THALWEG_CACHE=off)'}")
        return 0
    if options.action == "clear":
        print(f"{_thalweg.cache_clear()} files removed from {folder}")
        return 0
    entries = _thalweg.cache_list()
    for key, size, stored, damaged in entries:
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(stored))
        print(f"{key}  {size / 1024:8.1f} KiB  {when}{'  damaged' if damaged else ''}")
    print(f"{len(entries)} programs, {sum(entry[1] for entry in entries) / 1024:.1f} KiB in {folder}")
    return 0


def parser():
    top = argparse.ArgumentParser(prog="thalweg", description=__doc__)
    top.add_argument("--version", action="version", version=f"thalweg {__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    one = commands.add_parser("run", help=run.__doc__, description=run.__doc__)
    one.add_argument("file")
    one.add_argument("arguments", nargs=argparse.REMAINDER)
    one.set_defaults(action_function=run)

    one = commands.add_parser("show", help=show.__doc__, description=show.__doc__)
    one.add_argument("file", help="a Python file with annotated programs")
    one.add_argument("function", nargs="?", help="only this one")
    one.add_argument("--stage", help="only this stage: frontend, or the name of a pass")
    one.add_argument("--c", action="store_true", help="the emitted C instead of the graphs")
    one.set_defaults(action_function=show)

    one = commands.add_parser("cache", help=cache.__doc__, description=cache.__doc__)
    one.add_argument("action", nargs="?", choices=("list", "clear"), default="list")
    one.set_defaults(action_function=cache)
    return top


def main(arguments=None):
    options = parser().parse_args(arguments)
    try:
        return options.action_function(options)
    except (CompileError, FileNotFoundError) as error:
        print(f"thalweg: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
