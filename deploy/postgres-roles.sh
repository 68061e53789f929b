#!/bin/sh
# Runs once, when the database volume is new: the owner of the tables, and the site's role, which may not change them.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set owner_password="$OWNER_PASSWORD" --set site_password="$SITE_PASSWORD" <<'SQL'
CREATE ROLE rollout_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE rollout_app LOGIN PASSWORD :'site_password';
CREATE DATABASE rollout OWNER rollout_owner;
REVOKE ALL ON DATABASE rollout FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE rollout TO rollout_app;
SQL
