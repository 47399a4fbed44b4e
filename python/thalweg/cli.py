"""The `thalweg` command: run a program, show its graph, explain it, look after the cache."""

import argparse
import json
import os
import runpy
import sys
import time
from pathlib import Path

from thalweg import __version__, _thalweg
from thalweg.errors import CompileError
from thalweg.program import Program

ENVIRONMENT = """environment:
  THALWEG=off              decorated functions run as plain Python
  THALWEG_CACHE=DIR|off    where compiled programs are kept (default: ~/.cache/thalweg)
  THALWEG_LOG=compile      one line for every build: why, phases, milliseconds
  THALWEG_VERIFY=1         hold every transformation against the interpreter while compiling; slow
  THALWEG_NUM_THREADS=N    threads of parallel loops (default: OMP_NUM_THREADS, else all processors)
"""


class Refused(Exception):
    """What the command cannot do, in one line."""


def _existing(path):
    if not os.path.isfile(path):
        raise Refused(f"there is no file {path}")
    return path


def run(options):
    """Runs a Python file as __main__; its decorated functions compile as they are called."""
    _existing(options.file)
    sys.argv = [options.file, *options.arguments]
    sys.path[0] = os.path.dirname(os.path.abspath(options.file))
    runpy.run_path(options.file, run_name="__main__")
    return 0


def _programs(path):
    if os.environ.get("THALWEG") == "off":
        raise Refused("nothing is compiled under THALWEG=off")
    sys.path[0] = os.path.dirname(os.path.abspath(_existing(path)))
    found = runpy.run_path(path, run_name="__thalweg_show__")
    return {name: value for name, value in found.items() if isinstance(value, Program)}


def _chosen(options):
    """The decorated functions of a file that the command line means, by name."""
    programs = _programs(options.file)
    if options.function:
        programs = {name: program for name, program in programs.items() if name == options.function}
    if not programs:
        raise Refused(f"no decorated function{' ' + options.function if options.function else ''} in {options.file}")
    return programs


def show(options):
    """Prints the graph of annotated programs: as the frontend made it and after each pass, or the C text."""
    programs = _chosen(options)
    failed = 0
    for name, program in programs.items():
        try:
            build = program.compile()
        except (CompileError, TypeError) as error:  # the others are still shown
            print(f"thalweg: {error}", file=sys.stderr)
            failed = 1
            continue
        if options.c:
            print(build.c_text)
        else:
            _show_stages(name, build.stages, options.stage)
    return failed


def export(options):
    """Writes annotated programs as C++ with OpenMP, and the one header that they need."""
    programs = _chosen(options)
    folder = Path(options.output)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "thalweg_export.h").write_text(_thalweg.export_header())
    failed = 0
    for name, program in programs.items():
        try:
            (folder / f"{name}.cpp").write_text(program.compile().cpp_text)
            print(f"{folder / name}.cpp")
        except (CompileError, TypeError) as error:  # the others are still written
            print(f"thalweg: {error}", file=sys.stderr)
            failed = 1
    return failed


def opt(options):
    """Applies named transformations to the graphs of annotated programs, as the frontend made them, and prints them."""
    passes = _thalweg.parse_transformations(options.passes)
    failed = 0
    for name, program in _chosen(options).items():
        try:
            graph = program.to_sdfg()
            print(f"=== {name}")
            for one in passes:
                _opt_one(graph, one, options)
            if not options.quiet:
                print(graph.text)
        except (CompileError, TypeError) as error:  # the others are still transformed
            print(f"thalweg: {error}", file=sys.stderr)
            failed = 1
    return failed


def _opt_one(graph, one, options):
    apply = graph.apply_transformations if options.once else graph.apply_transformations_repeated
    reasons = graph.explain_transformation(one) if options.why else []
    count = apply(one)
    print(f"{one}: {count} application{'' if count == 1 else 's'}")
    for place in reasons:
        print(f"  {place['place']}: {place['reason'] or 'applies'}{_lines(place['lines'])}")


def _lines(lines):
    return "".join(f" [{os.path.basename(file)}:{line}]" for file, line in lines[:1] if file)


def _show_stages(name, stages, wanted):
    if wanted and wanted not in [stage for stage, _ in stages]:
        raise Refused(f"no stage {wanted}; there are {', '.join(stage for stage, _ in stages)}")
    for stage, text in stages:
        if stage == (wanted or stage):
            print(f"=== {name}: {'as the frontend made it' if stage == 'frontend' else 'after ' + stage}\n{text}")


def _compiled(programs):
    """Explanations of programs: of what their own calls compiled, else of their annotations. Errors are printed."""
    for name, program in programs.items():
        try:
            if not program.builds:
                program.compile()
            yield name, program.explain()
        except (CompileError, TypeError) as error:  # the others are still shown
            print(f"thalweg: {error}", file=sys.stderr)
            yield name, None


