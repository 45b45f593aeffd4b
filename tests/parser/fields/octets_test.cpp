#include <quire/parser/fields/octets.hpp>

#include <gtest/gtest.h>

#include <string>

using namespace quire::http;

namespace {

template <class Predicate>
std::string members(Predicate in) {
  std::string out;
  for (int octet = 0; octet < 256; ++octet) {
    if (in(static_cast<char>(octet))) out += static_cast<char>(octet);
  }
  return out;
}

std::string octets(int first, int last) {
  std::string out;
  for (int octet = first; octet <= last; ++octet) out += static_cast<char>(octet);
  return out;
}

TEST(octets, has_the_classes_of_the_grammar) {
  std::string const digits = "0123456789";
  std::string const upper = octets('A', 'Z');
  std::string const lower = octets('a', 'z');
  EXPECT_EQ(members(is_escapable), "\t" + octets(0x20, 0x7e) + octets(0x80, 0xff));
  EXPECT_EQ(members(is_entity_tag_octet), "!" + octets(0x23, 0x7e) + octets(0x80, 0xff));
  EXPECT_EQ(members(is_path_octet), "!$&'()*+,-./" + digits + ":;=@" + upper + "_" + lower + "~");
  EXPECT_EQ(digit_value('7'), 7);
}

}  // namespace
