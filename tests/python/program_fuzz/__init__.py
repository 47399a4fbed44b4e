"""Random small NumPy programs, held against NumPy: `python -m program_fuzz --help`."""
