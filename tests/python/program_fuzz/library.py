"""Calls of NumPy's functions, as rows: a text with places to fill, what may stand there, how close it must come.

Places: {a} the term drawn for the row, {b} any other one, {i} places along the first axis of {a}, {mask} a condition on
it, {axis} one of its axes, {n} 0 to 3, {s} -3 to 3, {l} a literal, {t} a type of integers, {S} a square matrix of a good
condition made of {a}.
"""

import dataclasses

import numpy as np

ANY, REAL, INTEGER, FLOAT = "biufc", "biuf", "iu", "fc"


@dataclasses.dataclass(frozen=True)
class Row:
    name: str              # what the report counts
    text: str
    kinds: str = ANY       # of {a}
    low: int = 1           # its ranks
    high: int = 9
    magnitude: str = ""    # of what is close only: an expression that its error is measured by

    @property
    def rule(self):
        return "sum" if self.magnitude else "exact"


def rows(name, kinds, texts, low=1, high=9, magnitude=""):
    texts = [f"({text})" if text.endswith(" + 0") else text for text in texts]
    return [Row(name, text, kinds, low, high, magnitude) for text in texts]


INDEXING = (
    rows("take", ANY, ["np.take({a}, {i}, axis=0)", "{a}.take({i})", "np.take({a}, {s}, axis={axis})",
                       "np.take({a}, [0, 5, {s}], mode='wrap')", "np.take({a}, [7, -9, {s}], axis={axis}, mode='clip')"]) +
    rows("choose", ANY, ["np.choose({i} % 2, ({a}, {a} + 1))", "np.choose({mask} * 1, ({a}, {b}))",
                         "np.choose([0, {n}, 1], ({a}, 7), mode='clip')"], high=2) +
    rows("ix_", ANY, ["{a}[np.ix_({i}, [0, {s}])]", "{a}[np.ix_([{s}, 0], [1, 2])]"], low=2) +
    rows(".flat", ANY, ["{a}.flat[{s}]", "{a}.flat[1:4]", "{a}.flat[:]"]) +
    rows("mixed index", ANY, ["{a}[{i}, {s}]", "{a}[{i}, 1:]", "{a}[:, {i}]", "{a}[..., [0, {s}]]", "{a}[None, {i}]",
                              "{a}[{s}, [0, 1]]", "{a}[[0, {s}], ::-1]", "{a}[{i}, {i}]", "{a}[1:, [True, False]]"], low=2) +
    rows("index array of two dimensions", ANY, ["{a}[[[0, 1], [{s}, 0]]]", "{a}[np.arange(4).reshape(2, 2) % 3]"]) +
    rows("boolean index", ANY, ["{a}[{mask}]", "{a}[{mask} & True]", "{a}[np.array([True, False, True])]",
                                "{a}[~{mask}]"]) +
    rows("nonzero", ANY, ["np.nonzero({a})[0]", "{a}.nonzero()[-1]", "np.where({mask})[0]", "np.flatnonzero({a})",
                          "np.argwhere({mask})"]) +
    rows("extract", ANY, ["np.extract({mask}, {a})", "np.compress([True, False, True], {a}, axis=0)"]))

