#!/bin/sh
# wine PROGRAM [ARGUMENT]..., with addresses that the system does not choose at random, where that may be
# asked for. Wine 8 needs the page at 0x7ffe0000. A heap at random lies within the GiB above Wine itself, at
# 0x7c000000, so once in 4,000 starts over that page: then Wine ends with code 1 before the program runs, and
# says nothing.
setarch -R true 2>/dev/null && exec setarch -R wine "$@"
exec wine "$@"
