// Files that the server encodes itself: RFC 9110, sections 8.4, 12.5.3, 12.5.5, 13 and 14.
#include "tests/black_box/client.hpp"
#include "tests/black_box/site.hpp"
#include "tests/decoding/decode.hpp"
#include "tests/noise.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

namespace quire::test {
namespace {

// A text that packs well and differs everywhere.
std::string text(std::size_t size, unsigned seed = 1) {
  std::string out;
  for (unsigned i = 0; out.size() < size; ++i) {
    out +=
        "<p>" + std::to_string(seed) + ": paragraph " + std::to_string(i * 7919 % 10007) + "</p>\n";
  }
  out.resize(size);
  return out;
}

class compression : public testing::Test {
 protected:
  static constexpr std::size_t page_size = 30'000;

  compression() {
    write("page.html", text(page_size));
    write("other.css", text(page_size, 2));
    write("tiny.html", text(1000));
    write("noise.txt", noise(page_size));
    write("picture.png", text(page_size));
  }
  // Long ago, so that no request has to wait for it to come to rest.
  void write(char const* name, std::string const& content) {
    pages_.write(name, content);
    pages_.set_age(name, std::chrono::hours(1));
  }
  // With one worker what was made is there for the next request on whatever connection.
  void start(std::vector<std::string> arguments = {}, std::string const& workers = "1") {
    arguments.insert(arguments.end(), {"--workers", workers});
    server_.emplace(pages_.root(), arguments);
  }
  response ask_for(std::string_view target, std::string_view codings, std::string_view more = {}) {
    return fetch(*server_, target, accept_encoding(codings).append(more));
  }
  // Asks until the answer is as wanted.
  template <class Wanted>
  response ask_until(Wanted wanted, std::string_view target, std::string_view codings) {
    client c(*server_);
    return ask_until(c, wanted, target, codings);
  }
  template <class Wanted>
  static response ask_until(client& c, Wanted wanted, std::string_view target,
                            std::string_view codings) {
    auto const begin = std::chrono::steady_clock::now();
    for (;;) {
      c.send(get(target, accept_encoding(codings)));
      response r = c.read();
      if (wanted(r)) return r;
      c.ended_or_answered(std::chrono::milliseconds(1));  // Leaves the processor to the server.
      if (std::chrono::steady_clock::now() - begin > patience) {
        throw std::runtime_error("it does not come");
      }
    }
  }
  response encoded(std::string_view target, std::string_view codings) {
    client c(*server_);
    return encoded(c, target, codings);
  }
  static response encoded(client& c, std::string_view target, std::string_view codings) {
    return ask_until(
        c, [](response const& r) { return r.has("Content-Encoding"); }, target, codings);
  }