SHAPES = (
    rows("pad", ANY, ["np.pad({a}, {n})", "np.pad({a}, 1, mode='edge')", "np.pad({a}, ({n}, 1), mode='wrap')",
                      "np.pad({a}, 2, constant_values={l})", "np.pad({a}, 1, mode='reflect')"], high=2) +
    rows("roll", ANY, ["np.roll({a}, {s})", "np.roll({a}, {s}, axis={axis})", "np.roll({a}, ({s}, 1), axis=(0, -1))"]) +
    rows("flip", ANY, ["np.flip({a})", "np.flip({a}, {axis})"]) +
    rows("rot90", ANY, ["np.rot90({a})", "np.rot90({a}, {s})"], low=2) +
    rows("tile", ANY, ["np.tile({a}, {n})", "np.tile({a}, (2, {n}))"], high=2) +
    rows("repeat", ANY, ["np.repeat({a}, {n})", "{a}.repeat({n}, axis={axis})",
                         "np.repeat({a}, np.arange(len({a})) % 3, axis=0)"]) +
    rows("diff", ANY, ["np.diff({a})", "np.diff({a}, axis={axis})", "np.diff({a}, 2)"]) +
    rows("split", ANY, ["np.split({a}, [1, 3])[{s}]", "np.array_split({a}, 3)[0]", "np.array_split({a}, 2, axis={axis})[-1]",
                        "np.hsplit({a}, [1])[0]"]) +
    rows("append", ANY, ["np.append({a}, {b})", "np.insert({a}, 1, {l})", "np.insert({a}, [0, 1], [{l}, -3.5])", "np.delete({a}, 0)",
                         "np.delete({a}, {s}, axis={axis})"], high=2) +
    rows("moveaxis", ANY, ["np.moveaxis({a}, 0, -1)", "np.moveaxis({a}, {axis}, 0)", "np.atleast_2d({a})",
                           "np.atleast_3d({a})"]) +
    rows("dstack", ANY, ["np.dstack(({a}, {a}))", "np.column_stack(({a}, {b}))", "np.block([{a}, {a}])"], high=2) +
    rows("meshgrid", ANY, ["np.meshgrid({a}, np.arange(3))[{n} % 2]", "np.meshgrid({a}, {a}, indexing='ij')[0]"], high=1) +
    rows("mgrid", INTEGER, ["np.mgrid[0:3, 0:len({a})][1]", "np.indices((2, len({a})))[1]", "np.ogrid[0:len({a})]",
                            "np.tri(len({a}))", "np.identity(len({a}))"]) +
    rows("diag", ANY, ["np.diag({a})", "np.diag({a}, {s})"], high=2) +
    rows("reshape", ANY, ["{a}.reshape((1,) + {a}.shape)", "{a}.reshape(len({a}), -1)", "np.reshape({a}, (-1, 1))",
                          "{a}.reshape(-1, order='F')", "{a}.flatten('F')"]) +
    rows("broadcast", ANY, ["np.broadcast_arrays({a}, {b})[0]", "np.broadcast_to({a}, (3,) + {a}.shape)"]))

UFUNCS = (
    rows("ufunc dtype=", REAL, ["np.add({a}, {b}, dtype=np.float64)", "np.multiply({a}, 2, dtype=np.float32)",
                                "np.negative({a}, dtype=np.float64)", "np.sqrt({a}, dtype=np.float64)"]) +
    rows("ufunc.reduce", INTEGER, ["np.add.reduce({a})", "np.multiply.reduce({a}, axis={axis})",
                                   "np.bitwise_xor.reduce({a}, axis={axis}, keepdims=True)"]) +
    rows("ufunc.reduce", REAL, ["np.maximum.reduce({a}, axis={axis}) + 0", "np.minimum.reduce({a}, initial=3) + 0",
                                "np.logical_or.reduce({a}, axis={axis})", "np.subtract.reduce({a}, axis=0)"]) +
    rows("ufunc.accumulate", INTEGER, ["np.add.accumulate({a})", "np.multiply.accumulate({a}, axis={axis})"]) +
    rows("ufunc.accumulate", REAL, ["np.maximum.accumulate({a}, axis={axis}) + 0", "np.subtract.accumulate({a})",
                                    "np.logical_and.accumulate({a})"]) +
    rows("ufunc.outer", ANY, ["np.subtract.outer({a}, {b})", "np.multiply.outer({a}, [1, 2])"], high=2) +
    rows("ufunc.outer", REAL, ["np.maximum.outer({a}, {b})", "np.less.outer({a}, [1, 2])"], high=2) +
    rows("ufunc.reduceat", INTEGER, ["np.add.reduceat({a}, [0, 2])", "np.maximum.reduceat({a}, [1, 0], axis=0)"]) +
    rows("divmod", REAL, ["np.divmod({a}, {b})[{n} % 2]", "np.modf({a} * 1.0)[0]", "np.frexp({a} * 1.0)[{n} % 2]"]) +
    rows("integer ufunc", INTEGER, ["np.gcd({a}, {a} + 2)", "np.lcm({a} % 5, 4)", "np.left_shift({a}, {n})",
                                    "np.bitwise_count({a})", "np.invert({a})", "np.right_shift({a}, 1)"]) +
    rows("float ufunc", REAL, ["np.nextafter({a} * 1.0, 1.0)", "np.ldexp({a} * 1.0, {s})", "np.heaviside({a} * 1.0, 0.5)",
                               "np.spacing({a} * 1.0)", "np.reciprocal({a} * 1.0)",
                               "np.positive({a} * 1)", "np.fabs({a} * 1.0)"]))

