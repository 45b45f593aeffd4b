// What Linux says of this process's memory.
#pragma once

#include <sys/uio.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>

namespace quire::test {

// What the line of this name says of the mapping in which an address lies (proc(5), smaps), with a
// blank on both sides; empty when there is none.
inline std::string mapping_fact(void const* address, std::string_view name) {
  auto const number = reinterpret_cast<std::uintptr_t>(address);
  std::ifstream maps("/proc/self/smaps");
  bool here = false;
  for (std::string line; std::getline(maps, line);) {
    unsigned long first = 0;
    unsigned long last = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx ", &first, &last) == 2) {
      here = first <= number && number < last;
    } else if (here && line.starts_with(name)) {
      return line.substr(name.size()) + " ";
    }
  }
  return {};
}

// Writes an x there if that can be done: the kernel's own copy obeys the protection where a write
// would end the program.
inline bool can_be_written(void* place) {
  char byte = 'x';
  iovec const from{&byte, 1};
  iovec const to{place, 1};
  return ::process_vm_writev(::getpid(), &from, 1, &to, 1, 0) == 1;
}

}  // namespace quire::test
