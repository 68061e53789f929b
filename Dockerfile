# The product without its embedded services: web server, worker, beat and commands are one image.
FROM node:22-slim AS styles
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY static/scss static/scss
RUN node node_modules/sass/sass.js --load-path=node_modules --style=compressed --no-source-map --quiet-deps \
    static/scss/app.scss static/build/app.css

FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1
WORKDIR /app
COPY requirements/app.txt requirements/
RUN pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements/app.txt
COPY manage.py gunicorn.conf.py ./
COPY rollout rollout
COPY training training
COPY readiness readiness
COPY templates templates
COPY static static
COPY --from=styles /build/static/build static/build
COPY --from=styles /build/node_modules/nhsuk-frontend/dist node_modules/nhsuk-frontend/dist
# Collecting asks no server; the values only let the settings load, and none of them stays in the image.
RUN DATABASE_URL=postgresql://nobody@localhost/none REDIS_URL=redis://localhost SECRET_KEY=only-while-building \
    ALLOWED_HOSTS=localhost python manage.py collectstatic --noinput --ignore scss \
    && python -m compileall -q rollout training readiness \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin site
USER site
ENV WEB_ADDRESS=0.0.0.0
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "rollout.wsgi"]
