include(GNUInstallDirs)

# What every target of this project is compiled with.
add_library(quire_build_options INTERFACE)
target_compile_features(quire_build_options INTERFACE cxx_std_20)
target_compile_options(quire_build_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wimplicit-fallthrough)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Without optimisation GCC takes operators new and delete of a coroutine's promise for a mismatch
  # when new is a template.
  target_compile_options(quire_build_options INTERFACE -Wno-mismatched-new-delete)
endif()
if(QUIRE_WERROR)
  target_compile_options(quire_build_options INTERFACE -Werror)
endif()
if(QUIRE_SANITIZE)
  target_compile_options(quire_build_options INTERFACE
    -fsanitize=${QUIRE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(quire_build_options INTERFACE -fsanitize=${QUIRE_SANITIZE})
  if(QUIRE_SANITIZE MATCHES "undefined")
    # To learn whether an object can be read, it writes it to a pipe; where no descriptor is left for
    # one, as in some tests, every object is wrong.
    target_compile_options(quire_build_options INTERFACE -fno-sanitize=vptr)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # The instrumentation misleads this warning, in std::regex for one.
    target_compile_options(quire_build_options INTERFACE -Wno-maybe-uninitialized)
    if(QUIRE_SANITIZE STREQUAL "thread")
      # Boost.Asio has fences, which ThreadSanitizer does not see.
      target_compile_options(quire_build_options INTERFACE -Wno-tsan)
    endif()
  endif()
endif()
if(QUIRE_FUZZ)
  target_compile_options(quire_build_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(QUIRE_COVERAGE)
  target_compile_options(quire_build_options INTERFACE --coverage)
  target_link_options(quire_build_options INTERFACE --coverage)
endif()
if(WIN32)
  target_compile_definitions(quire_build_options INTERFACE
    _WIN32_WINNT=0x0A00 WIN32_LEAN_AND_MEAN NOMINMAX UNICODE _UNICODE)
  target_link_options(quire_build_options INTERFACE -static)
endif()

# quire_library(NAME SOURCES...): the library quire_NAME with the alias quire::NAME.
function(quire_library name)
  add_library(quire_${name} STATIC ${ARGN})
  add_library(quire::${name} ALIAS quire_${name})
  set_target_properties(quire_${name} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
  target_compile_features(quire_${name} PUBLIC cxx_std_20)
  target_include_directories(quire_${name} PUBLIC
    $<BUILD_INTERFACE:${QUIRE_INCLUDE_DIR}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(quire_${name} PRIVATE $<BUILD_INTERFACE:quire_build_options>)
endfunction()
