# docker build -t habitr-emulator . && docker run --rm -p 127.0.0.1:4566:4566 habitr-emulator
# Another project than Habitr: -v "$PWD:/project:ro" -e HABITR_PROJECT=/project

FROM python:3.13-slim AS build
WORKDIR /source
COPY pyproject.toml README.md CHANGELOG.md LICENSE NOTICE ./
COPY habitr_emulator habitr_emulator
COPY fixtures fixtures
RUN python -m venv /opt/habitr-emulator \
 && /opt/habitr-emulator/bin/pip install --no-cache-dir --disable-pip-version-check ".[speed,js]"
# Once here, so that no container has to: the schema is transformed and the default seed is played.
RUN XDG_CACHE_HOME=/opt/habitr-emulator/cache /opt/habitr-emulator/bin/habitr-emulator exec -- true \
 && chmod -R a+rX /opt/habitr-emulator/cache

FROM python:3.13-slim
LABEL org.opencontainers.image.title="habitr-emulator" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN useradd --system --uid 10001 --user-group --no-create-home habitr \
 && install -d -o habitr -g habitr /var/lib/habitr-emulator
COPY --from=build /opt/habitr-emulator /opt/habitr-emulator
ENV PATH=/opt/habitr-emulator/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    XDG_CACHE_HOME=/opt/habitr-emulator/cache \
    HABITR_HOST=0.0.0.0 \
    HABITR_DATA_DIR=/var/lib/habitr-emulator
USER habitr
WORKDIR /var/lib/habitr-emulator
VOLUME /var/lib/habitr-emulator
EXPOSE 4566
HEALTHCHECK --interval=5s --timeout=2s --start-period=10s --start-interval=200ms --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:4566/_habitr/health', timeout=1)"]
ENTRYPOINT ["habitr-emulator"]
CMD ["up"]
