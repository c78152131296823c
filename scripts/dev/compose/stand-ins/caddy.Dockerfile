# Stands in for caddy:2.
FROM porchlight-standin/debian
RUN apt-get -q update && apt-get -q install -y --no-install-recommends caddy && rm -rf /var/lib/apt/lists/*
CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
