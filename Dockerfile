ARG PYTHON_IMAGE=python:3.11-slim

FROM ${PYTHON_IMAGE} AS build
COPY requirements.txt .
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir -r requirements.txt

FROM ${PYTHON_IMAGE}
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=image_processor.settings HOST=0.0.0.0 PORT=8000
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY . .
USER 10001
EXPOSE 8000
CMD ["gunicorn", "image_processor.wsgi:application"]
