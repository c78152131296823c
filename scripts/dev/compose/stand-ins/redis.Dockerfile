# Stands in for redis:8.
FROM porchlight-standin/debian
RUN apt-get -q update && apt-get -q install -y --no-install-recommends redis-server && rm -rf /var/lib/apt/lists/* \
    && install -d -o redis -g redis /data
WORKDIR /data
CMD ["redis-server"]