REDUCTIONS = (
    rows("initial=", INTEGER, ["np.sum({a}, initial={n})", "np.prod({a}, axis={axis}, initial=2)"]) +
    rows("initial=", REAL, ["np.max({a}, axis={axis}, initial=0) + 0", "{a}.min(initial={n}) + 0"]) +
    rows("reduction with dtype=", INTEGER, ["np.sum({a}, dtype={t})", "np.prod({a}, axis={axis}, dtype={t})", "{a}.cumsum(dtype={t})",
                                            "np.add.reduce({a}, dtype={t})"]) +
    rows("reduction into out=", INTEGER, ["np.sum({a}, out=np.zeros((), {t}))", "np.any({a}, out=np.zeros((), {t}))",
                                          "np.sum({a}, axis=0, out=np.zeros({a}.shape[1:], {t}))",
                                          "np.max({a}, axis=0, out=np.ones({a}.shape[1:], np.int64))"]) +
    rows("where=", INTEGER, ["np.sum({a}, where={mask})", "np.sum({a}, axis={axis}, where={a} % 2 == 0)"]) +
    rows("where=", REAL, ["np.max({a}, where={mask}, initial=-1) + 0", "np.any({a}, where={mask})",
                          "np.all({a}, axis={axis}, where={mask})"]) +
    rows("ptp", INTEGER, ["np.ptp({a})", "np.ptp({a}, axis={axis})"]) +
    rows("axes", INTEGER, ["np.sum({a}, axis=(0, 1))", "np.max({a}, axis=(0, -1), keepdims=True)"], low=2) +
    rows("cumsum", INTEGER, ["np.cumsum({a})", "{a}.cumsum(axis={axis})", "np.cumsum({a}, dtype=np.int64)"]) +
    rows("cumprod", INTEGER, ["np.cumprod({a})", "{a}.cumprod(axis={axis})"]) +
    rows("cumsum", FLOAT, ["np.cumsum({a})", "np.cumsum({a}, axis={axis})"],
         magnitude="np.sum(np.abs({a}))") +
    rows("ddof", REAL, ["np.std({a}, ddof=1)", "{a}.std(axis={axis}, ddof={n})", "np.std({a}, axis={axis}, keepdims=True)"],
         magnitude="np.max(np.abs({a} * 1.0), initial=0)") +
    rows("ddof", REAL, ["np.var({a}, ddof=1)", "{a}.var(axis={axis})", "np.var({a}, axis={axis}, ddof={n})"],
         magnitude="np.max(np.abs({a} * 1.0), initial=0) ** 2") +
    rows("where=", REAL, ["np.mean({a}, where={mask})", "np.average({a})"], magnitude="np.sum(np.abs({a} * 1.0))") +
    rows("nanmin", REAL, ["np.nanmin({a}) + 0", "np.nanmax({a}, axis={axis}) + 0", "np.nanargmax({a})",
                          "np.nanargmin({a}, axis={axis})", "np.nan_to_num({a})"]) +
    rows("nansum", REAL, ["np.nansum({a})", "np.nanmean({a}, axis={axis})", "np.nanmean({a})", "np.nancumsum({a})"],
         magnitude="np.nansum(np.abs({a} * 1.0))") +
    rows("nanstd", REAL, ["np.nanstd({a})", "np.nanstd({a}, axis={axis})"],
         magnitude="np.nanmax(np.append(np.abs({a} * 1.0), 0))") +
    rows("isclose", ANY, ["np.isclose({a}, {b})", "np.isclose({a}, {a}, equal_nan=True)", "np.allclose({a}, {b})",
                          "np.array_equal({a}, {a} * 1)", "np.isclose({a}, {l}, rtol=0.5)"]))

