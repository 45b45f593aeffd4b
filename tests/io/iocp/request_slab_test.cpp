// Requests in memory that stays locked: with functions that behave as that of Windows may, or none.
#include <quire/buffer/page_pool.hpp>
#include <quire/io/iocp/proactor.hpp>
#include <quire/io/iocp/request_slab.hpp>

#include "tests/io/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <windows.h>

#include <array>
#include <set>
#include <string>
#include <vector>

namespace quire::io::iocp {
namespace {

// What the function was asked for, and what it is to answer.
struct windows_with_the_function {
  std::uint32_t answer = ERROR_SUCCESS;
  std::vector<nt::handle> files;
  char const* first = nullptr;
  std::size_t size = 0;
};
windows_with_the_function* system_now = nullptr;

std::uint32_t lock_requests(nt::handle file, void* first, std::size_t size) noexcept {
  system_now->files.push_back(file);
  system_now->first = static_cast<char const*>(first);
  system_now->size = size;
  return system_now->answer;
}

class request_slab_fixture : public ::testing::Test {
 protected:
  request_slab_fixture() { system_now = &windows_; }
  ~request_slab_fixture() override { system_now = nullptr; }

  windows_with_the_function windows_;
  int some_file_ = 0;
  read_operation owner_;
};

TEST_F(request_slab_fixture, is_nothing_where_the_function_is_not_there) {
  request_slab slab(nullptr);
  EXPECT_FALSE(slab.add(&some_file_));
  EXPECT_EQ(slab.take(owner_), nullptr);
  overlapped elsewhere;
  EXPECT_EQ(slab.owner_of(&elsewhere), nullptr);
}

TEST_F(request_slab_fixture, whoever_may_not_lock_memory_is_asked_once) {
  windows_.answer = ERROR_PRIVILEGE_NOT_HELD;
  request_slab slab(&lock_requests);
  EXPECT_FALSE(slab.add(&some_file_));
  EXPECT_FALSE(slab.add(&some_file_));
  EXPECT_EQ(windows_.files.size(), 1u);
}

TEST_F(request_slab_fixture, a_file_that_refuses_speaks_for_itself_alone) {
  request_slab slab(&lock_requests);
  windows_.answer = ERROR_INVALID_FUNCTION;
  EXPECT_FALSE(slab.add(&some_file_));
  windows_.answer = ERROR_SUCCESS;
  EXPECT_TRUE(slab.add(&some_file_));
}

TEST_F(request_slab_fixture, gives_out_each_place_once_all_in_the_locked_range) {
  request_slab slab(&lock_requests);
  ASSERT_TRUE(slab.add(&some_file_));
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(windows_.first) % 4096, 0u);
  EXPECT_EQ(windows_.size, 4096u);
  std::vector<read_operation> owners(200);
  std::vector<overlapped*> taken;
  std::set<overlapped*> different;
  for (read_operation& o : owners) {
    if (overlapped* const place = slab.take(o)) {
      taken.push_back(place);
      different.insert(place);
    }
  }
  EXPECT_GT(taken.size(), 50u);
  EXPECT_LT(taken.size(), owners.size());
  EXPECT_EQ(different.size(), taken.size());
  for (std::size_t i = 0; i != taken.size(); ++i) {
    auto const* const at = reinterpret_cast<char const*>(taken[i]);
    EXPECT_GE(at, windows_.first);
    EXPECT_LE(at + sizeof(overlapped), windows_.first + windows_.size);
    EXPECT_EQ(slab.owner_of(taken[i]), &owners[i]);
  }
  slab.give_back(*taken[7]);
  EXPECT_EQ(slab.take(owner_), taken[7]);
  EXPECT_EQ(slab.owner_of(taken[7]), &owner_);
}

struct reading {
  reading() { op.bind<&reading::complete>(this); }
  void complete() noexcept { ++completions; }
  read_operation op;
  int completions = 0;
};

class reads_in_slab : public request_slab_fixture {
 protected:
  reads_in_slab() {
    files_.make_file("f", text_);
    loop_.open(root_, files_.root(), error_);
    EXPECT_EQ(error_, error::none);
    open_operation opened;
    struct owner {
      void complete() noexcept {}
    } nobody;
    opened.bind<&owner::complete>(&nobody);
    loop_.open(root_, opened, "f");
    while (!opened.idle()) loop_.run_once(wait::yes);
    EXPECT_EQ(opened.result(), error::none);
    loop_.adopt(file_, opened);
  }
  ~reads_in_slab() override {
    loop_.close(file_);
    loop_.close(root_);
  }

