# syntax=docker/dockerfile:1

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN make build VERSION=$VERSION && mkdir -p /empty/data

# The product: one static binary, no shell, no root.
FROM scratch AS xuncha
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /src/bin/xuncha /usr/local/bin/xuncha
COPY --from=build --chown=65532:65532 /empty/data /data
COPY --from=build --chown=65532:65532 /empty/data /backups
USER 65532:65532
VOLUME /data
WORKDIR /
# Who watches it and what for: docs/deploy.md. The metrics are for Prometheus alone:
# publish 8080, behind a proxy that speaks TLS, and never 9464.
EXPOSE 8080 9464
ENV GOMEMLIMIT=400MiB
HEALTHCHECK --start-period=5m --interval=30s --timeout=15s CMD ["/usr/local/bin/xuncha", "health"]
ENTRYPOINT ["/usr/local/bin/xuncha"]
CMD ["serve", "--config", "yangquan", "--data", "/data", "--addr", "0.0.0.0:8080", "--metrics", "0.0.0.0:9464"]

# The same with Chromium, for pages that scripts fill. It runs as nobody's user with
# its sandbox on, for which the container must be allowed user namespaces: see
# docs/configuration.md, crawl.browser. Without them the round goes on without it.
FROM debian:bookworm-slim AS xuncha-chromium
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates chromium fonts-noto-cjk tini \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 65532 --no-create-home --shell /usr/sbin/nologin xuncha \
 && install -d -o xuncha -g xuncha /data /backups
COPY --from=build /src/bin/xuncha /usr/local/bin/xuncha
USER xuncha
VOLUME /data
EXPOSE 8080 9464
ENV GOMEMLIMIT=400MiB
HEALTHCHECK --start-period=5m --interval=30s --timeout=15s CMD ["/usr/local/bin/xuncha", "health"]
ENTRYPOINT ["/usr/bin/tini", "--", "/usr/local/bin/xuncha"]
CMD ["serve", "--config", "yangquan", "--data", "/data", "--addr", "0.0.0.0:8080", "--metrics", "0.0.0.0:9464"]
