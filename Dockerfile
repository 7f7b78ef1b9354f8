FROM python:3.12-slim AS builder
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /opt/bulletin \
 && /opt/bulletin/bin/pip install --quiet --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY handlers handlers
COPY store store
RUN /opt/bulletin/bin/pip install --quiet --no-cache-dir --no-deps --no-build-isolation . \
 && /opt/bulletin/bin/python -m compileall -q /opt/bulletin/lib

FROM python:3.12-slim
# One volume: the store lies in /data/bulletin, the key that seals contacts beside it in /data/bulletin.key.
RUN groupadd --gid 10001 bulletin \
 && useradd --uid 10001 --gid bulletin --no-create-home --home-dir /data bulletin \
 && install -d -o bulletin -g bulletin -m 0700 /data
COPY --from=builder /opt/bulletin /opt/bulletin
ENV PATH=/opt/bulletin/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    BULLETIN_DATA_DIR=/data/bulletin \
    BULLETIN_WEB_LISTEN=0.0.0.0:8080
WORKDIR /data
VOLUME /data
EXPOSE 8080
USER bulletin
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/health', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["bulletin"]
CMD ["run"]
