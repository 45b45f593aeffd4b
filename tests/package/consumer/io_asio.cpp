#include <quire/io/asio/proactor.hpp>
int main() {
  quire::io::error e{};
  quire::io::asio::proactor io({}, e);
  return e == quire::io::error::none ? 0 : 1;
}
