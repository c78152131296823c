import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The keys that everything is sealed with, each wrapped by SECRET_KEY. Only the owner of the database reads them: no role that serves requests may.
 * The first process fills the table: SQL cannot wrap.
 */
export class CreateInstallationKeys1763711000081 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE installation_keys (
        id text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{8}$'),
        wrapped text NOT NULL,            -- by SECRET_KEY
        wrapped_next text,                -- by the one that is to follow, until that has been used once
        created_at timestamptz NOT NULL DEFAULT now(),
        current_since timestamptz,        -- until then processes learn to open what it seals, and seal nothing with it
        replaced_at timestamptz,
        verifies_until timestamptz,       -- what was signed with it counts so long after it was replaced
        resealed_at timestamptz           -- when everything sealed had been brought under it
      );
      CREATE UNIQUE INDEX installation_keys_current ON installation_keys ((true)) WHERE current_since IS NOT NULL AND replaced_at IS NULL;
      REVOKE ALL ON installation_keys FROM porchlight_app, porchlight_system;
      -- Recovery codes cannot be brought under another key: each says which one it was made with.
      ALTER TABLE recovery_codes ADD COLUMN key_id text;
      -- The SECRET_KEY of before, to tell whoever still has it what happened.
      ALTER TABLE installation ADD COLUMN former_key_id text, ADD COLUMN key_changed_at timestamptz;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}
