# find_package() says in one sentence what is wrong with the components that were asked for.
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/run.cmake")

# expect_fault(COMPONENTS TEXT): configuring with COMPONENTS fails and says TEXT.
function(expect_fault components text)
  file(REMOVE_RECURSE "${FOLDER}")
  execute_process(
    COMMAND "${CMAKE_COMMAND}" -G Ninja -S "${CMAKE_CURRENT_LIST_DIR}/consumer" -B "${FOLDER}"
            "-DCMAKE_CXX_COMPILER=${CXX}" "-DCMAKE_PREFIX_PATH=${PREFIX}" -DWAY=find_package
            "-DCOMPONENTS=${components}"
    RESULT_VARIABLE code OUTPUT_QUIET ERROR_VARIABLE errors)
  string(REGEX REPLACE "[ \n]+" " " errors "${errors}")
  string(FIND "${errors}" "${text}" at)
  if(code EQUAL 0 OR at EQUAL -1)
    message(FATAL_ERROR "code ${code}; expected \"${text}\" in:\n${errors}")
  endif()
endfunction()

expect_fault("parser;server"
             "quire: there is no component \"server\"; there are: buffer, parser, io, io_asio.")
file(GLOB_RECURSE io_targets "${PREFIX}/*/quire-io.cmake")
file(RENAME "${io_targets}" "${io_targets}.hidden")
expect_fault("parser;io" "quire: the component \"io\" is not part of this installation.")
file(RENAME "${io_targets}.hidden" "${io_targets}")
