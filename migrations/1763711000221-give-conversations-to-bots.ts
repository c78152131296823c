import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The bot that holds a conversation, while it is pending. Nobody's id is kept from going: a bot that is gone is not shown. */
export class GiveConversationsToBots1763711000221 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE conversations ADD agent_bot_id bigint');
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}