def explain(options):
    """Says for every loop nest whether it runs in parallel and why, with guards and builds."""
    programs = _chosen(options)
    done = list(_compiled(programs))
    found = [explanation for _, explanation in done if explanation is not None]
    if options.json:
        data = [explanation.data for explanation in found]
        print(json.dumps(data[0] if len(data) == 1 else data, indent=2))
    else:
        print("\n".join(explanation.text() for explanation in found), end="")
    return int(len(found) < len(done))


def replay(options):
    """Runs a cut-out that verify mode saved: exit status 1 while the difference is there."""
    with open(_existing(options.file), encoding="utf-8") as file:
        text = file.read()
    head = [line for line in text.split("\ngraph\n")[0].splitlines()[1:] if not line.startswith("block ")]
    print("\n".join(head))
    guilty = _thalweg.replay(text)
    if guilty is None:
        print("now: no difference")
        return 0
    place, file, line, what = guilty
    print(f"now: {place}{f' ({file}:{line})' if line else ''}: {what}")
    return 1


def cache(options):
    """Lists or empties the cache on disk."""
    folder = _thalweg.cache_folder()
    if not folder:
        print(f"no cache: {_thalweg.cache_reason() or 'switched off (THALWEG_CACHE=off)'}")
        return 0
    def count(number, what):
        return f"{number} {what}{'' if number == 1 else 's'}"

    if options.action == "clear":
        print(f"{count(_thalweg.cache_clear(), 'file')} removed from {folder}")
        return 0
    entries = _thalweg.cache_list()
    for key, size, stored, damaged in entries:
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(stored))
        print(f"{key}  {size / 1024:8.1f} KiB  {when}{'  damaged' if damaged else ''}")
    print(f"{count(len(entries), 'program')}, {sum(entry[1] for entry in entries) / 1024:.1f} KiB in {folder}")
    return 0


def parser():
    top = argparse.ArgumentParser(prog="thalweg", description=__doc__, epilog=ENVIRONMENT,
                                  formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("--version", action="version", version=f"thalweg {__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    one = commands.add_parser("run", help=run.__doc__, description=run.__doc__)
    one.add_argument("file", help="a Python file")
    one.add_argument("arguments", nargs=argparse.REMAINDER, help="what the program finds in sys.argv[1:]")
    one.set_defaults(action_function=run)

    one = commands.add_parser("show", help=show.__doc__, description=show.__doc__)
    one.add_argument("file", help="a Python file with annotated programs")
    one.add_argument("function", nargs="?", help="only this one")
    one.add_argument("--stage", help="only this stage: frontend, or the name of a pass")
    one.add_argument("--c", action="store_true", help="the emitted C instead of the graphs")
    one.set_defaults(action_function=show)

    one = commands.add_parser("export", help=export.__doc__, description=export.__doc__)
    one.add_argument("file", help="a Python file with annotated programs")
    one.add_argument("function", nargs="?", help="only this one")
    one.add_argument("-o", "--output", default=".", help="the folder to write to (default: this one)")
    one.set_defaults(action_function=export)

    one = commands.add_parser("opt", help=opt.__doc__, description=opt.__doc__)
    one.add_argument("file", help="a Python file with annotated programs")
    one.add_argument("function", nargs="?", help="only this one")
    one.add_argument("--passes", required=True, metavar="A,B",
                     help="transformations in order, with options as in 'MapCollapse, MapTiling(tile_sizes=[32, 8])'")
    one.add_argument("--once", action="store_true", help="each at the first place only, not everywhere")
    one.add_argument("--why", action="store_true", help="every place that each looks at, and why it does not apply")
    one.add_argument("--quiet", action="store_true", help="without the graphs")
    one.set_defaults(action_function=opt)

    one = commands.add_parser("explain", help=explain.__doc__, description=explain.__doc__)
    one.add_argument("file", help="a Python file with annotated programs, or one that calls them when it is imported")
    one.add_argument("function", nargs="?", help="only this one")
    one.add_argument("--json", action="store_true", help="as JSON: one object, or a list of them for several programs")
    one.set_defaults(action_function=explain)

    one = commands.add_parser("replay", help=replay.__doc__, description=replay.__doc__)
    one.add_argument("file", help="a .cutout file")
    one.set_defaults(action_function=replay)

    one = commands.add_parser("cache", help=cache.__doc__, description=cache.__doc__)
    one.add_argument("action", nargs="?", choices=("list", "clear"), default="list",
                     help="list: one line a program, with size and time (default); clear: remove them all")
    one.set_defaults(action_function=cache)
    return top


def main(arguments=None):
    options = parser().parse_args(arguments)
    try:
        return options.action_function(options)
    except (CompileError, Refused) as error:
        print(f"thalweg: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
