#include "base/planted.h"

#include <cstdlib>

namespace thalweg::base {

const char* const planted_fault = std::getenv("THALWEG_PLANT");

}  // namespace thalweg::base
