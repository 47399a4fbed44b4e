// The texts pasted in front of emitted programs, by name (those of our own by the function's); embedded by preludes.cmake.
#pragma once
#include <map>
#include <string>

namespace thalweg::emit {

const std::map<std::string, std::string>& prelude_texts();

}  // namespace thalweg::emit
