import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who runs the installation: sees what belongs to no account or to all. Request code of an account can neither read nor write it. */
export class CreateSuperAdministrators1763691000001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE super_administrators (
        user_id bigint PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE, created_at timestamptz NOT NULL DEFAULT now());
      GRANT SELECT, INSERT, UPDATE, DELETE ON super_administrators TO porchlight_system;
      -- Whoever set the installation up.
      INSERT INTO super_administrators (user_id) SELECT user_id FROM account_users WHERE role = 1 ORDER BY account_id, user_id LIMIT 1;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}
