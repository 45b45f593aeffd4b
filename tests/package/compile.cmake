# Compiles SOURCES alone with CXX and FLAGS in FOLDER and links them with LINK. Runs the program (by
# EMULATOR, if there is one) and compares what it writes with EXPECTED, if that is given.
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/run.cmake")

file(REMOVE_RECURSE "${FOLDER}")
file(MAKE_DIRECTORY "${FOLDER}")
set(objects)
foreach(source IN LISTS SOURCES)
  cmake_path(GET source STEM object)
  run(${CXX} -std=c++20 -Wall -Wextra -Wpedantic -Werror ${FLAGS} -c "${source}"
      -o "${FOLDER}/${object}.o")
  list(APPEND objects "${FOLDER}/${object}.o")
endforeach()
run(${CXX} ${objects} ${LINK} -o "${FOLDER}/program.exe")
if(EXPECTED)
  run(${EMULATOR} "${FOLDER}/program.exe")
  expect_output("${EXPECTED}")
endif()
