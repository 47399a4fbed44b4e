// isl behind owners: only files of this room include it. One context a thread; no error ever ends the process (a failed
// operation gives null, and null goes through every later operation); every question has a fixed number of operations.
#pragma once
#include <isl/aff.h>
#include <isl/constraint.h>
#include <isl/id.h>
#include <isl/ilp.h>
#include <isl/point.h>
#include <isl/set.h>
#include <isl/space.h>
#include <isl/val.h>

#include <memory>

namespace thalweg::sets {

struct Free {
  void operator()(isl_set* p) const { isl_set_free(p); }
  void operator()(isl_basic_set* p) const { isl_basic_set_free(p); }
  void operator()(isl_aff* p) const { isl_aff_free(p); }
  void operator()(isl_pw_aff* p) const { isl_pw_aff_free(p); }
  void operator()(isl_space* p) const { isl_space_free(p); }
  void operator()(isl_val* p) const { isl_val_free(p); }
  void operator()(isl_point* p) const { isl_point_free(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

// The context of this thread.
isl_ctx* context();

}  // namespace thalweg::sets
