"""Thalweg: decorated NumPy functions become machine code, with the same numbers."""

from thalweg._thalweg import __version__

__all__ = ["__version__"]
