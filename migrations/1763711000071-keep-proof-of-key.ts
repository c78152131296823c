import type { MigrationInterface, QueryRunner } from 'typeorm';

/** With which key this database is sealed: a text sealed with it, and until a process has done that, the id of the key found in what is sealed already. */
export class KeepProofOfKey1763711000071 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE installation ADD COLUMN key_proof text, ADD COLUMN key_id text;
      -- An owner that is no superuser is shown no account's rows.
      SET LOCAL ROLE porchlight_system;
      UPDATE installation SET key_id = (
        SELECT split_part(sealed, '.', 2) FROM (
          SELECT mfa_secret AS sealed FROM user_credentials UNION ALL SELECT channel_secrets FROM inboxes UNION ALL SELECT secret FROM webhooks
          UNION ALL SELECT access_token FROM agent_bots UNION ALL SELECT secrets FROM integration_hooks) AS kept
        WHERE sealed LIKE 'v1.%.%' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1);
      RESET ROLE;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}
