#!/bin/sh
# Writes .env, the settings and secrets of docker-compose.yml. Needs nothing but a POSIX shell: a server with Docker has no Node.
# May be run again at any time: what .env holds stays, above all the secrets; given options change their own line, missing lines are added.
set -eu
umask 077

usage() {
  cat <<'TEXT'
sh scripts/write-env.sh [options]        asks for what is missing, on a terminal

  --domain <name>      the domain people will use, like help.example.org: Caddy gets a certificate for it by itself
  --email <address>    yours; Let's Encrypt writes there when a certificate is in trouble
  --local [<port>]     instead of a domain: a trial without TLS on http://localhost:<port>, which only this machine can open (default 8080)
  --smtp-url <url>     outgoing mail: smtps://user:password@mail.example.org, with special characters percent-encoded
  --mail-from <from>   sender of those mails: "Food bank <help@example.org>"
  --file <path>        another file than .env beside docker-compose.yml
TEXT
}

fail() {
  echo "$1" >&2
  exit 1
}

file=$(dirname "$0")/../.env
domain='' email='' port='' smtp_url='' mail_from=''
while [ $# -gt 0 ]; do
  option=$1
  shift
  case $option in
    --help | -h) usage; exit 0 ;;
    --local)
      case ${1:-} in
        '' | -*) port=8080 ;;
        *) port=$1; shift ;;
      esac
      continue ;;
  esac
  [ $# -gt 0 ] || fail "$option wants a value, or is not known. See: sh scripts/write-env.sh --help"
  case $option in
    --domain) domain=$1 ;;
    --email) email=$1 ;;
    --smtp-url) smtp_url=$1 ;;
    --mail-from) mail_from=$1 ;;
    --file) file=$1 ;;
    *) fail "There is no option $option. See: sh scripts/write-env.sh --help" ;;
  esac
  shift
done

known() { [ -f "$file" ] && grep -q "^$1=..*" "$file"; }
value_of() { sed -n "s/^$1=//p" "$file" | tail -n 1; }

ask() {
  [ -t 0 ] || fail "$2 is missing. See: sh scripts/write-env.sh --help"
  printf '%s ' "$1" >&2
  read -r answer || fail 'Nothing was written.'
}

[ -z "$domain" ] || [ -z "$port" ] || fail '--domain and --local exclude each other.'
if [ -z "$domain$port" ] && ! known PUBLIC_URL; then
  ask 'Domain people will use (help.example.org), or nothing for a trial on this machine:' --domain
  domain=$answer
  [ -n "$domain" ] || port=8080
fi
if [ -n "$domain" ] && [ -z "$email" ] && { ! known ADMIN_EMAIL || [ "$(value_of ADMIN_EMAIL)" = admin@localhost ]; }; then
  ask 'Your mail address (for trouble with certificates):' --email
  email=$answer
fi

# Compose reads $, quotes and # in a value its own way, and version 1 otherwise than version 2: percent-encoded they are safe.
plain() {
  case $2 in
    *[\$\"\'\\\`#]*) fail "$1 must not contain any of \$ \" ' \\ \` #. In an address they are written percent-encoded: %24 %22 %27 %5C %60 %23" ;;
  esac
  [ "$(printf '%s' "$2" | wc -l)" -eq 0 ] || fail "$1 must be one line."
}
plain --smtp-url "$smtp_url"
plain --mail-from "$mail_from"
case $domain in
  *[!A-Za-z0-9.-]* | .* | -* | *.) fail "\"$domain\" is not a domain. It looks like help.example.org, without https:// and without a path." ;;
esac
case $email in
  '' | [!@]*@*[!@]) plain --email "$email" ;;
  *) fail "\"$email\" is not a mail address." ;;
esac
case $port in
  *[!0-9]*) fail "\"$port\" is not a port." ;;
esac
if [ -n "$port" ]; then
  [ "$port" -ge 1 ] && [ "$port" -le 65534 ] || fail "Port $port does not exist; 1 to 65534 do."
fi

# The draft lies beside the file, so that the last step is one rename and an interrupted run leaves .env as it was.
draft=$file.$$
trap 'rm -f "$draft" "$draft.next"' EXIT
trap 'exit 1' HUP INT TERM
if [ -f "$file" ]; then
  cat "$file" > "$draft" || fail "Cannot read $file. Run this as the user who wrote it."
else
  echo '# Written by scripts/write-env.sh. Keep a copy in a safe place: without SECRET_KEY a backup cannot be read.' > "$draft" \
    || fail "Cannot write $file."
fi
# A file edited by hand may end without a line break.
[ -z "$(tail -c 1 "$draft")" ] || echo >> "$draft"

in_draft() { grep -q "^$1=..*" "$draft"; }

# put NAME VALUE: the line of NAME, where it stands or at the end.
put() {
  NAME=$1 VALUE=$2 awk '
    index($0, ENVIRON["NAME"] "=") == 1 { if (!done) print ENVIRON["NAME"] "=" ENVIRON["VALUE"]; done = 1; next }
    { print }
    END { if (!done) print ENVIRON["NAME"] "=" ENVIRON["VALUE"] }' "$draft" > "$draft.next"
  mv "$draft.next" "$draft"
}

put_new() { in_draft "$1" || put "$1" "$2"; }

# 64 hexadecimal digits: nothing in them needs quoting anywhere.
secret() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }

if [ -n "$domain" ]; then
  put PUBLIC_URL "https://$domain"
  put SITE_ADDRESS "$domain"
  put HTTP_LISTEN 80
  put HTTPS_LISTEN 443
elif [ -n "$port" ]; then
  if [ "$port" -eq 80 ]; then put PUBLIC_URL http://localhost; else put PUBLIC_URL "http://localhost:$port"; fi
  put SITE_ADDRESS :80
  put HTTP_LISTEN "127.0.0.1:$port"
  # Nothing answers there without a domain; a port beside the other one disturbs nobody.
  put HTTPS_LISTEN "127.0.0.1:$((port + 1))"
fi
[ -z "$email" ] || put ADMIN_EMAIL "$email"
put_new ADMIN_EMAIL admin@localhost
[ -z "$smtp_url" ] || put SMTP_URL "$smtp_url"
[ -z "$mail_from" ] || put MAIL_FROM "$mail_from"
for name in SECRET_KEY POSTGRES_PASSWORD REDIS_PASSWORD METRICS_TOKEN; do
  if in_draft "$name"; then
    length=$(sed -n "s/^$name=//p" "$draft" | tail -n 1 | tr -d '\n' | wc -c)
    [ "$length" -ge 32 ] || echo "Warning: $name in $file has only $length characters; a fresh one would have 64. It stays as it is: data may depend on it." >&2
  else
    put "$name" "$(secret)"
  fi
done
for name in PUBLIC_URL SITE_ADDRESS HTTP_LISTEN HTTPS_LISTEN; do
  in_draft "$name" || fail "$name is not in $file. Say --domain or --local."
done

if [ -f "$file" ] && cmp -s "$draft" "$file"; then
  echo "$file is complete already; nothing was changed."
else
  mv "$draft" "$file"
  echo "Wrote $file. Keep a copy of it in a safe place, apart from the server."
fi
echo 'Now: docker compose up -d --build'
