"""Makes docs/numpy.md: every public name of NumPy in the families that are compiled, and what becomes of it.

Needs the built package: `./dev python tools/numpy_page.py [--write]`. Without --write it says whether the page is up to
date. The compiler's own table and the definitions say what is compiled; the lists here say how near the results are.
"""

import sys
from pathlib import Path

import numpy as np

from thalweg import _thalweg
from thalweg.definitions.index import FAMILY_OF

PAGE = Path(__file__).resolve().parent.parent / "docs" / "numpy.md"

# Functions of the vector math library: within 4 ulp. Everything built from sums: within the bound that the head states.
WITHIN_ULPS = set("""arccos acos arccosh acosh arcsin asin arcsinh asinh arctan atan arctan2 atan2 arctanh atanh cbrt cos
    cosh exp exp2 expm1 hypot log log10 log1p log2 logaddexp logaddexp2 power pow float_power sin sinh tan tanh sinc
    angle""".split())
SUMS = set("""sum mean std var average nansum nanmean nanvar nanstd dot vdot inner matmul vecdot matvec vecmat tensordot
    kron einsum trapezoid cov corrcoef convolve correlate trace gradient polyval prod nanprod cumsum cumprod nancumsum
    nancumprod interp histogram bincount linspace cumulative_sum cumulative_prod poly polymul polydiv polyfit histogram2d
    histogramdd nanquantile nanpercentile quantile percentile""".split())
# Some steps of the vector math library one after another.
COMPOSED = set("blackman hamming hanning kaiser i0 logspace geomspace".split())
# Which of two zeros with different signs comes out follows in NumPy from the length and the layout of the arrays.
ZEROS = {"numpy.clip", "numpy.fmax", "numpy.fmin"}
# Eigenvectors and singular vectors are unique up to this only.
UP_TO_SIGN = {"numpy.linalg.eigh", "numpy.linalg.svd"}
# What NumPy says to leave open, and how it is here.
MODULUS = "exact; of complex numbers 4 ulp, as NumPy's formula follows from the processor"
OPEN = {"numpy.abs": MODULUS, "numpy.absolute": MODULUS,
        "numpy.argsort": "exact; equal elements stay in order, where NumPy leaves it open"}
EXACT = {"numpy.linalg.diagonal", "numpy.linalg.matrix_transpose", "numpy.fft.fftfreq", "numpy.fft.rfftfreq",
         "numpy.fft.fftshift", "numpy.fft.ifftshift"}
METHODS_OF_UFUNCS = """`where=` goes with `out=`. Methods, of every ufunc of two operands and one result: `reduce` (axis, dtype, out, keepdims,
initial, where), `accumulate` and `reduceat` (axis, dtype, out), `outer` (those of the ufunc, also of `divmod`), and `at`, also of
those of one operand. Each step is as near as the ufunc; `add` and `multiply`: *bound*. Refused: an `out` of another dtype than
the result's, what would drop imaginary parts, `ldexp` (but for `outer` and `at`), and where NumPy's result follows from the layout
or the machine: `reduce` and `reduceat` of floats by `power`, `arctan2`. Of float16, `add`, `subtract`, `multiply` and `divide`
compute in float32 and round once (*bound*), where NumPy rounds at the end of each of its loops, which follow from the layout.""".split("\n")
# What is no function of arrays, or no part of the families that this page is about.
LEFT_OUT = set("""array2string array_repr array_str base_repr binary_repr busday_count busday_offset is_busday datetime_as_string
    datetime_data format_float_positional format_float_scientific format_parser from_dlpack frombuffer fromfile fromiter
    frompyfunc fromregex fromstring genfromtxt get_include get_printoptions getbufsize geterr geterrcall info load loadtxt
    memmap nditer nested_iters printoptions put_along_axis save savetxt savez savez_compressed set_printoptions setbufsize
    seterr seterrcall show_config show_runtime test typename isdtype can_cast promote_types min_scalar_type
    mintypecode issubdtype iterable may_share_memory shares_memory asarray_chkfinite bmat require errstate
    finfo iinfo dtype broadcast flatiter ndenumerate ndindex poly1d matrix recarray record rec char chararray core ctypeslib
    exceptions emath lib ma polynomial strings testing typing vectorize""".split())


def canonical(path):
    """The path under which the compiler knows what a public path names: np.abs is numpy.absolute."""
    holder, name = path.rsplit(".", 1)
    if holder.startswith("numpy.random"):
        return path
    module = np if holder == "numpy" else getattr(np, holder.split(".")[1])
    own = getattr(getattr(module, name), "__name__", name)
    return f"{holder}.{own}" if getattr(module, own, None) is getattr(module, name) else path


