#!/bin/sh
# serve: brings the database up to date and plays the roles of PROCESS_ROLES. setup: an administration command. Anything else is run as it is.
set -e
case "$1" in
  serve)
    node scripts/prepare.mjs
    # exec: the server itself gets the SIGTERM that asks it to drain.
    exec node --enable-source-maps --max-semi-space-size=4 server/dist/server/src/main.js
    ;;
  setup)
    shift
    exec node scripts/setup.mjs "$@"
    ;;
  *)
    exec "$@"
    ;;
esac
