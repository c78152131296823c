import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far the stored files are brought under the current key, and which of them just now: what is removed meanwhile must not come back. */
export class SealFilesAgain1763711000172 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE file_resealing (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        key_id text NOT NULL,                     -- the key that files are brought under
        noticed_at timestamptz NOT NULL,
        after text NOT NULL DEFAULT '',           -- storage keys up to here have been looked at, in this round
        begins_at timestamptz NOT NULL,           -- this round
        left_over integer NOT NULL DEFAULT 0,     -- files of this round that are to be looked at in another one
        sealed_again integer NOT NULL DEFAULT 0,  -- in all rounds
        unreadable integer NOT NULL DEFAULT 0,    -- in this round
        finished_at timestamptz
      );
      CREATE TABLE resealed_files (
        file_key text PRIMARY KEY,
        began_at timestamptz NOT NULL DEFAULT now(),
        finished boolean NOT NULL DEFAULT false,
        removed boolean NOT NULL DEFAULT false    -- meanwhile or since
      );
      GRANT SELECT, INSERT, UPDATE, DELETE ON file_resealing, resealed_files TO porchlight_system;
      -- A column of this name is how backups and keys find the files that there are.
      ALTER TABLE article_pictures ADD COLUMN storage_key text GENERATED ALWAYS AS (account_id::text || '/help/' || name) STORED;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}