def state_of(path):
    """(word, how) of a public path."""
    path = canonical(path)
    name = path.rsplit(".", 1)[1]
    if path in FAMILY_OF:
        options = "(" + SIGNATURES[path].replace("?", "=") + "), " if path in SIGNATURES else ""
        return "compiled", options + "in Python: definitions/" + FAMILY_OF[path] + ".py"
    if path in SIGNATURES:
        return "compiled", "(" + SIGNATURES[path].replace("?", "=") + ")"
    return ("compiled", "its value") if name in ("pi", "e", "inf", "nan", "newaxis") else ("refused", "")


def bound_of(path):
    name = canonical(path).rsplit(".", 1)[1]
    if path in EXACT or path.startswith("numpy.random."):
        return "exact"
    if canonical(path) in ZEROS:
        return "exact, but for a zero's sign"
    if path in OPEN:
        return OPEN[path]
    if path in UP_TO_SIGN:
        return "bound, vectors up to sign or phase"
    if path.startswith("numpy.linalg."):
        return "bound"
    if path.startswith("numpy.fft."):
        return "norm"
    if name in COMPOSED:
        return "composed"
    return "4 ulp" if name in WITHIN_ULPS else "bound" if name in SUMS else "exact"


SIGNATURES = dict(_thalweg.known_functions())


def public(module, prefix):
    """Paths of the public functions of a module, without the classes and modules in it."""
    names = getattr(module, "__all__", dir(module))
    for name in sorted(set(names)):
        thing = getattr(module, name, None)
        if name.startswith("_") or name in LEFT_OUT or not callable(thing) or isinstance(thing, type):
            continue
        yield prefix + name


def families():
    everything = list(public(np, "numpy."))
    ufuncs = [path for path in everything if isinstance(getattr(np, path[6:]), np.ufunc)]
    yield "Universal functions", ufuncs
    yield "Functions of arrays", [path for path in everything if path not in ufuncs]
    yield "numpy.linalg", list(public(np.linalg, "numpy.linalg."))
    yield "numpy.fft", list(public(np.fft, "numpy.fft."))
    generator = np.random.Generator
    methods = [name for name in sorted(dir(generator)) if name[0] != "_" and callable(getattr(generator, name))]
    yield "numpy.random", ["numpy.random." + name for name in ("default_rng", "PCG64", "Generator")] + [
        "numpy.random.Generator." + name for name in methods]


def page():
    lines = ["# NumPy's functions, one by one", "",
             "Made by `./dev python tools/numpy_page.py --write` from the compiler's own table, with",
             f"NumPy {np.__version__}; a test holds it against that.", "",
             "*compiled*: the function runs in compiled code with NumPy's results, for the arguments that the table or the",
             "definition names; other arguments are refused with a located error. *exact*: to the last bit. *4 ulp*: of the",
             "vector math library. *bound*: what is made of sums of n terms, within 2 (n + 16) eps of the sum of absolute terms",
             "(linear algebra: of the condition of the problem as well); sums of float16 are in float32, as NumPy's along lines,",
             "and where NumPy rounds each step, over other axes, it may overflow on the way where these do not.",
             "*norm*: within 8 eps log2(n) of the 2-norm of a line of n.",
             "*composed*: some steps of the vector math library one after another, within 256 eps of the largest result.",
             "*exact, but for a zero's sign*: where zeros with different signs meet in arrays, NumPy's choice follows from their",
             "length and layout (clip by scalars is exact). Random numbers are exact as long as NumPy calls the libm of this",
             "system, as its Linux wheels do; NumPy's older functions with a generator that all share (`np.random.rand`,",
             "`np.random.seed`) are refused. *refused*: CPython runs it, announced; with `strict=True` a located error",
             "([user-guide.md](user-guide.md)).", ""]
    summary, tables = [], []
    for title, paths in families():
        done = sum(state_of(path)[0] == "compiled" for path in paths)
        summary.append(f"| {title} | {len(paths)} | {done} | {100 * done / len(paths):.0f} % |")
        tables += ["", f"## {title}", "", "| name | state | results | arguments |", "|---|---|---|---|"]
        for path in paths:
            word, how = state_of(path)
            tables.append(f"| `{path}` | {word} | {bound_of(path) if word == 'compiled' else ''} | {how.replace('|', '')} |")
        if title == "Universal functions":
            tables += ["", *METHODS_OF_UFUNCS]
        if title == "numpy.fft":
            methods = [path for path in sorted(SIGNATURES) if path.startswith("numpy.ndarray.")]
            tables += ["", "## Methods of arrays", "",
                       "Those whose function is compiled (`a.sum`, `a.reshape`, `a.clip` ...), and: " +
                       ", ".join(f"`{path[14:]}`" for path in methods) + "."]
    return "\n".join(lines + ["| family | public names | compiled | |", "|---|---|---|---|"] + summary + tables) + "\n"


def main(arguments):
    made = page()
    if "--write" in arguments:
        PAGE.write_text(made)
        return 0
    if PAGE.exists() and PAGE.read_text() == made:
        return 0
    print("docs/numpy.md is not up to date; run: ./dev python tools/numpy_page.py --write")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
