import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What storing messages from outside needs beyond its tables. */
export class PrepareIngest1763690000200 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- A new conversation is inserted with the id of the message that opens it, so that its row is not written twice.
      GRANT USAGE ON SEQUENCE messages_id_seq TO porchlight_app, porchlight_system;
      -- The key of messages begins with the conversation, so a receipt names it too.
      ALTER TABLE receipts ADD conversation_id bigint;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}
