"""NumPy's other answer for operands that only the expression holds.

NumPy 2.4 reuses the memory of such an array, from 256 KiB on, for the result, also where that has another type: `(a & b) ** 2`
is int8 for a short a and an error for a long one (docs/runtime.md). Such a program runs in NumPy once more, with names for them.
"""

import ast


def spoiled(error):
    """Did NumPy write int8 into a temporary of bool?"""
    return isinstance(error, TypeError) and "output from dtype('int8') to dtype('bool')" in str(error)


def keeper():
    """A function that returns what it is given, and holds it for as long as the function itself is held."""
    held = []

    def kept(x):
        held.append(x)
        return x

    return kept


class Kept(ast.NodeTransformer):
    """Holds the left operand of each operation whose result has another type than bools."""

    def visit_BinOp(self, node):
        self.generic_visit(node)
        if isinstance(node.op, (ast.Pow, ast.FloorDiv, ast.RShift)):
            node.left = ast.Call(ast.Name("kept", ast.Load()), [node.left], [])
        return node


def with_names(text):
    """The text of a program whose temporaries are held until it is done."""
    return ast.unparse(ast.fix_missing_locations(Kept().visit(ast.parse(text)))) + "\n"
