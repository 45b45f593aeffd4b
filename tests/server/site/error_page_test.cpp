#include <quire/server/site/error_page.hpp>

#include <gtest/gtest.h>

#include <string>

using namespace quire::server;

namespace {

std::string written(error_page const& page, std::size_t room = 4096) {
  std::string out(room, '?');
  auto const size = write_error_page(page, out);
  return size ? out.substr(0, *size) : "no room";
}

TEST(error_page, names_the_status_and_explains_it) {
  EXPECT_EQ(written({.code = status::not_found}),
            "<!doctype html>\n"
            "<html lang=\"en\">\n"
            "<meta charset=\"utf-8\">\n"
            "<title>404 Not Found</title>\n"
            "<h1>404 Not Found</h1>\n"
            "<p>There is no such page.</p>\n");
}

TEST(error_page, has_a_page_for_every_code_that_the_server_sends) {
  for (int const sent : {301, 308, 400, 403, 404, 405, 408, 411, 412, 413, 414, 416, 417, 421, 431,
                         500, 501, 503, 505}) {
    auto const text = written({.code = static_cast<status>(sent)});
    EXPECT_NE(text.find("<h1>" + std::to_string(sent) + " "), std::string::npos) << text;
    EXPECT_NE(text.find("<p>"), std::string::npos) << text;
  }
}

TEST(error_page, escapes_what_comes_from_outside) {
  using namespace std::string_view_literals;
  auto const text = written({.code = status::bad_request,
                             .detail = "<script>alert(\"&'\")</script>\r\n\0\x7f\xc3\xbc"sv,
                             .location = "/a\"b<c>&d'e"});
  EXPECT_NE(
      text.find("<p>&lt;script&gt;alert(&quot;&amp;&#39;&quot;)&lt;/script&gt;    \xc3\xbc</p>"),
      std::string::npos)
      << text;
  EXPECT_NE(text.find("<a href=\"/a&quot;b&lt;c&gt;&amp;d&#39;e\">"), std::string::npos) << text;
}

TEST(error_page, links_to_where_a_redirect_leads) {
  auto const text = written({.code = status::moved_permanently, .location = "/docs/"});
  EXPECT_TRUE(text.ends_with("<p><a href=\"/docs/\">/docs/</a></p>\n")) << text;
}

TEST(error_page, never_writes_beyond_the_room_it_has) {
  error_page const page = {.code = status::not_found, .detail = "a<b", .location = "/'"};
  auto const whole = written(page);
  for (std::size_t room = 0; room < whole.size(); ++room) {
    EXPECT_EQ(written(page, room), "no room");
  }
  EXPECT_EQ(written(page, whole.size()), whole);
}

}  // namespace
