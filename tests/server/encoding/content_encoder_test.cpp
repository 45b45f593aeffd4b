#include <quire/server/encoding/content_encoder.hpp>

#include "tests/decoding/decode.hpp"
#include "tests/server/encoding/counted_memory.hpp"

#include <quire/buffer/page_pool.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace quire::server {
namespace {

// Text of a size, not the same twice in a row.
std::string text(std::size_t size) {
  std::string out;
  for (unsigned i = 0; out.size() < size; ++i) {
    out += "<p>paragraph " + std::to_string(i * i % 1009) + " of " + std::to_string(i) + "</p>\n";
  }
  out.resize(size);
  return out;
}
std::string noise(std::size_t size) {
  std::string out(size, '\0');
  std::uint64_t x = 88172645463325252u;
  for (char& c : out) {
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    c = static_cast<char>(x);
  }
  return out;
}

using test::counted_memory;

class content_encoder : public testing::TestWithParam<coding_name> {
 protected:
  ~content_encoder() override {
    empty(in_);
    empty(out_);
    EXPECT_EQ(pool_.in_use(), 0U);
  }
  void empty(buffer& b) {
    while (page* const p = b.pop()) pool_.release(p);
  }
  void make_room(buffer& b, std::size_t size) {
    while (b.writable() < size) b.push(pool_.acquire());
  }
  void set_input(std::string_view content) {
    empty(in_);
    while (!content.empty()) {
      page* const p = pool_.acquire();
      std::size_t const here = std::min(content.size(), p->capacity());
      std::memcpy(p->write_position(), content.data(), here);
      p->commit_write(here);
      in_.push(p);
      content.remove_prefix(here);
    }
  }
  encoding_outcome encode_within(std::size_t size_max,
                                 encoder_memory const& memory = heap_memory()) {
    empty(out_);
    make_room(out_, size_max);
    encoding_outcome const outcome = encode(GetParam().coding, in_, out_, size_max, stop_, memory);
    EXPECT_LE(out_.size(), size_max);
    return outcome;
  }
  std::string output() const { return {out_.begin(), out_.end()}; }
  std::optional<std::string> decoded() const { return test::decode(GetParam().name, output()); }

  page_pool pool_{16u << 20};
  buffer in_;
  buffer out_;
  std::atomic<bool> stop_ = false;
};

TEST_P(content_encoder, makes_what_a_decoder_reads) {
  for (std::size_t const size : {0U, 1U, 4095U, 4096U, 4097U, 70'000U, 300'000U}) {
    std::string const content = text(size);
    set_input(content);
    ASSERT_EQ(encode_within(size + 1024), encoding_outcome::encoded) << size;
    EXPECT_TRUE(decoded() == content) << size;
    if (size > 4000) {
      EXPECT_LT(out_.size(), size / 3);
    }
  }
}

TEST_P(content_encoder, makes_the_same_of_the_same) {
  set_input(text(200'000));
  ASSERT_EQ(encode_within(200'000), encoding_outcome::encoded);
  std::string const first = output();
  ASSERT_EQ(encode_within(200'000), encoding_outcome::encoded);
  EXPECT_TRUE(output() == first);
}

TEST_P(content_encoder, writes_no_more_than_it_may) {
  set_input(text(60'000));
  ASSERT_EQ(encode_within(60'000), encoding_outcome::encoded);
  std::size_t const size = out_.size();
  EXPECT_EQ(encode_within(size), encoding_outcome::encoded);
  EXPECT_TRUE(decoded() == text(60'000));
  for (std::size_t const less : {std::size_t{0}, std::size_t{1}, size / 2, size - 1}) {
    EXPECT_EQ(encode_within(less), encoding_outcome::too_long) << less;
  }
}

TEST_P(content_encoder, finds_noise_too_long) {
  set_input(noise(100'000));
  EXPECT_EQ(encode_within(90'000), encoding_outcome::too_long);
  EXPECT_EQ(encode_within(101'000), encoding_outcome::encoded);
  EXPECT_TRUE(decoded() == noise(100'000));
}

TEST_P(content_encoder, survives_the_failure_of_any_allocation) {
  std::string const content = text(8000);
  set_input(content);
  counted_memory all;
  ASSERT_EQ(encode_within(8000, all.hooks()), encoding_outcome::encoded);
  EXPECT_EQ(all.in_use, 0U);
  ASSERT_GT(all.calls, 0U);
  for (std::size_t failing = 1; failing <= all.calls; ++failing) {
    counted_memory m{.failing = failing};
    EXPECT_EQ(encode_within(8000, m.hooks()), encoding_outcome::no_memory) << failing;
    EXPECT_EQ(m.in_use, 0U) << failing;
  }
}

TEST_P(content_encoder, stops_when_it_is_told_to) {
  set_input(text(300'000));
  counted_memory m{.sets = &stop_};
  EXPECT_EQ(encode_within(300'000, m.hooks()), encoding_outcome::stopped);
  EXPECT_EQ(m.in_use, 0U);
  EXPECT_LT(out_.size(), 100U);
}

TEST_P(content_encoder, stops_when_another_thread_tells_it_to) {
  set_input(noise(1'048'576));
  make_room(out_, 1'100'000);
  counted_memory m;
  encoding_outcome outcome = encoding_outcome::no_memory;
  std::thread worker(
      [&] { outcome = encode(GetParam().coding, in_, out_, 1'100'000, stop_, m.hooks()); });
  stop_ = true;
  worker.join();
  EXPECT_EQ(m.in_use, 0U);
  EXPECT_TRUE(outcome == encoding_outcome::stopped || outcome == encoding_outcome::encoded);
}

std::vector<coding_name> built_in() {
  std::vector<coding_name> all;
  for (coding_name const& n : encoded_codings) {
    if (encodable_codings().has(n.coding)) all.push_back(n);
  }
  return all;
}
INSTANTIATE_TEST_SUITE_P(, content_encoder, testing::ValuesIn(built_in()),
                         [](auto const& one) { return std::string(one.param.name); });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(content_encoder);

}  // namespace
}  // namespace quire::server
