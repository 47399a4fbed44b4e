# Shared build rules: flags, the linker, and one function that turns a folder of src/ into a library.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2")
set(CMAKE_C_FLAGS_RELEASE "-O2")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()
find_program(LLD_PROGRAM NAMES ld.lld-19 ld.lld)
if(LLD_PROGRAM)
  add_link_options(-fuse-ld=lld -B${CMAKE_BINARY_DIR}/linker)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/linker)
  file(CREATE_LINK ${LLD_PROGRAM} ${CMAKE_BINARY_DIR}/linker/ld.lld SYMBOLIC)
endif()

# Templates of libstdc++ 12 call what it declares deprecated itself; nanobind's read before an array that they then skip.
add_compile_options(-Wall -Wextra -Wno-missing-field-initializers -Wno-deprecated-declarations
                    $<$<CXX_COMPILER_ID:Clang>:-Wno-array-bounds>)
if(THALWEG_WERROR)
  add_compile_options(-Werror)
endif()
if(THALWEG_SANITIZE)
  set(CMAKE_CXX_FLAGS_RELEASE "-O1")  # instrumented code takes long to optimise
  add_compile_options(-fsanitize=${THALWEG_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${THALWEG_SANITIZE})
endif()

# The runtime's arithmetic gives the same bits in every compiler only when nothing is contracted behind its back; said
# for the whole house, so that all targets may share precompiled headers.
add_compile_options(-ffp-contract=off -fno-math-errno)

# Most of a file's compile time is the headers that nearly every file includes. They are compiled once: the standard ones
# with thalweg_base, those of a graph with thalweg_ir; tests and the Python module have their own.
# Sources still include what they use: tools/check_layers.py reads their #include lines.
option(THALWEG_PRECOMPILE "Precompile the common headers" ON)
set(standard_headers <algorithm> <array> <cmath> <functional> <map> <memory> <optional> <set> <string> <string_view>
    <variant> <vector>)
set(graph_headers ${standard_headers} <complex> ${CMAKE_SOURCE_DIR}/src/ir/sdfg.h)
function(thalweg_precompile target)
  if(THALWEG_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE ${ARGN})
    # Without it a header's time of change is part of the precompiled file, and a compiler cache never hits.
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,Clang>:SHELL:-Xclang -fno-pch-timestamp>)
  endif()
endfunction()
function(thalweg_reuse_precompiled target owner)
  if(THALWEG_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM ${owner})
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,Clang>:SHELL:-Xclang -fno-pch-timestamp>)
  endif()
endfunction()

# Inlining small functions of templates only saves a quarter of the time to compile a room, up to a half, at the same
# size of code; for what is not the hot path of a compilation or of a run.
set(inline_little "$<$<COMPILE_LANG_AND_ID:CXX,Clang>:SHELL:-mllvm -inline-threshold=25>")

# The rest is mostly templates that each file instantiates again: files of one folder are compiled some at a time. Two
# files of such a folder cannot have helpers of one name; where the two are the same helper, it belongs in a header.
option(THALWEG_UNITY "Compile several files of a folder at a time" ON)
function(thalweg_unity target)
  if(THALWEG_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 12)
  endif()
endfunction()

# thalweg_room(NAME USES OTHER...): src/NAME/**.cpp as the static library thalweg_NAME.
# The link edges are the layer graph: a room sees only what it lists and what that lists.
function(thalweg_room name)
  cmake_parse_arguments(ROOM "" "" "USES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/src/jit/compiler/")
  if(sources)
    add_library(thalweg_${name} STATIC ${sources})
    set(kind PUBLIC)
  else()
    add_library(thalweg_${name} INTERFACE)
    set(kind INTERFACE)
  endif()
  target_include_directories(thalweg_${name} ${kind} ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/runtime/include)
  foreach(other ${ROOM_USES})
    target_link_libraries(thalweg_${name} ${kind} thalweg_${other})
  endforeach()
  if(sources AND NOT name MATCHES "^(syntax|symbolic|sets)$")
    target_compile_options(thalweg_${name} PRIVATE ${inline_little})
  endif()
  # Rooms of many small functions, which are compiled longer than they would gain.
  if(sources AND name MATCHES "^(text|rewrite|transforms|library|passes|verify|frontend|analysis|interpret|lower|emit)$")
    target_compile_options(thalweg_${name} PRIVATE -O1)
  endif()
  if(name STREQUAL base)
    thalweg_precompile(thalweg_base ${standard_headers})
  elseif(name STREQUAL ir)
    thalweg_precompile(thalweg_ir ${graph_headers})
  elseif(name MATCHES "^(syntax|symbolic|sets|jit)$")
    thalweg_reuse_precompiled(thalweg_${name} thalweg_base)
  elseif(sources)
    thalweg_reuse_precompiled(thalweg_${name} thalweg_ir)
  endif()
  if(sources AND NOT name MATCHES "^(sets|rewrite|passes)$")  # small ones
    thalweg_unity(thalweg_${name})
  endif()
endfunction()
