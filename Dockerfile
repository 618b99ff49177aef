FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 ENVIRONMENT=production DATA_DIR=/data HOST=0.0.0.0 PATH=/app/.venv/bin:$PATH
RUN useradd --system --create-home collab && mkdir /data && chown collab /data
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements-run.lock ./
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir --require-hashes -r requirements-run.lock
COPY . .
# ./dev must not install anything inside the image, and its user can keep no compiled code there: each process would compile it.
RUN cp requirements.lock .venv/.lock-installed && python -m compileall -q collab datareview teams && chmod -R a+rX /app
USER collab
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD python -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"
CMD ["./dev", "web"]
