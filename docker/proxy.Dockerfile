# Caddy with our Caddyfile, as an ordinary user that owns the folder of its certificates.
ARG CADDY_IMAGE=caddy:2
FROM ${CADDY_IMAGE}
ENV XDG_DATA_HOME=/data XDG_CONFIG_HOME=/config
RUN mkdir -p /data/caddy /config/caddy && chown -R 1000:1000 /data /config
COPY docker/Caddyfile /etc/caddy/Caddyfile
USER 1000:1000
CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
