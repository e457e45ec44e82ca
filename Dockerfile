# syntax=docker/dockerfile:1
# Quaymaster: `docker build --build-arg VERSION=0.2.0 -t quaymaster .`, then run it read-only with one volume:
#   docker run --read-only --env-file .env -v quaymaster:/data -p 3000:3000 quaymaster
# The base image is pinned by the digest of its index (amd64, arm64). To renew it, in both places:
#   docker buildx imagetools inspect node:24.21.0-bookworm-slim
FROM node:24.21.0-bookworm-slim@sha256:d6aa754f16b3197301076f047b5def2f02ea1dbbc2ca920407d46d7ec7f87b20 AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && npm cache clean --force

FROM node:24.21.0-bookworm-slim@sha256:d6aa754f16b3197301076f047b5def2f02ea1dbbc2ca920407d46d7ec7f87b20
ARG VERSION
LABEL org.opencontainers.image.title="Quaymaster" \
      org.opencontainers.image.description="ChatOps for Red Hat Quay in Slack" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}"
ENV NODE_ENV=production \
    DATA_DIR=/data \
    PORT=3000
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json LICENSE ./
# What .dockerignore leaves of it: the sandbox is not in the image.
COPY src ./src
# OpenShift runs it as a user that nobody knows before, always in the group 0.
RUN mkdir /data && chown 1000:0 /data && chmod 770 /data
# A number, because Kubernetes cannot tell whether a name is root (runAsNonRoot).
USER 1000
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# The embedded database is WebAssembly: compiled quickly and once it takes a third of the memory, and is as fast.
CMD ["node", "--liftoff-only", "src/main.ts"]
