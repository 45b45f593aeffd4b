#include <quire/io/iocp/proactor.hpp>
int main() {
  quire::io::error e{};
  quire::io::iocp::proactor io({}, e);
  return e == quire::io::error::none ? 0 : 1;
}
