# Runs PROGRAM with ARGUMENTS: it must end with CODE and write the text of EXPECTED.
cmake_minimum_required(VERSION 3.25)
execute_process(COMMAND "${PROGRAM}" ${ARGUMENTS} RESULT_VARIABLE code OUTPUT_VARIABLE output)
file(READ "${EXPECTED}" expected)
if(NOT code EQUAL CODE OR NOT output STREQUAL expected)
  message(FATAL_ERROR "It ended with ${code} and wrote:\n${output}\nexpected, with ${CODE}:\n${expected}")
endif()
