# Which tests have nothing to say of a program for Windows that runs under Wine 8, and why.
set(QUIRE_NOT_ON_WINDOWS
  # Names with '?', '"', '<', octets that are no UTF-8, a space at the end: Windows has no such files.
  # Paths of more than 260 units: Wine cannot say the name of what is open then.
  files.names_may_hold_what_only_posix_allows
  redirect.escapes_what_only_posix_allows
  redirect.of_a_long_path_stays_within_bounds
  # Wine follows links of Linux by itself and shows what they lead to, whose name is another one.
  confinement.links_within_the_root_are_followed
  on/cache.what_links_and_other_names_lead_to_is_seen_to_change/*
  root.a_link_that_moves_is_followed
  root.each_answer_is_of_one_site_while_they_are_swapped_under_load
  root.with_one_worker_nobody_sees_the_old_site_again
  root.an_answer_that_began_on_the_old_site_ends_on_it
  # No changes are told, so none are lost; and Wine's processes do not stand still.
  on/cache.changes_that_the_system_does_not_tell_for_their_number_are_seen/*
  # Sockets and devices in folders of a site.
  confinement.what_is_no_regular_file_is_refused_at_once
  # In two seconds under Wine not one of 32 clients has 4 MiB.
  wrk.loads_what_is_streamed
  # Debian has zlib for mingw-w64, but neither brotli nor zstd.
  compression_in.*/br
  compression_in.*/zstd
  # A file of /sys that cannot be read.
  error.a_file_that_the_disk_does_not_give_is_500
  # Windows has no such limit.
  start_up.a_limit_of_open_files_that_is_too_low_is_a_failure
  start_up.a_modest_limit_of_open_files_is_enough
  # What words on the command line mean is the same code everywhere; here each is a process of Wine.
  start_up.a_number_that_is_none_is_a_usage_error
  start_up.a_number_out_of_bounds_is_a_usage_error
  start_up.an_address_that_is_none_is_a_usage_error
  start_up.a_coding_that_is_none_is_a_usage_error)
list(JOIN QUIRE_NOT_ON_WINDOWS ":" QUIRE_NOT_ON_WINDOWS)
