// The rows that the library starts with, one file each.
#pragma once
#include "library/registry.h"

namespace thalweg::library {

Operation reduce_operation();
Operation arg_reduce_operation();
Operation matmul_operation();
Operation solve_operation();
Operation compress_operation();
Operation callback_operation();

}  // namespace thalweg::library
