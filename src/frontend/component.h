// What an array of the frontend says of its elements besides which ones they are.
#pragma once
#include <cstdint>

namespace thalweg::frontend {

// Which part of complex elements is meant.
enum class Component : uint8_t { whole, real, imaginary };

// May elements be written through a view? unsupported: NumPy would, with a warning.
enum class Through : uint8_t { allowed, read_only, unsupported };

}  // namespace thalweg::frontend
