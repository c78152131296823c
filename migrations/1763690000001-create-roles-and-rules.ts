import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Database roles, extensions and the functions every tenant table is protected with. */
export class CreateRolesAndRules1763690000001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE EXTENSION IF NOT EXISTS pg_trgm;
      CREATE EXTENSION IF NOT EXISTS unaccent;
      CREATE EXTENSION IF NOT EXISTS btree_gin;

      -- app: request and job work of one account; system: named cross-account work; search: owner of definer functions.
      DO $$
      DECLARE r text;
      BEGIN
        FOREACH r IN ARRAY ARRAY['porchlight_app', 'porchlight_system', 'porchlight_search'] LOOP
          IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN
            BEGIN
              EXECUTE format('CREATE ROLE %I NOLOGIN', r);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another database of this cluster was faster
            END;
          END IF;
          EXECUTE format('GRANT %I TO CURRENT_USER', r);
        END LOOP;
      END $$;
      GRANT USAGE ON SCHEMA public TO porchlight_app, porchlight_system, porchlight_search;
      GRANT CREATE ON SCHEMA public TO porchlight_search; -- ALTER FUNCTION ... OWNER asks for it
      GRANT SELECT, INSERT, UPDATE, DELETE ON migrations TO porchlight_system;

      -- NULL while no account is set, so every tenant table shows nothing. '' is what a finished SET LOCAL leaves behind.
      CREATE FUNCTION app_account_id() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
        AS $$ SELECT nullif(current_setting('app.account_id', true), '')::bigint $$;

      -- Call it for every table with an account_id column, in the migration that creates the table.
      CREATE FUNCTION protect_tenant_table(t regclass) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant ON %s TO porchlight_app USING (account_id = app_account_id()) WITH CHECK (account_id = app_account_id())', t);
        EXECUTE format('CREATE POLICY system ON %s TO porchlight_system USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO porchlight_app, porchlight_system', t);
      END $$;

      -- Version 7 keeps the index append-only; PostgreSQL 15 to 17 have no uuidv7().
      CREATE FUNCTION new_uuid() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
        SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
          PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid $$;

      CREATE TEXT SEARCH CONFIGURATION porchlight_plain (COPY = simple);
      ALTER TEXT SEARCH CONFIGURATION porchlight_plain
        ALTER MAPPING FOR hword, hword_part, word, asciiword, asciihword, hword_asciipart WITH unaccent, simple;

      -- Chinese, Japanese and Korean have no spaces: two characters at a time are their words.
      CREATE FUNCTION cjk_bigrams(t text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT coalesce(array_agg(DISTINCT substr(run[1], i, 2)), '{}')
        FROM regexp_matches(t, '[\\u3040-\\u30ff\\u3400-\\u9fff\\uac00-\\ud7af]{2,}', 'g') run, generate_series(1, length(run[1]) - 1) i $$;
      CREATE FUNCTION search_vector(t text) RETURNS tsvector LANGUAGE sql STABLE PARALLEL SAFE AS $$
        SELECT to_tsvector('porchlight_plain', left(t, 20000)) || array_to_tsvector(cjk_bigrams(left(t, 20000))) $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}
