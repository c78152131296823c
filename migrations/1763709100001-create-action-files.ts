import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files that macros and rules send. */
export class CreateActionFiles1763709100001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE action_files (
        account_id bigint NOT NULL REFERENCES accounts (id), id text NOT NULL, -- a secret: whoever knows it may send the file
        created_at timestamptz NOT NULL DEFAULT now(), used_at timestamptz NOT NULL DEFAULT now(), file_size bigint NOT NULL,
        storage_key text NOT NULL, file_name text NOT NULL, content_type text NOT NULL, PRIMARY KEY (account_id, id));
      CREATE INDEX action_files_used ON action_files (used_at);
      SELECT protect_tenant_table('action_files');
      CREATE TRIGGER release_file AFTER DELETE ON action_files FOR EACH ROW EXECUTE FUNCTION release_transfer_file();
    `);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}
