#include <quire/io/epoll/proactor.hpp>
int main() {
  quire::io::error e{};
  quire::io::epoll::proactor io({}, e);
  return e == quire::io::error::none ? 0 : 1;
}
