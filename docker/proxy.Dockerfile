# Caddy with our Caddyfile, as an ordinary user that owns the folder of its certificates.
ARG CADDY_IMAGE=caddy:2
FROM ${CADDY_IMAGE}
ENV XDG_DATA_HOME=/data XDG_CONFIG_HOME=/config
RUN mkdir -p /data/caddy /config/caddy && chown -R 1000:1000 /data /config
COPY docker/Caddyfile /etc/caddy/Caddyfile
# Since 2.11.4 Caddy drops headers with an underscore; later ones have an option against it, which others refuse to read.
RUN cd /etc/caddy && export SITE_ADDRESS=:80 ADMIN_EMAIL=admin@localhost PROXIES_IN_FRONT=127.0.0.1/32 && echo allow_underscore_in_headers > server-options \
    && { caddy adapt --config Caddyfile --adapter caddyfile > /dev/null 2>&1 || rm server-options; } && caddy adapt --config Caddyfile --adapter caddyfile > /dev/null
USER 1000:1000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:2020/"]
CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
