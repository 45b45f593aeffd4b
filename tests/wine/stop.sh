#!/bin/sh
# Ends Wine's server of this prefix, with all that still runs there.
wineserver -k >/dev/null 2>&1 || [ $? -eq 1 ]
exec wineserver -w >/dev/null 2>&1
