// The nanobind module thalweg._thalweg.
#include <nanobind/nanobind.h>

NB_MODULE(_thalweg, module) { module.attr("__version__") = THALWEG_VERSION; }
