"""A corpus of wrong programs, each with what its error must say. The cases were written down before they were run."""

from . import names_and_calls, shapes_and_types, syntax

CASES = names_and_calls.CASES + shapes_and_types.CASES + syntax.CASES
