# Headers are included as <quire/LAYER/NAME.hpp>, in this tree as after installation. In the build tree
# the folder `quire` holds a link to each layer, so that every build sees the headers where they lie.
set(QUIRE_INCLUDE_DIR "${CMAKE_CURRENT_BINARY_DIR}/include")
file(MAKE_DIRECTORY "${QUIRE_INCLUDE_DIR}/quire")
foreach(layer buffer parser io server)
  file(CREATE_LINK "${CMAKE_CURRENT_SOURCE_DIR}/${layer}" "${QUIRE_INCLUDE_DIR}/quire/${layer}"
       COPY_ON_ERROR SYMBOLIC)
endforeach()

# Header-only libraries of the host, for cross builds: linked one by one, because the host's whole
# include folder must never be seen by another platform's compiler.
function(quire_host_headers folder)
  file(MAKE_DIRECTORY "${folder}")
  foreach(name ${ARGN})
    if(EXISTS "/usr/include/${name}")
      file(CREATE_LINK "/usr/include/${name}" "${folder}/${name}" SYMBOLIC)
    endif()
  endforeach()
endfunction()
