# <quire_parser.hpp>: the whole parser in one header, made from the sources of the library quire_parser.
find_package(Python3 COMPONENTS Interpreter QUIET)
if(NOT Python3_FOUND)
  message(STATUS "quire_parser.hpp is not made, for want of python3")
  return()
endif()

file(GLOB headers CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}"
     "${CMAKE_CURRENT_SOURCE_DIR}/*.hpp" "${CMAKE_CURRENT_SOURCE_DIR}/*.inc"
     "${CMAKE_CURRENT_SOURCE_DIR}/fields/*.hpp" "${PROJECT_SOURCE_DIR}/buffer/*.hpp")
file(GLOB sources CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}"
     "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp" "${CMAKE_CURRENT_SOURCE_DIR}/fields/*.cpp")
set(inputs ${headers} ${sources} buffer/buffer.cpp buffer/byte_range.cpp LICENSE tools/amalgamate.py)
list(TRANSFORM inputs PREPEND "${PROJECT_SOURCE_DIR}/")

# Public: what an embedder includes by name. All else comes along with it.
set(public ${headers})
list(FILTER public INCLUDE REGEX "^parser/(parser|buffer_parser|fields/.*)\\.hpp$")
list(FILTER public EXCLUDE REGEX "^parser/fields/(caseless|octets|slice)\\.hpp$")
set(compiled ${sources})
list(FILTER compiled EXCLUDE REGEX "^parser/scan_(sse42|avx2|avx512|neon)\\.cpp$")
set(x86_64 ${QUIRE_SCAN_X86_64})
set(aarch64 ${QUIRE_SCAN_AARCH64})
list(TRANSFORM x86_64 PREPEND parser/)
list(TRANSFORM aarch64 PREPEND parser/)

set(QUIRE_PARSER_HEADER "${QUIRE_INCLUDE_DIR}/quire_parser.hpp")
add_custom_command(OUTPUT "${QUIRE_PARSER_HEADER}" DEPENDS ${inputs} VERBATIM
  COMMENT "Joining the parser into quire_parser.hpp"
  COMMAND Python3::Interpreter "${PROJECT_SOURCE_DIR}/tools/amalgamate.py"
          --source "${PROJECT_SOURCE_DIR}" --version "${PROJECT_VERSION}"
          --header ${public} --implementation ${compiled} buffer/buffer.cpp buffer/byte_range.cpp
          --x86-64 ${x86_64} --aarch64 ${aarch64} -- "${QUIRE_PARSER_HEADER}")
add_custom_target(quire_amalgamation ALL DEPENDS "${QUIRE_PARSER_HEADER}")
if(QUIRE_INSTALL)
  install(FILES "${QUIRE_PARSER_HEADER}" COMPONENT development
          DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
endif()
