# Runs simulated worlds by the program of another platform and by that of the preset `release`, which is
# built if need be, and compares every outcome of every operation.
#
# FOREIGN, LAUNCHER: the other program and what runs it. SOURCE: the top of the tree.
set(native "${SOURCE}/build/release/quire_simulation")
if(NOT EXISTS "${SOURCE}/build/release/build.ninja")
  execute_process(COMMAND "${CMAKE_COMMAND}" --preset release WORKING_DIRECTORY "${SOURCE}"
                  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
endif()
execute_process(COMMAND "${CMAKE_COMMAND}" --build --preset release --target quire_simulation
                WORKING_DIRECTORY "${SOURCE}" OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)

foreach(arguments "--seed;1" "--seed;2" "--seed;17;--no-faults" "--seed;4711" "--seed;3;--fail;20"
                  "--seed;1795000000")
  execute_process(COMMAND "${native}" ${arguments} --trace
                  OUTPUT_VARIABLE here COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ${LAUNCHER} "${FOREIGN}" ${arguments} --trace
                  OUTPUT_VARIABLE there COMMAND_ERROR_IS_FATAL ANY)
  string(LENGTH "${here}" length)
  if(length LESS 1000 OR NOT here STREQUAL there)
    list(JOIN arguments " " text)
    message(FATAL_ERROR "quire_simulation ${text}: the traces differ, or are none:\n${there}")
  endif()
  message(STATUS "${arguments}: ${length} octets, the same")
endforeach()

# Many more worlds by the hash of their last trace alone.
foreach(seed RANGE 100 1100 100)
  execute_process(COMMAND "${native}" --seed ${seed} --count 50
                  OUTPUT_VARIABLE here COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ${LAUNCHER} "${FOREIGN}" --seed ${seed} --count 50
                  OUTPUT_VARIABLE there COMMAND_ERROR_IS_FATAL ANY)
  if(NOT here STREQUAL there)
    message(FATAL_ERROR "here:  ${here}there: ${there}")
  endif()
endforeach()
