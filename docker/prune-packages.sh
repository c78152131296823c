#!/bin/sh
# prune-packages.sh <node_modules>: takes away what no running server reads. Licences stay.
set -eu
cd "$1"
# The embedded PostgreSQL: a container is given its database by DATABASE_URL.
rm -rf @embedded-postgres
# Wanted by @nestjs/swagger's compiler plugin alone.
rm -rf typescript .bin/tsc .bin/tsserver
find . -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.tsbuildinfo' \
  -o \( -iname '*.md' ! -iname '*licen[cs]e*' ! -iname '*copying*' ! -iname '*notice*' \) \) -delete
