# The broker, without tests, compiler or package manager: one virtual environment, the policy set, and a user that owns nothing but its data.

FROM python:3.11-slim-bookworm AS build
# Only for a house with a package mirror of its own; the hashes of requirements.lock decide what is accepted from it.
ARG PIP_INDEX_URL
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
COPY pyproject.toml requirements.lock ./
COPY deploy/locked.py deploy/
RUN python deploy/locked.py build > build.lock \
 && python deploy/locked.py runtime > runtime.lock \
 && python -m venv tools \
 && tools/bin/pip install --quiet --require-hashes -r build.lock \
 && python -m venv --without-pip /opt/sluis \
 && tools/bin/pip --python /opt/sluis/bin/python install --quiet --require-hashes -r runtime.lock
COPY README.md ./
COPY policies policies
COPY src src
RUN tools/bin/pip wheel --quiet --no-index --no-build-isolation --no-deps --wheel-dir wheels . \
 && tools/bin/pip --python /opt/sluis/bin/python install --quiet --no-index --no-deps wheels/sluis-*.whl

FROM python:3.11-slim-bookworm
# What sets the text of an access report as PDF; everything else in the image is Python.
RUN apt-get update -q \
 && apt-get install -y -q --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
 && rm -rf /var/lib/apt/lists/*
# The key folder is made here, so that a new volume on it belongs to the broker and to nobody else.
RUN groupadd --gid 10001 sluis \
 && useradd --uid 10001 --gid sluis --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin sluis \
 && install -d -o sluis -g sluis -m 0700 /var/lib/sluis /var/lib/sluis/data /var/lib/sluis/keys
COPY --from=build /opt/sluis /opt/sluis
COPY policies /usr/share/sluis/policies
ENV PATH=/opt/sluis/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    XDG_CACHE_HOME=/tmp \
    SLUIS_DATA=/var/lib/sluis/data \
    SLUIS_KEYS=/var/lib/sluis/keys \
    SLUIS_POLICIES=/usr/share/sluis/policies \
    SLUIS_HOST=0.0.0.0 \
    SLUIS_PORT=8080
USER 10001:10001
WORKDIR /var/lib/sluis
VOLUME ["/var/lib/sluis/data", "/var/lib/sluis/keys"]
EXPOSE 8080
# Alive only: a log that cannot write answers 503 and a restart would not mend it.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8080/gezond', timeout=4)"]
ENTRYPOINT ["sluis"]
CMD ["serve"]
