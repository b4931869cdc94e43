# A Clove server in a container. Not built or tried by the project's own checks: see docs/operations.md.
FROM node:20-bookworm-slim AS node

FROM rust:1.95-bookworm AS build
COPY --from=node /usr/local /usr/local
WORKDIR /src
COPY . .
RUN cargo build --release --locked --package clove

FROM debian:bookworm-slim
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data clove && install -d -o clove -g clove -m 0700 /data
COPY --from=build /src/target/release/clove /usr/local/bin/clove
USER clove
VOLUME /data
ENV CLOVE_DATA=/data CLOVE_LISTEN=0.0.0.0:8080
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["clove"]
CMD ["serve"]