ORDERS = (
    rows("sort", REAL, ["np.sort({a}) + 0", "np.sort({a}, axis={axis}) + 0", "np.sort({a}, axis=None) + 0"]) +
    rows("argsort", REAL, ["np.argsort({a}, kind='stable')", "{a}.argsort(axis={axis}, kind='stable')"]) +
    rows("argmin", REAL, ["np.argmin({a}, axis={axis})", "{a}.argmax()", "np.argmax({a}, axis={axis}, keepdims=True)"]) +
    rows("searchsorted", REAL, ["np.searchsorted(np.arange(5), {a})", "np.searchsorted([0.0, 1.5, 2.0], {a}, side='right')"]) +
    rows("unique", REAL, ["np.unique({a}) + 0", "np.unique({a}, return_counts=True)[1]",
                          "np.unique({a}, return_inverse=True)[1]", "np.unique({a}, return_index=True)[1]"]) +
    rows("isin", REAL, ["np.isin({a}, [1, 2])", "np.setdiff1d({a}, [0, 1]) + 0", "np.union1d({a}, [2, 9]) + 0"]) +
    rows("median", INTEGER, ["np.median({a})", "np.median({a}, axis={axis})"]) +
    rows("histogram", INTEGER, ["np.histogram({a}, bins=4, range=(-2, 6))[0]", "np.histogram({a}, [0, 1, 4])[0]",
                                "np.histogram({a} % 7)[0]"]) +
    rows("bincount", INTEGER, ["np.bincount({i})", "np.bincount({a} % 7)", "np.bincount({i}, minlength=9)"], high=1) +
    rows("digitize", REAL, ["np.digitize({a}, [0, 1, 4])", "np.digitize({a}, np.arange(4), right=True)"]))

PRODUCTS = (
    rows("einsum", INTEGER, ["np.einsum('i,i->', {a}, {a})", "np.einsum('i,j->ij', {a}, {a})",
                             "np.einsum('i,j->i', {a}, np.ravel({b}) > {n})", "np.einsum('i,->i', {a}, {l})"], high=1) +
    rows("einsum", INTEGER, ["np.einsum('ij->j', {a})", "np.einsum('ij,kj->ik', {a}, {a})", "np.einsum('...i->...', {a})"],
         low=2, high=2) +
    rows("einsum", FLOAT, ["np.einsum('ij,kj->ik', {a}, {a})", "np.einsum('ij,ij->', {a}, {a})"], 2, 2,
         "np.sum(np.abs({a})) * np.max(np.abs({a}), initial=0)") +
    rows("tensordot", INTEGER, ["np.tensordot({a}, {a}, axes={a}.ndim)", "np.tensordot({a}, {a}.T, axes=1)"], high=2) +
    rows("tensordot", FLOAT, ["np.tensordot({a}, {a}.T, axes=1)"], 1, 2,
         "np.sum(np.abs({a})) * np.max(np.abs({a}), initial=0)") +
    rows("vdot", INTEGER, ["np.vdot({a}, {a})", "np.dot({a}, {a})", "np.inner({a}, {a})"], high=1) +
    rows("vdot", FLOAT, ["np.vdot({a}, {a})", "np.inner({a}, {a})", "np.dot({a}, {a})", "np.convolve({a}, {a})"], 1, 1,
         "np.sum(np.abs({a})) * np.max(np.abs({a}), initial=0)") +
    rows("outer", ANY, ["np.outer({a}, {a})", "np.outer({a}, [1, 2])"], high=1) +
    rows("matmul", INTEGER, ["{a} @ {a}.T", "np.matmul({a}.T, {a})", "{a} @ np.arange({a}.shape[1])"], 2, 2) +
    rows("matmul", FLOAT, ["{a} @ {a}.T", "np.matmul({a}.T, {a})", "{a}[None] @ {a}.T"], 2, 2,
         "np.sum(np.abs({a})) * np.max(np.abs({a}), initial=0)"))

LINALG = (
    rows("solve", ANY, ["np.linalg.solve({S}, np.arange(len({a})) * 1.0)", "np.linalg.solve({S}, {S}.T)",
                        "np.linalg.inv({S})", "np.linalg.inv(np.stack(({S}, {S} + 1)))"], 1, 1, "len({a}) + 1.0") +
    rows("det", ANY, ["np.linalg.det({S})"], 1, 1, "np.abs(np.linalg.det({S}))") +
    rows("cholesky", ANY, ["np.linalg.cholesky({S})", "np.linalg.norm({S})", "np.linalg.eigvalsh({S})",
                           "np.linalg.norm({S}, axis=0)"], 1, 1, "len({a}) * 2 + 3.0"))

