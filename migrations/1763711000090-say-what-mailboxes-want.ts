import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is wrong with a mailbox, as a word that the dashboard says in the reader's language; the sentences beside it stay for the record. */
export class SayWhatMailboxesWant1763711000090 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE mail_inbox_health ADD COLUMN fetch_problem text, ADD COLUMN fetch_said text, ADD COLUMN send_problem text');
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}
