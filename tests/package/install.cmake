# Installs BUILD, which has the program PROGRAM, into the fresh folder PREFIX, moves it, as a package that is unpacked elsewhere, and
# checks that nothing is there that an embedder has no use for.
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/run.cmake")

file(REMOVE_RECURSE "${PREFIX}" "${PREFIX}.unmoved")
run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${PREFIX}.unmoved")
file(RENAME "${PREFIX}.unmoved" "${PREFIX}")

file(GLOB_RECURSE files RELATIVE "${PREFIX}" "${PREFIX}/*")
foreach(wanted bin/${PROGRAM} include/quire/parser/parser.hpp include/quire/parser/fields/list.hpp
               include/quire/buffer/buffer.hpp include/quire/io/epoll/proactor.hpp
               include/quire_parser.hpp share/doc/quire/LICENSE)
  if(NOT wanted IN_LIST files)
    message(FATAL_ERROR "${wanted} was not installed")
  endif()
endforeach()
list(FILTER files EXCLUDE REGEX "^(bin/${PROGRAM}|include/quire/(parser|buffer|io)/.*\\.hpp)$")
list(FILTER files EXCLUDE REGEX "^include/quire_parser\\.hpp$")
list(FILTER files EXCLUDE REGEX "^lib[^/]*/([^/]*/)?libquire_(parser|buffer|io|io_asio)\\.a$")
list(FILTER files EXCLUDE REGEX "/(cmake/quire/quire-.*\\.cmake|pkgconfig/quire-.*\\.pc)$")
list(FILTER files EXCLUDE REGEX "^share/doc/quire/LICENSE$")
if(files)
  message(FATAL_ERROR "installed, but to what end? ${files}")
endif()
