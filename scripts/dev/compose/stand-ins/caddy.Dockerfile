# Stands in for caddy:2, which has BusyBox's wget.
FROM porchlight-standin/debian
RUN apt-get -q update && apt-get -q install -y --no-install-recommends caddy busybox && ln -s busybox /usr/bin/wget && rm -rf /var/lib/apt/lists/*
CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
