import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an account resolves by itself is found by index: which accounts do, and their open conversations in which nobody waits, the quietest first. */
export class FindQuietConversations1763711000052 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE INDEX accounts_auto_resolve ON accounts (id) WHERE settings ? 'auto_resolve_after';
      CREATE INDEX conversations_quiet ON conversations (account_id, last_activity_at, id) WHERE status = 0 AND waiting_since IS NULL;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}
