#include "bench/parser/peer.h"
#include "bench/parser/subject.hpp"

#include <dlfcn.h>
#include <stdexcept>

namespace quire::bench {

void add_shared_object_subject(std::vector<subject>& subjects, std::string const& argument) {
  std::size_t const mark = argument.find('=');
  if (mark == std::string::npos) {
    throw std::runtime_error("--peer takes NAME=FILE.so, not '" + argument + "'");
  }
  std::string const file = argument.substr(mark + 1);
  void* const object = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (object == nullptr) throw std::runtime_error(dlerror());
  auto* const function =
      reinterpret_cast<quire_bench_parse_function*>(dlsym(object, "quire_bench_parse"));
  if (function == nullptr) throw std::runtime_error(file + " exports no quire_bench_parse");
  subjects.push_back(
      {argument.substr(0, mark), [function](input const& in) -> std::function<outcome()> {
         return [function, &in] {
           outcome out;
           out.good = function(in.octets.data(), in.octets.size(), &out.used, &out.fields) == 0;
           return out;
         };
       }});
}

}  // namespace quire::bench
