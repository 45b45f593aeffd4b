#include <quire/server/site/status.hpp>

#include <gtest/gtest.h>

#include <string>

using namespace quire::server;

namespace {

TEST(status, has_the_reason_phrases_of_the_rfc) {
  EXPECT_EQ(reason_phrase(status::ok), "OK");
  EXPECT_EQ(reason_phrase(status::partial_content), "Partial Content");
  EXPECT_EQ(reason_phrase(status::moved_permanently), "Moved Permanently");
  EXPECT_EQ(reason_phrase(status::content_too_large), "Content Too Large");
  EXPECT_EQ(reason_phrase(status::request_header_fields_too_large),
            "Request Header Fields Too Large");
  EXPECT_EQ(reason_phrase(status{299}), "");
  EXPECT_EQ(reason_phrase(status{99}), "");
  EXPECT_EQ(reason_phrase(status{600}), "");
}

TEST(status, names_every_code_that_the_server_sends) {
  for (int const sent : {200, 206, 301, 304, 308, 400, 403, 404, 405, 408, 411,
                         412, 413, 414, 416, 417, 421, 431, 500, 501, 503, 505}) {
    EXPECT_FALSE(reason_phrase(static_cast<status>(sent)).empty()) << sent;
    EXPECT_EQ(code(static_cast<status>(sent)), sent);
    EXPECT_EQ(status_line(static_cast<status>(sent)).substr(0, 13),
              "HTTP/1.1 " + std::to_string(sent) + " ");
  }
}

}  // namespace
