# The program in a container; compose.yaml puts a PostGIS beside it.
FROM node:24-slim AS web
WORKDIR /src/maps/web
COPY maps/web/package.json maps/web/package-lock.json maps/web/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY maps/web ./
RUN npm run build

FROM python:3.12-slim
WORKDIR /opt/wangge
COPY requirements.lock requirements-tools.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements-tools.lock \
    && uv pip install --system --no-cache --compile-bytecode --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE NOTICE .gitignore ./
COPY geo geo
COPY data data
COPY maps maps
COPY api api
COPY --from=web /src/maps/static maps/static
RUN uv pip install --system --no-cache --compile-bytecode --no-deps --no-build-isolation . \
    && useradd --system --create-home --home-dir /var/lib/wangge wangge
USER wangge
# The wheel is what runs, not the sources beside it.
WORKDIR /var/lib/wangge
ENV WANGGE_HOME=/var/lib/wangge
EXPOSE 8765
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=6 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8765/api/health', timeout=4)"]
CMD ["wangge", "serve"]
