#!/bin/sh
# Runs once, on an empty database volume: the broker's own role, which is no superuser, and its database.
# The password is read inside psql, so that it stands in no argument list; the server keeps its SCRAM verifier only.
set -eu
psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\set password `cat /run/secrets/database_password`
CREATE ROLE sluis LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'password';
CREATE DATABASE sluis OWNER sluis TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C';
REVOKE ALL ON DATABASE sluis FROM PUBLIC;
SQL
