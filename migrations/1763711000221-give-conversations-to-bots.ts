import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The bot that holds a conversation, while it is pending. Nobody's id is kept from going: a bot that is gone is not shown. */
export class GiveConversationsToBots1763711000221 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE conversations ADD agent_bot_id bigint');
    await db.query('CREATE INDEX conversations_bot ON conversations (agent_bot_id, account_id, id) WHERE agent_bot_id IS NOT NULL');
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}
