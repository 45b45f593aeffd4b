// Accepting, where it fails.
#include "tests/io/contract_fixture.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace quire::test {
namespace {

template <class BackEnd>
class contract_accepts : public contract<BackEnd> {
 public:
  using typename contract<BackEnd>::stream;
  using typename contract<BackEnd>::accept_op;
  using typename contract<BackEnd>::connect_op;

  // Connects one more client.
  void connect_to(typename contract<BackEnd>::proactor::listener const& l) {
    clients.push_back(std::make_unique<stream>());
    connect_op connected;
    this->loop.connect(*clients.back(), this->loop.local_endpoint(l), connected.op);
    this->run_until_done(connected);
    ASSERT_EQ(connected.result(), error::none);
  }
  ~contract_accepts() override {
    for (auto const& c : clients) this->loop.close(*c);
  }

  std::vector<std::unique_ptr<stream>> clients;
};
TYPED_TEST_SUITE(contract_accepts, back_ends, back_end_name);

TYPED_TEST(contract_accepts, contract_28_a_connection_that_is_lost_is_passed_over) {
  typename TestFixture::proactor::listener l;
  ASSERT_EQ(this->loop.listen(l, this->loopback(), {}), error::none);
  typename TestFixture::accept_op accepted;
  this->loop.accept(l, accepted.op);
  for (int i = 0; i != 3; ++i) {
    {
      typename TypeParam::lost_connections const losing(this->loop);
      this->connect_to(l);
      // It ends by a reset, or by an end.
      typename TestFixture::receive_op received;
      buffer b;
      this->loop.receive(*this->clients.back(), received.op, b);
      this->run_until_done(received);
      EXPECT_EQ(received.transferred(), 0u);
    }
    this->turn();
    ASSERT_FALSE(accepted.done());
  }
  this->connect_to(l);
  this->run_until_done(accepted);
  ASSERT_EQ(accepted.result(), error::none);
  ASSERT_EQ(this->loop.adopt(this->server, accepted.op), error::none);
  this->send_all(*this->clients.back(), "hello");
  EXPECT_EQ(this->receive_exactly(this->server, 5), "hello");
  this->loop.close(l);
}

// A client that resets at once.
TYPED_TEST(contract_accepts, contract_28_a_connection_that_was_given_up_keeps_none_from_the_next) {
  typename TestFixture::proactor::listener l;
  ASSERT_EQ(this->loop.listen(l, this->loopback(), {}), error::none);
  constexpr std::size_t given_up = 3;
  for (std::size_t i = 0; i != given_up; ++i) {
    this->connect_to(l);
    this->loop.abort(*this->clients.back());
    this->clients.pop_back();
  }
  this->connect_to(l);
  this->send_all(*this->clients.back(), "hello");
  // Systems tell of the others or do not.
  bool found = false;
  for (std::size_t i = 0; i != given_up + 1 && !found; ++i) {
    typename TestFixture::accept_op accepted;
    this->loop.accept(l, accepted.op);
    this->run_until_done(accepted);
    ASSERT_EQ(accepted.result(), error::none);
    ASSERT_EQ(this->loop.adopt(this->server, accepted.op), error::none);
    typename TestFixture::receive_op received;
    buffer b;
    this->loop.receive(this->server, received.op, b);
    this->run_until_done(received);
    found = received.result() == error::none && this->take(b) == "hello";
    this->release(b);
    this->loop.close(this->server);
  }
  EXPECT_TRUE(found);
  this->loop.close(l);
}

// More connections than any back end takes ahead of the accepts.
TYPED_TEST(contract_accepts, contract_28_what_finds_no_descriptor_waits_until_there_is_one) {
  typename TestFixture::proactor::listener l;
  ASSERT_EQ(this->loop.listen(l, this->loopback(), {}), error::none);
  constexpr std::size_t count = 40;
  for (std::size_t i = 0; i != count; ++i) this->connect_to(l);
  std::size_t came = 0;
  {
    typename TypeParam::no_descriptors const none(this->loop);
    // Each of several that wait is told.
    std::array<typename TestFixture::accept_op, count + 2> accepts;
    for (auto& a : accepts) this->loop.accept(l, a.op);
    for (auto& a : accepts) {
      this->run_until_done(a);
      if (a.result() == error::none) {
        ++came;
        this->loop.discard(a.op);
      } else {
        ASSERT_EQ(a.result(), error::too_many_open_files);
      }
    }
    EXPECT_LT(came, count);
  }
  for (; came != count; ++came) {
    typename TestFixture::accept_op accepted;
    this->loop.accept(l, accepted.op);
    this->run_until_done(accepted);
    ASSERT_EQ(accepted.result(), error::none);
    this->loop.discard(accepted.op);
  }
  this->loop.close(l);
}

}  // namespace
}  // namespace quire::test
