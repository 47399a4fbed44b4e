"""What a long run must have reached, by the names under which it is counted."""

from . import expressions, language, library, values

OPERATIONS = (expressions.ARITHMETIC + expressions.COMPARISONS + expressions.BITWISE + expressions.ROUNDED + expressions.ONE +
              expressions.TWO + expressions.PREDICATES + expressions.FUNCTIONS + expressions.REDUCTIONS +
              ["unary -", "unary ~", "and", "or", "not", "chained comparison", "conditional expression", "where", "clip",
               "astype", "@", "np.concatenate", "np.stack", "np.hstack", "np.vstack", "np.zeros", "np.ones", "np.full",
               "np.arange", "np.eye"])
STATEMENTS = language.KINDS + ["assignment", "re-binding", "store", "view", "if", "while", "for range", "for array",
                               "for enumerate", "for zip reversed", "for tuple", "def", "tuple assignment"]
LISTED = ([f"operation: {name}" for name in OPERATIONS] + [f"call: {name}" for name in library.NAMES] +
          [f"statement: {name}" for name in STATEMENTS] + [f"statement: augmented {o}=" for o in "+-*/%&|^"] +
          [f"parameter: {name} array" for name in values.DTYPES] +
          [f"parameter: {name}" for name in ("int", "float", "bool", "complex", "numpy")] +
          [f"rank: {n}" for n in range(4)] +
          [f"index: {name}" for name in ("integer", "slice", "newaxis", "ellipsis", "mask", "array")] +
          [f"alias: {name}" for name in ("equal", "shifted", "reversed", "transposed")])


def unreached(counts):
    return [name for name in LISTED if not counts[name]]