  site pages_;
  std::optional<server> server_;
};

class compression_in : public compression, public testing::WithParamInterface<char const*> {};

TEST_P(compression_in, is_made_while_clients_get_the_file_as_it_is) {
  start();
  std::string const coding = GetParam();
  response const first = ask_for("/page.html", coding);
  EXPECT_EQ(first.verdict(), "200");
  EXPECT_FALSE(first.has("Content-Encoding"));
  EXPECT_EQ(first.field("Vary"), "Accept-Encoding");
  EXPECT_TRUE(first.content == text(page_size));
  response const r = encoded("/page.html", coding);
  EXPECT_EQ(r.verdict(), "200");
  EXPECT_EQ(r.field("Content-Encoding"), coding);
  EXPECT_EQ(r.field("Vary"), "Accept-Encoding");
  EXPECT_EQ(r.field("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(r.field("Last-Modified"), first.field("Last-Modified"));
  EXPECT_LT(r.content.size(), page_size / 2);
  EXPECT_TRUE(decode(coding, r.content) == text(page_size));
  expect_well_formed(r);
  // Who wants another, or none, gets that.
  EXPECT_TRUE(ask_for("/page.html", "identity").content == text(page_size));
  EXPECT_TRUE(fetch(*server_, "/page.html").content == text(page_size));
  response const head = ask(*server_, request("HEAD", "/page.html", accept_encoding(coding)));
  EXPECT_EQ(head.field("ETag"), r.field("ETag"));
  EXPECT_EQ(head.field("Content-Length"), r.field("Content-Length"));
  EXPECT_EQ(head.field("Content-Encoding"), coding);
}

TEST_P(compression_in, has_a_tag_of_its_own_that_conditions_are_about) {
  start();
  std::string const coding = GetParam();
  std::string const plain = *fetch(*server_, "/page.html").field("ETag");
  response const r = encoded("/page.html", coding);
  std::string const tag = *r.field("ETag");
  EXPECT_NE(tag, plain);
  EXPECT_TRUE(tag.ends_with("-" + coding + "\"")) << tag;
  auto const status = [&](std::string const& field, std::string const& value) {
    return ask_for("/page.html", coding, field + ": " + value + "\r\n").status;
  };
  response const same = ask_for("/page.html", coding, "If-None-Match: " + tag + "\r\n");
  EXPECT_EQ(same.status, 304);
  EXPECT_EQ(same.field("ETag"), tag);
  EXPECT_EQ(same.field("Vary"), "Accept-Encoding");
  EXPECT_EQ(same.field("Last-Modified"), r.field("Last-Modified"));
  EXPECT_TRUE(same.has("Date"));
  EXPECT_FALSE(same.has("Content-Encoding"));
  EXPECT_EQ(status("If-None-Match", plain), 200);
  EXPECT_EQ(status("If-None-Match", "W/" + tag), 304);
  EXPECT_EQ(status("If-None-Match", plain + ", " + tag), 304);
  EXPECT_EQ(status("If-Match", tag), 200);
  EXPECT_EQ(status("If-Match", "W/" + tag), 412);
  EXPECT_EQ(status("If-Match", plain), 412);
  EXPECT_EQ(status("If-Modified-Since", *r.field("Last-Modified")), 304);
  EXPECT_EQ(status("If-Unmodified-Since", "Sun, 06 Nov 1994 08:49:37 GMT"), 412);
  // If-None-Match takes the place of If-Modified-Since, and If-Match that of If-Unmodified-Since.
  EXPECT_EQ(status("If-None-Match: " + plain + "\r\nIf-Modified-Since", *r.field("Last-Modified")),
            200);
  EXPECT_EQ(status("If-Match: " + tag + "\r\nIf-Unmodified-Since", "Sun, 06 Nov 1994 08:49:37 GMT"),
            200);
}

TEST_P(compression_in, ranges_count_its_bytes) {
  start();
  std::string const coding = GetParam();
  response const whole = encoded("/page.html", coding);
  std::string const& bytes = whole.content;
  std::string const size = std::to_string(bytes.size());
  std::string const tag = *whole.field("ETag");
  auto const range = [&](std::string const& set, std::string const& more = {}) {
    return ask_for("/page.html", coding, "Range: bytes=" + set + "\r\n" + more);
  };
  response const one = range("100-199");
  EXPECT_EQ(one.status, 206);
  EXPECT_TRUE(one.content == bytes.substr(100, 100));
  EXPECT_EQ(one.field("Content-Range"), "bytes 100-199/" + size);
  EXPECT_EQ(one.field("Content-Encoding"), coding);
  EXPECT_EQ(one.field("ETag"), tag);
  EXPECT_EQ(one.field("Vary"), "Accept-Encoding");
  EXPECT_TRUE(range("-50").content == bytes.substr(bytes.size() - 50));
  EXPECT_TRUE(range("300-").content == bytes.substr(300));
  // Two that touch are one; many more than anybody needs are none.
  EXPECT_EQ(range("0-9,10-19").field("Content-Range"), "bytes 0-19/" + size);
  std::string many = "0-0";
  for (int i = 1; i != 100; ++i) many += "," + std::to_string(3 * i) + "-" + std::to_string(3 * i);
  EXPECT_EQ(range(many).status, 200);
  response const parts = range("0-9,100-109");
  EXPECT_EQ(parts.status, 206);
  EXPECT_FALSE(parts.has("Content-Encoding"));  // The parts say it.
  EXPECT_NE(parts.content.find("Content-Type: text/html; charset=utf-8\r\nContent-Encoding: " +
                               coding + "\r\nContent-Range: bytes 100-109/" + size + "\r\n\r\n" +
                               bytes.substr(100, 10) + "\r\n--"),
            std::string::npos);
  // A position of the file that its encoded form does not have.
  response const beyond = range(std::to_string(page_size - 1) + "-");
  EXPECT_EQ(beyond.status, 416);
  EXPECT_EQ(beyond.field("Content-Range"), "bytes */" + size);
  EXPECT_EQ(beyond.field("Vary"), "Accept-Encoding");
  // A download that is resumed.
  std::string const plain = *fetch(*server_, "/page.html").field("ETag");
  EXPECT_EQ(range("100-", "If-Range: " + tag + "\r\n").status, 206);
  EXPECT_EQ(range("100-", "If-Range: " + plain + "\r\n").status, 200);
  EXPECT_TRUE(decode(coding, range("0-99").content + range("100-").content) == text(page_size));
}

TEST_P(compression_in, is_the_same_on_every_connection_to_four_workers) {
  start({}, "4");
  std::string const coding = GetParam();
  std::vector<std::unique_ptr<client>> clients;
  for (int i = 0; i != 24; ++i) clients.push_back(std::make_unique<client>(*server_));
  for (unsigned version = 0; version != 3; ++version) {
    std::string const content = text(page_size, 10 + version);
    pages_.replace("page.html", content);
    pages_.set_age("page.html", std::chrono::hours(1));
    std::optional<std::string> tag;
    std::string bytes;
    for (auto const& c : clients) {
      response const r = encoded(*c, "/page.html", coding);
      if (!tag) {
        tag = r.field("ETag");
        bytes = r.content;
        EXPECT_TRUE(decode(coding, bytes) == content);
      }
      EXPECT_EQ(r.field("ETag"), tag);
      EXPECT_TRUE(r.content == bytes);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(, compression_in, testing::Values("gzip", "br", "zstd"),
                         [](auto const& one) { return std::string(one.param); });

TEST_F(compression, the_quality_values_of_the_client_choose) {
  start({"--compress", "gzip"});
  encoded("/page.html", "gzip");
  auto const coding = [&](std::string_view codings) {
    return ask_for("/page.html", codings).field("Content-Encoding").value_or("none");
  };
  EXPECT_EQ(coding("gzip"), "gzip");
  EXPECT_EQ(coding("x-gzip"), "gzip");
  EXPECT_EQ(coding("*"), "gzip");
  EXPECT_EQ(coding("deflate, gzip;q=0.1"), "gzip");
  EXPECT_EQ(coding("identity, gzip;q=0.9"), "none");
  EXPECT_EQ(coding("identity;q=0.5, gzip;q=0.9"), "gzip");
  EXPECT_EQ(coding("*;q=0.5, gzip;q=0"), "none");
  EXPECT_EQ(coding("gzip;q=0"), "none");
  EXPECT_EQ(coding("br, zstd"), "none");
  EXPECT_EQ(coding(""), "none");
  EXPECT_EQ(coding("gzip;q=2"), "none");
}

TEST_F(compression, who_takes_only_encoded_content_is_refused_until_there_is_some) {
  start({"--compress", "gzip"});
  response const first = ask_for("/page.html", "gzip, identity;q=0");
  expect_error_page(first, 406);
  EXPECT_EQ(first.field("Vary"), "Accept-Encoding");
  response const r = encoded("/page.html", "gzip, identity;q=0");
  EXPECT_TRUE(decode("gzip", r.content) == text(page_size));
  expect_error_page(ask_for("/page.html", "*;q=0"), 406);
  expect_error_page(ask_for("/page.html", "br, identity;q=0"), 406);
  expect_error_page(ask_for("/picture.png", "gzip, identity;q=0"), 406);
}

TEST_F(compression, what_is_small_or_packed_or_does_not_pack_is_left) {
  start({"--compress", "gzip"});
  for (char const* target : {"/tiny.html", "/picture.png"}) {
    response const r = ask_for(target, "gzip");
    EXPECT_FALSE(r.has("Vary")) << target;
    EXPECT_FALSE(r.has("Content-Encoding")) << target;
  }
  // That one does not pack is known when it was tried.
  response const r =
      ask_until([](response const& a) { return !a.has("Vary"); }, "/noise.txt", "gzip");
  EXPECT_FALSE(r.has("Content-Encoding"));
  EXPECT_TRUE(r.content == noise(page_size));
  // Meanwhile the others were not touched either.
  encoded("/page.html", "gzip");
  EXPECT_FALSE(ask_for("/tiny.html", "gzip").has("Content-Encoding"));
}

TEST_F(compression, a_file_that_lies_encoded_beside_itself_is_left_to_its_owner) {
  write("page.html.br", "in br");
  start({"--compress", "gzip"});
  EXPECT_EQ(ask_for("/page.html", "br").content, "in br");
  EXPECT_FALSE(ask_for("/page.html", "gzip").has("Content-Encoding"));
  encoded("/other.css", "gzip");  // Would have been made after it.
  EXPECT_FALSE(ask_for("/page.html", "gzip").has("Content-Encoding"));
}

TEST_F(compression, can_be_off_and_is_where_nothing_is_kept) {
  for (auto const& arguments :
       {std::vector<std::string>{"--compress", "off"}, {"--cache-size", "0"}}) {
    start(arguments);
    for (int i = 0; i != 3; ++i) {
      response const r = ask_for("/page.html", "gzip");
      EXPECT_FALSE(r.has("Content-Encoding"));
      EXPECT_FALSE(r.has("Vary"));
    }
  }
}

TEST_F(compression, a_replaced_file_never_leaves_old_bytes_under_a_new_tag) {
  constexpr std::size_t size = 150'000;
  std::vector<std::string> versions;
  for (unsigned i = 0; i != 30; ++i) versions.push_back(text(size, i));
  write("page.html", versions[0]);
  start();
  std::atomic<std::size_t> version = 0;
  std::atomic<bool> over = false;
  std::atomic<unsigned> answers_encoded = 0;
  auto const read = [&] {
    std::map<std::string, std::size_t> tags;
    client c(*server_);
    while (!over) {
      std::size_t const before = version;
      c.send(get("/page.html", accept_encoding("gzip")));
      response const r = c.read();
      if (r.status == 503) continue;  // It did not come to rest.
      std::size_t const after = std::min(version + 1, versions.size() - 1);
      bool const is_encoded = r.has("Content-Encoding");
      auto const content = is_encoded ? decode("gzip", r.content) : r.content;
      ASSERT_TRUE(content) << "what came cannot be decoded";
      std::size_t found = before;
      while (found <= after && *content != versions[found]) ++found;
      ASSERT_LE(found, after) << "it is of no version from " << before << " to " << after;
      answers_encoded += is_encoded ? 1U : 0U;
      auto const known = tags.emplace(*r.field("ETag"), found).first;
      ASSERT_EQ(known->second, found) << "one tag, two versions";
    }
  };
  std::thread one(read);
  std::thread two(read);
  while (version + 1 != versions.size()) {
    pages_.replace("page.html", versions[version + 1]);
    ++version;
    // Some are encoded before they go, some while they do.
    if (version % 4 == 0) encoded("/page.html", "gzip");
  }
  over = true;
  one.join();
  two.join();
  EXPECT_GT(answers_encoded, 0U);
  response const last = encoded("/page.html", "gzip");
  EXPECT_TRUE(decode("gzip", last.content) == versions.back());
}

// That nothing waits for what is not begun is shown by variant_maker_test.
TEST_F(compression, keeps_no_server_from_stopping) {
  constexpr std::size_t size = 100'000;
  for (char const name : {'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'}) {
    write((std::string(1, name) + ".html").c_str(), text(size, static_cast<unsigned>(name)));
  }
  start();
  for (char const name : {'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'}) {
    ask_for("/" + std::string(1, name) + ".html", "br, zstd, gzip");
  }
  server_->signal(stop_signal());
  EXPECT_EQ(server_->wait(), 0);
}

}  // namespace
}  // namespace quire::test
