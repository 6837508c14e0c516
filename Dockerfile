# syntax=docker/dockerfile:1
# brevis serve in one process: the API on 3000, the compare page on 3001. docs/serve.md says how to run it.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends cmake g++ make \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /brevis
# Packages first: they change less often than the sources.
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build \
 && node scripts/install.js --required \
 && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM ${NODE_IMAGE} AS serve
ENV NODE_ENV=production \
    BREVIS_STORE=/data/originals
RUN install --directory --owner=node --group=node /data
WORKDIR /brevis
COPY --from=build /brevis/package.json ./
COPY --from=build /brevis/node_modules ./node_modules
COPY --from=build /brevis/models ./models
COPY --from=build /brevis/configs ./configs
COPY --from=build /brevis/build/native/brevis.node ./build/native/brevis.node
COPY --from=build /brevis/dist ./dist
# The user node, by number, so that whoever runs the image can tell that it is not root.
USER 1000:1000
# What the service remembers: sent texts, the ledger, learned rates.
VOLUME ["/data"]
EXPOSE 3000 3001
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:3000/api/health').then(async (answer) => process.exit((await answer.json()).status === 'ok' ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/cli/main.js"]
CMD ["serve", "--host", "0.0.0.0", "--port", "3000", "--page-port", "3001"]
