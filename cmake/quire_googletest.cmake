# GoogleTest from the source that Debian ships, so that it is built by the same compiler, with the same
# sanitizers and for the same platform as the tests.
find_path(QUIRE_GOOGLETEST_SOURCE googletest/CMakeLists.txt PATHS /usr/src/googletest
          NO_CMAKE_FIND_ROOT_PATH)
if(NOT QUIRE_GOOGLETEST_SOURCE)
  message(FATAL_ERROR "GoogleTest's source is missing: apt-get install googletest, or set "
                      "QUIRE_GOOGLETEST_SOURCE to its folder.")
endif()
set(INSTALL_GTEST OFF CACHE BOOL "" FORCE)
set(BUILD_GMOCK OFF CACHE BOOL "" FORCE)
set(gtest_disable_pthreads OFF CACHE BOOL "" FORCE)
add_subdirectory("${QUIRE_GOOGLETEST_SOURCE}" googletest EXCLUDE_FROM_ALL SYSTEM)
# What is tested is optimised as the preset says; the tests themselves are not, but where a folder sets
# this: that takes half of the time to compile, and under sanitizers a quarter.
set(QUIRE_TEST_OPTIMISATION -O0)
foreach(target gtest gtest_main)
  target_compile_options(${target} PRIVATE ${QUIRE_TEST_OPTIMISATION})
  if(QUIRE_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${QUIRE_SANITIZE})
  endif()
endforeach()

# What all tests need to run: Wine's server, where they are programs for Windows.
if(CMAKE_CROSSCOMPILING)
  set(QUIRE_TEST_FIXTURE wine)
endif()

# The files of a test program compiled several at a time, where that is wanted.
function(quire_compile_together name)
  target_compile_options(${name} PRIVATE ${QUIRE_TEST_OPTIMISATION})
  set_target_properties(${name} PROPERTIES UNITY_BUILD "${QUIRE_UNITY_TESTS}" UNITY_BUILD_BATCH_SIZE 5)
endfunction()

# quire_test(NAME SOURCES...): the test program NAME; each of its tests is known to CTest by name.
include(GoogleTest)
function(quire_test name)
  add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE quire_build_options GTest::gtest_main)
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}")
  quire_compile_together(${name})
  if(CMAKE_CROSSCOMPILING)
    # One process per program: starting Wine for each test costs more than the tests.
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES TIMEOUT 600 COST 10
                         FIXTURES_REQUIRED "${QUIRE_TEST_FIXTURE}")
  else()
    set(filter)
    if(QUIRE_SANITIZE STREQUAL "thread")  # The simulated back end has one thread.
      set(filter TEST_FILTER "-*/sim.*")
    endif()
    gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 ${filter} PROPERTIES TIMEOUT 300)
  endif()
endfunction()
