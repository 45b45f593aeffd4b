#include <quire/io/windows/link_target.hpp>

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace quire::io::nt {
namespace {

constexpr std::uint32_t symbolic_link = 0xa000000c;
constexpr std::uint32_t mount_point = 0xa0000003;

void append(std::vector<std::byte>& data, std::uint32_t value, std::size_t size) {
  for (std::size_t i = 0; i != size; ++i) data.push_back(std::byte(value >> (8 * i) & 0xff));
}

// Reparse data as Windows makes it: first the name that is shown, then the one that is opened.
std::vector<std::byte> link_data(std::u16string_view target, std::uint32_t flags = 1,
                                 std::uint32_t tag = symbolic_link) {
  std::u16string_view const shown = u"shown";
  auto const octets = [](std::u16string_view s) {
    return static_cast<std::uint32_t>(2 * s.size());
  };
  std::vector<std::byte> data;
  append(data, tag, 4);
  append(data, 12 + octets(shown) + octets(target), 2);
  append(data, 0, 2);
  append(data, octets(shown), 2);
  append(data, octets(target), 2);
  append(data, 0, 2);
  append(data, octets(shown), 2);
  append(data, flags, 4);
  for (char16_t const unit : shown) append(data, unit, 2);
  for (char16_t const unit : target) append(data, unit, 2);
  return data;
}

// The target, or the name of the error.
std::string outcome(std::vector<std::byte> const& data) {
  std::array<char, 256> memory;
  std::size_t size = 0;
  error const e = read_link_target(data, memory, size);
  return e == error::none ? std::string(memory.data(), size) : "! " + std::string(name(e));
}

TEST(link_target, a_relative_link_leads_to_its_target) {
  EXPECT_EQ(outcome(link_data(u"page.html")), "page.html");
  EXPECT_EQ(outcome(link_data(u"..\\d\\\u00fc.html")), "../d/\xc3\xbc.html");
  EXPECT_EQ(outcome(link_data(u"")), "");
}

TEST(link_target, a_target_from_the_top_of_the_drive_begins_with_a_slash) {
  EXPECT_EQ(outcome(link_data(u"\\windows\\win.ini")), "/windows/win.ini");
}

TEST(link_target, an_absolute_link_and_a_mount_point_lead_outside) {
  EXPECT_EQ(outcome(link_data(u"\\??\\C:\\site\\page.html", 0)), "! outside_root");
  EXPECT_EQ(outcome(link_data(u"\\??\\C:\\site", 1, mount_point)), "! outside_root");
}

TEST(link_target, other_reparse_points_are_no_files) {
  // An alias of a store's program, a file in the cloud, a link or a socket of WSL.
  for (std::uint32_t const tag : {0x8000001bu, 0x9000001au, 0xa000001du, 0x80000023u, 0u}) {
    EXPECT_EQ(outcome(link_data(u"page.html", 1, tag)), "! not_regular");
  }
}

TEST(link_target, data_that_is_cut_off_anywhere_is_refused) {
  std::vector<std::byte> const whole = link_data(u"page.html");
  for (std::size_t size = 0; size != whole.size(); ++size) {
    EXPECT_EQ(outcome({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}),
              "! not_regular")
        << size;
  }
}

TEST(link_target, a_name_that_reaches_beyond_the_data_is_refused) {
  std::vector<std::byte> data = link_data(u"page.html");
  data[8] = std::byte{200};  // Where the name begins.
  EXPECT_EQ(outcome(data), "! not_regular");
  data = link_data(u"page.html");
  data[10] = std::byte{19};  // Its size: odd.
  EXPECT_EQ(outcome(data), "! not_regular");
  data = link_data(u"page.html");
  data[4] = std::byte{4};  // The size of the data.
  EXPECT_EQ(outcome(data), "! not_regular");
  EXPECT_EQ(outcome(std::vector<std::byte>(reparse_data_max + 1, std::byte{0})), "! not_regular");
}

TEST(link_target, a_target_that_is_no_text_or_too_long_is_refused) {
  EXPECT_EQ(outcome(link_data(std::u16string(1, 0xd800))), "! name_too_long");
  EXPECT_EQ(outcome(link_data(std::u16string(300, u'x'))), "! name_too_long");
}

}  // namespace
}  // namespace quire::io::nt
