# A slim image of Debian with Python 3.11 or later.
ARG PYTHON_IMAGE=python:3.13-slim

FROM ${PYTHON_IMAGE} AS build
# The reader of DLIS has the LGPL license; --build-arg DLIS=no leaves it out.
ARG DLIS=yes
COPY requirements.lock requirements-dlis.lock ./
# Wheels only, so no compiler is needed. pyvips has no wheel, but it is pure Python.
# The environment has no pip, and 60 MB are removed: tests of packages and their translations.
RUN python -m venv --without-pip /opt/venv \
    && python -m pip --python /opt/venv install --no-cache-dir --disable-pip-version-check \
        --require-hashes --only-binary :all: --no-binary pyvips -r requirements.lock \
        $([ "$DLIS" = no ] || echo -r requirements-dlis.lock) \
    && find /opt/venv -type d \( -name tests -o -name LC_MESSAGES \) -prune -exec rm -r {} +
COPY . /app
# The code is read-only at run time, so it is compiled now.
RUN rm /app/requirements*.lock && python -m compileall -q /app

FROM ${PYTHON_IMAGE}
LABEL org.opencontainers.image.title="image-log-server" \
      org.opencontainers.image.description="Borehole image logs: CSV in, colour-mapped images of any depth range out" \
      org.opencontainers.image.version="2.0.0" \
      org.opencontainers.image.licenses="MIT"
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MPLCONFIGDIR=/tmp/matplotlib \
    HOST=0.0.0.0 \
    PORT=8000
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
USER 10001:10001
EXPOSE 8000
# localhost must be one of ALLOWED_HOSTS.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://localhost:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
CMD ["gunicorn", "image_processor.wsgi:application"]
