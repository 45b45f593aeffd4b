#include <quire/io/windows/error.hpp>

#include <gtest/gtest.h>

#include <winsock2.h>

#include <windows.h>

namespace quire::io::nt {
namespace {

TEST(windows_error, calls_and_sockets_have_numbers_of_one_kind) {
  EXPECT_EQ(translate(ERROR_SUCCESS), error::none);
  EXPECT_EQ(translate(ERROR_FILE_NOT_FOUND), error::not_found);
  EXPECT_EQ(translate(ERROR_ACCESS_DENIED), error::access_denied);
  EXPECT_EQ(translate(WSAECONNRESET), error::connection_reset);
  EXPECT_EQ(translate(WSAEADDRINUSE), error::address_in_use);
  EXPECT_EQ(translate(WSAEMFILE), error::too_many_open_files);
  EXPECT_EQ(translate(0xFFFFFFFF), error::other);
}

// What a completion port says of a request.
TEST(windows_error, a_status_comes_to_the_same_as_the_error_of_a_call) {
  auto const of_status = [](std::uint32_t status) {
    return translate(error_number(static_cast<std::int32_t>(status)));
  };
  EXPECT_EQ(of_status(0), error::none);
  EXPECT_EQ(of_status(0x00000103), error::none);                // STATUS_PENDING
  EXPECT_EQ(of_status(0xC0000120), error::canceled);            // STATUS_CANCELLED
  EXPECT_EQ(of_status(0xC000020D), error::connection_reset);    // STATUS_CONNECTION_RESET
  EXPECT_EQ(of_status(0xC000013B), error::connection_reset);    // STATUS_LOCAL_DISCONNECT
  EXPECT_EQ(of_status(0xC0000236), error::connection_refused);  // STATUS_CONNECTION_REFUSED
  EXPECT_EQ(of_status(0xC0000241), error::connection_reset);    // STATUS_CONNECTION_ABORTED
  EXPECT_EQ(of_status(0xC00000B5), error::timed_out);           // STATUS_IO_TIMEOUT
  EXPECT_EQ(of_status(0xC000009A), error::no_memory);           // STATUS_INSUFFICIENT_RESOURCES
  EXPECT_EQ(of_status(0xC0000022), error::access_denied);       // STATUS_ACCESS_DENIED
  EXPECT_EQ(of_status(0xC000023C), error::unreachable);         // STATUS_NETWORK_UNREACHABLE
  EXPECT_EQ(error_number(static_cast<std::int32_t>(0xC0000011)),
            std::uint32_t{ERROR_HANDLE_EOF});  // STATUS_END_OF_FILE
}

}  // namespace
}  // namespace quire::io::nt
