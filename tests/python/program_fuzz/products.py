"""NumPy's other answer for complex products.

NumPy fuses the products of complex64 arrays unless their strides are negative (docs/runtime.md); we always do. Where products
are multiplied again, no constant bounds what comes of it: the same program then runs in NumPy once more, with the factors laid
out forwards, so that NumPy fuses them, too.
"""

import ast

import numpy as np

FUNCTIONS = ("multiply", "square", "power")


def forwards(x):
    """A complex array with negative strides in memory of its own, in which they are positive; anything else as it is."""
    if not isinstance(x, np.ndarray) or x.dtype.kind != "c" or min(x.strides, default=0) >= 0:
        return x
    backwards = tuple(slice(None, None, -1 if stride < 0 else 1) for stride in x.strides)
    laid = np.empty_like(x[backwards])
    laid[...] = x
    return laid


class Forwards(ast.NodeTransformer):
    """Lays out the factors of every product forwards; what is written into stays where it is."""

    def visit_BinOp(self, node):
        self.generic_visit(node)
        if isinstance(node.op, (ast.Mult, ast.Pow)):
            node.left, node.right = called(node.left), called(node.right)
        return node

    def visit_AugAssign(self, node):
        self.generic_visit(node)
        if isinstance(node.op, (ast.Mult, ast.Pow)):
            node.value = called(node.value)
        return node

    def visit_Call(self, node):
        self.generic_visit(node)
        of_numpy = isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) and node.func.value.id == "np"
        if of_numpy and node.func.attr in FUNCTIONS:
            node.args[:2] = [argument if isinstance(argument, ast.Starred) else called(argument) for argument in node.args[:2]]
        return node


def called(node):
    return ast.Call(ast.Name("forwards", ast.Load()), [node], [])


def laid_forwards(text):
    """The text of a program, with the factors of its products laid out forwards."""
    return ast.unparse(ast.fix_missing_locations(Forwards().visit(ast.parse(text)))) + "\n"