  using open_operation = proactor::open_operation;

  // All of these at the same time: one piece of the file each.
  void read(std::size_t count) {
    std::vector<reading> reads(count);
    std::vector<std::array<char, 100>> memory(count);
    std::vector<mutable_span> spans(count);
    for (std::size_t i = 0; i != count; ++i) {
      spans[i] = {memory[i].data(), memory[i].size()};
      loop_.read(file_, reads[i].op, i, {&spans[i], 1});
    }
    for (std::size_t i = 0; i != count; ++i) {
      while (!reads[i].op.idle()) loop_.run_once(wait::yes);
      EXPECT_EQ(reads[i].completions, 1);
      EXPECT_EQ(reads[i].op.result(), error::none);
      EXPECT_EQ(std::string(memory[i].data(), memory[i].size()), text_.substr(i, 100));
    }
  }
  // What the system has left in the range: requests that it carried out there.
  std::size_t carried_out_in_range() const {
    constexpr std::size_t place = sizeof(overlapped) + 2 * sizeof(void*);
    std::size_t n = 0;
    for (std::size_t at = 0; at + place <= windows_.size; at += place) {
      n += reinterpret_cast<overlapped const*>(windows_.first + at)->system_count == 100;
    }
    return n;
  }

  std::string const text_ = [] {
    std::string text(1000, '\0');
    for (std::size_t i = 0; i != text.size(); ++i) text[i] = static_cast<char>(i * 7 % 251);
    return text;
  }();
  test::temporary_directory files_;
  page_pool pool_{4u << 20};
  error error_ = error::other;
  proactor loop_{{.pool = &pool_}, {.functions = {.lock_requests = &lock_requests}}, error_};
  proactor::directory root_;
  file file_;
};

TEST_F(reads_in_slab, a_file_that_is_read_once_is_not_worth_the_call) {
  read(1);
  EXPECT_TRUE(windows_.files.empty());
}

TEST_F(reads_in_slab, a_file_that_is_read_again_has_its_requests_locked_once) {
  read(1);
  read(1);
  EXPECT_EQ(windows_.files, std::vector<nt::handle>{file_.handle()});
  EXPECT_EQ(carried_out_in_range(), 1u);
  read(20);
  EXPECT_EQ(windows_.files.size(), 1u);
  EXPECT_EQ(carried_out_in_range(), 20u);
}

TEST_F(reads_in_slab, reads_beyond_its_places_use_their_own) {
  read(500);
  EXPECT_EQ(windows_.files.size(), 1u);
  read(500);
}

TEST_F(reads_in_slab, a_refusal_is_silent) {
  windows_.answer = ERROR_INVALID_FUNCTION;
  read(50);
  EXPECT_EQ(windows_.files.size(), 1u);
  EXPECT_EQ(carried_out_in_range(), 0u);
}

// Whether or not this system has them, what is found can be called or is null.
TEST(system_functions, those_that_are_missing_are_null) {
  nt::system_functions const found = nt::find_system_functions();
  HMODULE const library = ::GetModuleHandleW(L"kernel32.dll");
  auto const there = [&](char const* name) { return ::GetProcAddress(library, name) != nullptr; };
  EXPECT_EQ(found.lock_requests != nullptr, there("SetFileIoOverlappedRange"));
  EXPECT_EQ(found.reserve_bandwidth != nullptr, there("SetFileBandwidthReservation"));
}

}  // namespace
}  // namespace quire::io::iocp
