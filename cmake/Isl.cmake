# isl (MIT) with GMP (LGPL) beneath it, from the system's static archives, as thalweg_isl: a wheel then needs neither
# (docs/decisions/0021).
#
# The archives are position independent but for one thing: they reach libc's stderr and stdout as data, which a shared
# object cannot link. Copies of them name src/sets/budget.cpp's variables instead.

find_library(ISL_ARCHIVE NAMES libisl.a REQUIRED)
find_library(GMP_ARCHIVE NAMES libgmp.a REQUIRED)
find_path(ISL_INCLUDE_DIR isl/set.h REQUIRED)
find_program(OBJCOPY_PROGRAM NAMES llvm-objcopy-19 objcopy llvm-objcopy REQUIRED)

add_library(thalweg_isl INTERFACE)
target_include_directories(thalweg_isl SYSTEM INTERFACE ${ISL_INCLUDE_DIR})
foreach(archive ${ISL_ARCHIVE} ${GMP_ARCHIVE})
  get_filename_component(name ${archive} NAME_WE)
  set(copy ${CMAKE_BINARY_DIR}/${name}_thalweg.a)
  if(${archive} IS_NEWER_THAN ${copy})
    execute_process(COMMAND ${OBJCOPY_PROGRAM} --redefine-sym stderr=thalweg_isl_stderr
                            --redefine-sym stdout=thalweg_isl_stdout ${archive} ${copy} COMMAND_ERROR_IS_FATAL ANY)
  endif()
  target_link_libraries(thalweg_isl INTERFACE ${copy})
  target_link_options(thalweg_isl INTERFACE -Wl,--exclude-libs,${name}_thalweg.a)
endforeach()