FOURIER = (
    rows("fft", ANY, ["np.fft.fft({a})", "np.fft.ifft({a}, axis={axis})", "np.fft.fft({a}, n=5)"],
         magnitude="np.sum(np.abs({a} * 1.0))") +
    rows("rfft", REAL, ["np.fft.rfft({a})", "np.fft.irfft(np.append({a}, 1), n=6)"], magnitude="np.sum(np.abs({a} * 1.0)) * 2 + 1") +
    rows("fftn", ANY, ["np.fft.fftn({a})", "np.fft.fft2({a})"], low=2, magnitude="np.sum(np.abs({a} * 1.0))"))

NUMBERS = (
    rows("interp", REAL, ["np.interp({a}, np.arange(4), [0.5, 2.0, -1.0, 4.0])", "np.interp(1.5, np.arange(len({a})), {a})"],
         1, 1, "np.nanmax(np.append(np.abs({a} * 1.0), 4.0))") +
    rows("gradient", REAL, ["np.gradient({a})", "np.gradient({a}, 0.5, axis={axis})"],
         magnitude="4 * np.max(np.abs({a} * 1.0), initial=0)") +
    rows("trapezoid", REAL, ["np.trapezoid({a})", "np.trapezoid({a}, dx=0.5, axis={axis})"],
         magnitude="np.sum(np.abs({a} * 1.0))") +
    rows("linspace", ANY, ["np.linspace(0, {n}, len({a}))", "np.linspace({s}, 2.5, 7)"], magnitude="8.0") +
    rows("default_rng", ANY, ["np.random.default_rng({n}).random(3)", "np.random.default_rng({n}).normal(size=(2, len({a})))",
                              "np.random.default_rng(7).integers(0, 10, len({a}))",
                              "np.random.default_rng({n}).uniform(-1.0, 2.0, len({a}))"]))

EXACT = [row for table in (INDEXING, SHAPES, UFUNCS, REDUCTIONS, ORDERS, PRODUCTS, NUMBERS) for row in table
         if row.rule == "exact"]
CLOSE = [row for table in (REDUCTIONS, PRODUCTS, LINALG, FOURIER, NUMBERS) for row in table if row.rule != "exact"]
NAMES = sorted({row.name for row in EXACT + CLOSE})


def filled(text, draw, a):
    """The text of a row for the term `a`; `draw` makes what else it asks for."""
    axis = int(draw.rng.integers(-a.value.ndim, a.value.ndim))
    of = f"{a.text}[:99]" if "{S}" in text else a.text   # a matrix of so many rows
    # 64 bits wide before tanh: what is within ulps of float32 is not within the rounding of the float64 made of it
    line = f"np.tanh(np.nan_to_num({of} * np.float64(1)))"
    places = {
        "{S}": f"(np.outer({line}, {line}) + np.eye(len({of})) * (len({of}) + 1))",
        "{mask}": f"({a.text} {draw.pick(['>', '<', '!=', '>='])} {draw.rng.integers(-1, 4)})",
        "{i}": draw.pick([f"(np.arange(4) % len({a.text}))", f"np.arange(len({a.text}))", "[0, 1, 0]"]),
        "{axis}": str(axis), "{n}": str(draw.rng.integers(0, 4)), "{s}": str(draw.rng.integers(-3, 4)),
        "{l}": str(draw.rng.integers(-3, 9)),
        "{t}": f"np.{draw.pick(['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64'])}",
    }
    if "{b}" in text:
        places["{b}"] = draw.expression(1).text
    for place, meaning in places.items():
        text = text.replace(place, meaning)
    return text.replace("{a}", of)


class Library:
    """What `Expressions` draws from the tables."""

    def row(self, table, a):
        found = [row for row in table if a.kind in row.kinds and row.low <= a.value.ndim <= row.high]
        if not found:
            return None
        name = self.pick(sorted({row.name for row in found}))   # every function as often, however many forms it has
        row = self.pick([row for row in found if row.name == name])
        term = self.term(filled(row.text, self, a), row.rule, row.magnitude and filled(row.magnitude, self, a))
        if term is not None:
            self.counts["call: " + row.name] += 1
        return term

    def some_array(self, depth):
        """A name most often: what stands in a row many times is better short."""
        if self.chance(0.6):
            name = self.array_name()
            if name:
                return self.term(name)
        a = self.expression(depth)
        return a if a.is_array else None

    def library(self, depth):
        a = self.some_array(depth)
        return a and self.row(EXACT, a)

    def library_close(self):
        a = self.some_array(2)
        return a and self.row(CLOSE, a)
