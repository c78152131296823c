import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The address of an API inbox is told what happens like any webhook, by a row of its own. */
export class GiveInboxesWebhooks1763708000001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE webhooks ADD of_inbox boolean NOT NULL DEFAULT false; -- follows the address and the secret of its inbox
      DROP INDEX webhooks_url;
      CREATE UNIQUE INDEX webhooks_url ON webhooks (account_id, url) WHERE agent_bot_id IS NULL AND NOT of_inbox;
      CREATE UNIQUE INDEX webhooks_of_inbox ON webhooks (account_id, inbox_id) WHERE of_inbox;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}
