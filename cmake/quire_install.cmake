# Installation, and what other builds find afterwards: headers as <quire/LAYER/NAME.hpp>, static
# libraries, a CMake package with a component for each library, and a pkg-config file for each.
# All of them find each other relative to where they lie, so that an installed tree can be moved.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(QUIRE_PACKAGE_DIR "${CMAKE_INSTALL_LIBDIR}/cmake/quire")

# quire_install_library(NAME): the library quire::NAME. What it is linked with is told to pkg-config: other
# libraries of quire as what it requires, those of the system by their names.
function(quire_install_library name)
  install(TARGETS quire_${name} EXPORT quire-${name} COMPONENT development
          ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
  install(EXPORT quire-${name} NAMESPACE quire:: FILE quire-${name}.cmake
          DESTINATION "${QUIRE_PACKAGE_DIR}" COMPONENT development)
  file(RELATIVE_PATH up "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/.")
  string(REGEX REPLACE "/$" "" up "${up}")
  set(requires)
  set(libraries)
  get_target_property(linked quire_${name} INTERFACE_LINK_LIBRARIES)
  foreach(library IN LISTS linked)
    if(library MATCHES "^quire::(.+)$")
      list(APPEND requires "quire-${CMAKE_MATCH_1}")
    elseif(library STREQUAL "Threads::Threads")
      list(APPEND libraries -pthread)
    elseif(library MATCHES "^[A-Za-z0-9_]+$")
      list(APPEND libraries "-l${library}")
    elseif(NOT library MATCHES "^\\$<(BUILD_INTERFACE|LINK_ONLY:\\$<BUILD_INTERFACE):")
      message(FATAL_ERROR "quire_${name} is linked with ${library}: how does one tell pkg-config?")
    endif()
  endforeach()
  list(JOIN requires ", " requires)
  list(JOIN libraries " " libraries)
  configure_file("${PROJECT_SOURCE_DIR}/cmake/quire.pc.in"
                 "${PROJECT_BINARY_DIR}/package/quire-${name}.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/package/quire-${name}.pc" COMPONENT development
          DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endfunction()

# quire_install_headers(FOLDER [EXCEPT regex]): the headers in FOLDER and below. One by one: a folder
# without headers is not made.
function(quire_install_headers folder)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "EXCEPT" "")
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}"
       "${PROJECT_SOURCE_DIR}/${folder}/*.hpp")
  if(arg_EXCEPT)
    list(FILTER headers EXCLUDE REGEX "${arg_EXCEPT}")
  endif()
  foreach(header IN LISTS headers)
    cmake_path(GET header PARENT_PATH subfolder)
    install(FILES "${PROJECT_SOURCE_DIR}/${header}" COMPONENT development
            DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/quire/${subfolder}")
  endforeach()
endfunction()

quire_install_headers(buffer)
quire_install_library(buffer)
quire_install_headers(parser)
quire_install_library(parser)
if(TARGET quire_io)
  quire_install_headers(io EXCEPT "^io/asio/")
  quire_install_library(io)
endif()
if(TARGET quire_io_asio)
  quire_install_headers(io/asio)
  quire_install_library(io_asio)
endif()
if(QUIRE_SERVER)
  install(TARGETS quire COMPONENT program)
endif()
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" TYPE DOC)

configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/quire-config.cmake.in"
  "${PROJECT_BINARY_DIR}/package/quire-config.cmake" INSTALL_DESTINATION "${QUIRE_PACKAGE_DIR}"
  NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
# Until 1.0 a new minor version may break what used the one before.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/package/quire-config-version.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/package/quire-config.cmake"
              "${PROJECT_BINARY_DIR}/package/quire-config-version.cmake"
        DESTINATION "${QUIRE_PACKAGE_DIR}" COMPONENT development)
