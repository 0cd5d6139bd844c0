# The site as an image: docs/operating.md, "In a container".
FROM python:3.13-slim AS build
WORKDIR /srv/tech7kb
COPY kb manage.py requirements*.txt ./
RUN python -m venv .venv \
    && .venv/bin/python -m pip install --no-cache-dir --require-hashes -r requirements.txt \
    && cksum requirements.txt >.venv/installed
COPY tech7kb tech7kb
COPY recommendations recommendations
COPY templates templates
COPY static static
COPY fixtures fixtures
RUN .venv/bin/python -m compileall -q tech7kb recommendations

FROM python:3.13-slim
# pg_dump, for backups of a PostgreSQL
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/* && useradd --uid 10001 --no-create-home tech7kb \
    && install -d -o tech7kb -m 700 /data
COPY --from=build /srv/tech7kb /srv/tech7kb
WORKDIR /srv/tech7kb
USER tech7kb
ENV VAR_DIR=/data PYTHONDONTWRITEBYTECODE=1
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD [".venv/bin/python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/readyz')"]
CMD ["./kb", "serve", "0.0.0.0:8000"]
