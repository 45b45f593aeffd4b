# Builds the program of consumer/ in the fresh folder FOLDER, with quire by WAY, runs it and compares
# what it writes; the program for io, too, where it is installed. MORE: components that are installed
# besides, to be found by find_package(). EMULATOR: what runs programs for another system.
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/run.cmake")

set(consumer "${CMAKE_CURRENT_LIST_DIR}/consumer")
file(REMOVE_RECURSE "${FOLDER}")
file(MAKE_DIRECTORY "${FOLDER}")

if(WAY STREQUAL "pkg-config")
  file(GLOB_RECURSE package "${PREFIX}/*/quire-parser.pc")
  get_filename_component(directory "${package}" DIRECTORY)
  set(ENV{PKG_CONFIG_PATH} "${directory}")
  set(main "${consumer}/main.cpp")
  set(io "${consumer}/io.cpp")
  set(link)
  set(suffix)
  if(EMULATOR)
    set(suffix .exe)
    set(io "${consumer}/io_windows.cpp")
    set(link -static)  # The DLLs of the compiler are nowhere that the emulator would look.
  endif()
  foreach(program_and_package main:parser io:io)
    string(REPLACE ":" ";" pair "${program_and_package}")
    list(GET pair 0 program)
    list(GET pair 1 component)
    run(pkg-config --cflags --libs quire-${component})
    separate_arguments(flags UNIX_COMMAND "${output}")
    run("${CXX}" "${${program}}" ${flags} ${link} -o "${FOLDER}/${program}${suffix}")
  endforeach()
  run(${EMULATOR} "${FOLDER}/io${suffix}")
  file(RENAME "${FOLDER}/main${suffix}" "${FOLDER}/consumer")
else()
  if(WAY STREQUAL "FetchContent")
    # A repository of the tree as it is now, committed or not.
    set(repository "${FOLDER}/repository")
    file(COPY "${SOURCE}/" DESTINATION "${repository}"
         PATTERN ".git" EXCLUDE PATTERN "build" EXCLUDE)
    run(git -C "${repository}" init -q -b main)
    run(git -C "${repository}" add -A)
    run(git -C "${repository}" -c user.name=test -c user.email=test@localhost commit -q -m tree)
  endif()
  run("${CMAKE_COMMAND}" -G Ninja -S "${consumer}" -B "${FOLDER}/build" "-DCMAKE_CXX_COMPILER=${CXX}"
      "-DWAY=${WAY}" "-DSOURCE=${SOURCE}" "-DREPOSITORY=file://${FOLDER}/repository"
      "-DCMAKE_PREFIX_PATH=${PREFIX}" "-DMORE=${MORE}")
  # One of the two that build quire along builds all of it.
  set(targets)
  if(WAY STREQUAL "FetchContent")
    set(targets --target consumer)
  endif()
  run("${CMAKE_COMMAND}" --build "${FOLDER}/build" -j 2 ${targets})
  if(WAY STREQUAL "find_package")
    foreach(component io ${MORE})
      run("${FOLDER}/build/${component}_consumer")
    endforeach()
  endif()
  file(RENAME "${FOLDER}/build/consumer" "${FOLDER}/consumer")
endif()

run(${EMULATOR} "${FOLDER}/consumer")
expect_output("${consumer}/expected.txt")
