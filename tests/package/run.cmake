# Runs commands for a test; a command that fails fails the test with all that it said.

# run(COMMAND...): its output is in `output` afterwards.
macro(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE errors)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "${ARGN}\nended with ${code}:\n${output}\n${errors}")
  endif()
endmacro()

# expect_output(FILE): what the last command wrote is the text of FILE.
macro(expect_output file)
  file(READ "${file}" expected)
  string(REPLACE "\r\n" "\n" output "${output}")
  if(NOT output STREQUAL expected)
    message(FATAL_ERROR "expected:\n${expected}\nbut it wrote:\n${output}")
  endif()
endmacro()
