// Which back end serves, on machines that forbid some of what io_uring needs. Linux.
#include "tests/black_box/client.hpp"
#include "tests/black_box/site.hpp"

#include <sys/syscall.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

namespace quire::test {
namespace {

std::vector<std::string> forbidding(int system_call, int error) {
  return {QUIRE_FORBID_SYSTEM_CALL, std::to_string(system_call), std::to_string(error)};
}

program_options options_of(std::vector<std::string> arguments, std::vector<std::string> launcher) {
  program_options options;
  options.arguments = std::move(arguments);
  options.launcher = std::move(launcher);
  return options;
}

// Whether this machine itself allows io_uring.
bool io_uring_works(site const& pages) {
  program p(options_of(serve_arguments(pages.root(), {"--io", "uring"}), {}));
  return p.read_line().has_value();
}

outcome serve_uring_without(site const& pages, int system_call, int error) {
  return run(
      options_of(serve_arguments(pages.root(), {"--io", "uring"}), forbidding(system_call, error)));
}

TEST(back_end_choice, auto_serves_by_epoll_where_io_uring_is_forbidden_and_says_so) {
  site const pages;
  pages.write("index.html", "here");
  for (int const error : {EPERM, EACCES, ENOSYS, ENOMEM, EINVAL}) {
    SCOPED_TRACE(error);
    program_options options;
    options.launcher = forbidding(SYS_io_uring_setup, error);
    server s(pages.root(), {"--io", "auto"}, options);
    EXPECT_NE(s.announcement().find(" (epoll, "), std::string::npos) << s.announcement();
    std::string const said = s.error_output();
    EXPECT_TRUE(said.starts_with("quire: ")) << said;
    EXPECT_TRUE(said.ends_with("; using epoll\n")) << said;
    EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
    EXPECT_EQ(fetch(s, "/").content, "here");
  }
}

TEST(back_end_choice, changes_are_seen_by_epoll_where_io_uring_is_forbidden) {
  site const pages;
  program_options options;
  options.launcher = forbidding(SYS_io_uring_setup, EPERM);
  pages.write("page.html", "000");
  server const s(pages.root(), {"--io", "epoll"}, options);
  for (int i = 100; i != 200; ++i) {
    pages.overwrite("page.html", 0, std::to_string(i));
    for (int k = 0; k != 3; ++k) EXPECT_EQ(fetch(s, "/page.html").content, std::to_string(i));
  }
}

TEST(back_end_choice, auto_says_in_one_line_what_it_uses) {
  site const pages;
  server const s(pages.root(), {"--io", "auto"});
  std::string const said = s.error_output();
  EXPECT_TRUE(said.starts_with("quire: ")) << said;
  EXPECT_NE(said.find("using "), std::string::npos) << said;
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
}

TEST(back_end_choice, a_forbidden_io_uring_is_refused_with_what_can_be_used) {
  site const pages;
  outcome const o = serve_uring_without(pages, SYS_io_uring_setup, EPERM);
  EXPECT_EQ(o.exit_code, 2);
  EXPECT_EQ(o.output, "");
  EXPECT_TRUE(
      o.error.starts_with("quire: --io uring cannot be used: io_uring is forbidden here (EPERM, "))
      << o.error;
  EXPECT_NE(o.error.find("; what can: auto, epoll"), std::string::npos) << o.error;
  EXPECT_EQ(std::count(o.error.begin(), o.error.end(), '\n'), 1) << o.error;
}

TEST(back_end_choice, an_io_uring_that_is_there_in_part_is_refused_as_well) {
  site const pages;
  if (!io_uring_works(pages)) return;  // Then it is the case of the test above.
  outcome const without_registering = serve_uring_without(pages, SYS_io_uring_register, EPERM);
  EXPECT_EQ(without_registering.exit_code, 2);
  EXPECT_NE(without_registering.error.find("is forbidden here (EPERM"), std::string::npos)
      << without_registering.error;
  outcome const without_entering = serve_uring_without(pages, SYS_io_uring_enter, EPERM);
  EXPECT_EQ(without_entering.exit_code, 2);
  EXPECT_NE(without_entering.error.find("is forbidden here (EPERM"), std::string::npos)
      << without_entering.error;
  outcome const out_of_order = serve_uring_without(pages, SYS_io_uring_enter, EBADFD);
  EXPECT_EQ(out_of_order.exit_code, 2);
  EXPECT_NE(out_of_order.error.find("failed its self-test at accepting ("), std::string::npos)
      << out_of_order.error;
  EXPECT_EQ(out_of_order.error.find("Timer expired"), std::string::npos) << out_of_order.error;
}

TEST(back_end_choice, a_loop_that_cannot_be_made_is_a_failure_in_one_sentence) {
  site const pages;
  for (std::string const io : {"epoll", "asio"}) {
    outcome const o = run(options_of(serve_arguments(pages.root(), {"--io", io}),
                                     forbidding(SYS_epoll_create1, EMFILE)));
    if (o.error.find("is not built into") != std::string::npos) continue;  // Asio is optional.
    EXPECT_EQ(o.exit_code, 1) << o.error;
    EXPECT_EQ(o.error, "quire: cannot start a worker with " + io + ": too many open files\n");
  }
}

}  // namespace
}  // namespace quire::test
