// Forms that are there as long as somebody holds them.
#include <quire/server/encoded_forms.hpp>

#include "tests/decoding/decode.hpp"
#include "tests/noise.hpp"
#include "tests/server/encoding/counted_memory.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace quire::server {
namespace {

constexpr content_coding gzip = content_coding::gzip;

// A file in one page.
class file {
 public:
  explicit file(std::string content, std::string path = "f", std::string tag = "\"1\"")
      : of{std::move(path), std::move(tag), content.size()},
        content_(std::move(content)),
        page_(content_.data(), content_.data() + content_.size()) {
    page_.commit_write(content_.size());
    in.push(&page_);
  }

  file_content of;
  buffer in;

 private:
  std::string content_;
  page page_;
};

std::string repeated(std::string_view line, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i != count; ++i) out += line;
  return out;
}

std::optional<std::string> decoded(encoded_form const& f) {
  return test::decode("gzip", {f.bytes().data, f.bytes().size});
}

class encoded_forms_test : public testing::Test {
 protected:
  void SetUp() override {
    if (!encodable_codings().has(gzip)) GTEST_SKIP() << "this build has no zlib";
  }
  encoding_result get(file const& f, content_coding coding = gzip) {
    return forms_.get(f.of, coding, f.in, stop_);
  }

  std::string const text_ = repeated("a line of text\n", 300);
  test::counted_memory memory_;
  encoded_forms forms_{memory_.hooks()};
  std::atomic<bool> stop_ = false;
};

TEST_F(encoded_forms_test, one_that_is_held_is_there_for_all) {
  file const f(text_);
  EXPECT_EQ(forms_.find(f.of, gzip), nullptr);
  encoding_result const first = get(f);
  ASSERT_EQ(first.outcome, encoding_outcome::encoded);
  EXPECT_EQ(first.form->outcome(), encoding_outcome::encoded);
  EXPECT_EQ(decoded(*first.form), text_);
  EXPECT_TRUE(first.form->entity_tag().ends_with("-gzip\"")) << first.form->entity_tag();
  encoding_result const second = get(f);
  EXPECT_EQ(second.outcome, encoding_outcome::encoded);
  EXPECT_EQ(second.form, first.form);
  EXPECT_EQ(forms_.find(f.of, gzip), first.form);
  EXPECT_EQ(memory_.runs, 1U);
}

TEST_F(encoded_forms_test, one_that_nobody_holds_is_gone) {
  file const f(text_);
  encoding_result first = get(f);
  auto other = first.form;
  first.form.reset();
  EXPECT_NE(forms_.find(f.of, gzip), nullptr);
  EXPECT_EQ(forms_.count(), 1U);
  other.reset();
  EXPECT_EQ(forms_.find(f.of, gzip), nullptr);
  EXPECT_EQ(forms_.count(), 0U);
  EXPECT_EQ(get(f).outcome, encoding_outcome::encoded);
  EXPECT_EQ(memory_.runs, 2U);
}

TEST_F(encoded_forms_test, each_file_version_and_coding_has_its_own) {
  file const f(text_);
  encoding_result const held = get(f);
  file const elsewhere(text_, "g");
  file const changed(text_, "f", "\"2\"");
  file const longer(text_ + "end", "f");
  for (file const* const other : {&elsewhere, &changed, &longer}) {
    EXPECT_EQ(forms_.find(other->of, gzip), nullptr);
    EXPECT_NE(get(*other).form, held.form);
  }
  EXPECT_EQ(forms_.find(f.of, content_coding::br), nullptr);
  EXPECT_EQ(forms_.find(f.of, content_coding::zstd), nullptr);
  EXPECT_EQ(memory_.runs, 4U);
}

TEST_F(encoded_forms_test, what_no_coding_makes_smaller_is_known_while_somebody_remembers) {
  file const f(test::noise(5000));
  encoding_result first = get(f);
  EXPECT_EQ(first.outcome, encoding_outcome::too_long);
  ASSERT_NE(first.form, nullptr);
  for (coding_name const& n : encoded_codings) {
    if (!encodable_codings().has(n.coding)) continue;
    encoding_result const again = get(f, n.coding);
    EXPECT_EQ(again.outcome, encoding_outcome::too_long) << n.name;
    EXPECT_EQ(again.form, first.form);
  }
  EXPECT_EQ(memory_.runs, 1U);
  EXPECT_EQ(forms_.count(), 1U);
  first.form.reset();
  EXPECT_EQ(forms_.count(), 0U);
  EXPECT_EQ(get(f).outcome, encoding_outcome::too_long);
  EXPECT_EQ(memory_.runs, 2U);
}

TEST_F(encoded_forms_test, what_fails_is_not_remembered) {
  file const f(text_);
  memory_.failing = 1;
  encoding_result const failed = get(f);
  EXPECT_EQ(failed.outcome, encoding_outcome::no_memory);
  EXPECT_EQ(failed.form, nullptr);
  stop_ = true;
  EXPECT_EQ(get(f).outcome, encoding_outcome::stopped);
  EXPECT_EQ(forms_.entries(), 0U);
  stop_ = false;
  EXPECT_EQ(get(f).outcome, encoding_outcome::encoded);
  // Who finds it needs neither memory nor time.
  encoding_result const held = get(f);
  stop_ = true;
  memory_.failing = memory_.calls + 1;
  EXPECT_EQ(get(f).form, held.form);
}

TEST_F(encoded_forms_test, what_is_gone_takes_no_room_for_long) {
  constexpr int count = 1000;
  std::vector<encoding_result> held;
  for (int i = 0; i != count; ++i) {
    encoding_result made = get(file(text_, "f" + std::to_string(i)));
    ASSERT_EQ(made.outcome, encoding_outcome::encoded);
    if (i % 10 == 0) held.push_back(std::move(made));
  }
  EXPECT_EQ(forms_.count(), held.size());
  EXPECT_LE(forms_.entries(), 2 * held.size());
  for (int i = 0; i != count; ++i) {
    auto const form = forms_.find(file(text_, "f" + std::to_string(i)).of, gzip);
    EXPECT_EQ(form, i % 10 == 0 ? held[static_cast<std::size_t>(i / 10)].form : nullptr) << i;
  }
}

// Encoders of several threads at once, which take turns in having made it.
TEST(encoded_forms, are_the_same_for_all_threads) {
  if (!encodable_codings().has(gzip)) GTEST_SKIP() << "this build has no zlib";
  encoded_forms forms;
  std::array<file, 3> const files{file(repeated("one ", 500), "1"),
                                  file(repeated("two ", 600), "2"), file(test::noise(2000), "3")};
  std::atomic<bool> const stop = false;
  std::atomic<int> wrong = 0;
  std::atomic<int> shared = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t != 4; ++t) {
    threads.emplace_back([&, t] {
      std::array<encoding_result, 3> held;
      for (int i = 0; i != 300; ++i) {
        auto const which = static_cast<std::size_t>(i + t) % files.size();
        file const& f = files[which];
        bool const found = forms.find(f.of, gzip) != nullptr;
        encoding_result const r = forms.get(f.of, gzip, f.in, stop);
        if (r.outcome == encoding_outcome::encoded) {
          std::string const in(f.in.begin(), f.in.end());
          if (decoded(*r.form) != in) ++wrong;
        } else if (which != 2 || r.outcome != encoding_outcome::too_long) {
          ++wrong;
        }
        if (found) ++shared;
        if (i % 7 == 0) held = {};
        held[which] = r;
      }
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(shared, 0);
  EXPECT_EQ(forms.count(), 0U);
}

}  // namespace
}  // namespace quire::server
