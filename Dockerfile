# syntax=docker/dockerfile:1

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN make build && mkdir -p /empty/data

# The product: one static binary, no shell, no root.
FROM scratch AS xuncha
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /src/bin/xuncha /usr/local/bin/xuncha
COPY --from=build --chown=65532:65532 /empty/data /data
USER 65532:65532
VOLUME /data
WORKDIR /
# Healthy means: the program runs and its configuration loads.
HEALTHCHECK --interval=5m --timeout=20s CMD ["/usr/local/bin/xuncha", "config", "check", "--config", "yangquan"]
ENTRYPOINT ["/usr/local/bin/xuncha"]
CMD ["crawl", "--config", "yangquan", "--data", "/data"]

# The same with Chromium, for pages that scripts fill. It runs as nobody's user with
# its sandbox on, for which the container must be allowed user namespaces: see
# docs/configuration.md, crawl.browser. Without them the round goes on without it.
FROM debian:bookworm-slim AS xuncha-chromium
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates chromium fonts-noto-cjk tini \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 65532 --no-create-home --shell /usr/sbin/nologin xuncha \
 && install -d -o xuncha -g xuncha /data
COPY --from=build /src/bin/xuncha /usr/local/bin/xuncha
USER xuncha
VOLUME /data
HEALTHCHECK --interval=5m --timeout=20s CMD ["/usr/local/bin/xuncha", "config", "check", "--config", "yangquan"]
ENTRYPOINT ["/usr/bin/tini", "--", "/usr/local/bin/xuncha"]
CMD ["crawl", "--config", "yangquan", "--data", "/data"]
