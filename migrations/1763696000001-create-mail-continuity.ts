import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Chats whose visitor has left: what they have not read goes to them by mail. */
export class CreateMailContinuity1763696000001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE mail_continuities (
        account_id bigint NOT NULL, conversation_id bigint NOT NULL,
        mailed_up_to bigint NOT NULL DEFAULT 0,      -- the newest message that went by mail
        due_at timestamptz, attempts smallint NOT NULL DEFAULT 0, -- no due_at: nothing waits
        PRIMARY KEY (account_id, conversation_id), FOREIGN KEY (account_id, conversation_id) REFERENCES conversations (account_id, id) ON DELETE CASCADE);
      CREATE INDEX mail_continuities_due ON mail_continuities (due_at) WHERE due_at IS NOT NULL;
      SELECT protect_tenant_table('mail_continuities');
    `);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}
