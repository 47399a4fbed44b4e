// The smallest ELF shared object that a linker accepts: a name and nothing else.
#pragma once
#include <string>

namespace thalweg::jit {

// Linking against it records `soname` as needed; which symbols the real library has is settled at load.
std::string shared_object_stub(const std::string& soname);

}  // namespace thalweg::jit
