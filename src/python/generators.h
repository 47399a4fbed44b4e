// numpy.random.Generator in programs: its state is an array, read before the program runs and written back behind it.
#pragma once
#include <nanobind/nanobind.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace thalweg::python {

inline constexpr const char* kGenerator = "numpy.random.Generator";
inline constexpr int64_t kStateWords = 6;

// The array that stands for a generator's state, one for each bit generator; invalid if the object is no generator, or
// one of other bits than PCG64's.
nanobind::object state_array(PyObject* object);

// While it lives, no other thread uses these generators; when it ends, they have the states that the program has made.
class HeldGenerators {
 public:
  HeldGenerators() = default;
  HeldGenerators(const HeldGenerators&) = delete;
  HeldGenerators& operator=(const HeldGenerators&) = delete;
  ~HeldGenerators();
  // States, each with its generator.
  void hold(const std::vector<std::pair<nanobind::object, nanobind::object>>& generators);

 private:
  nanobind::object held_;
};

}  // namespace thalweg::python
