import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a mail reached the mailbox, whenever it was fetched; and what came beyond all bounds, so that somebody hears of it. */
export class HoldFloods1763702000002 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE mail_raws ADD COLUMN arrived_at timestamptz NOT NULL DEFAULT now();
      CREATE INDEX mail_raws_arrived ON mail_raws (account_id, inbox_id, arrived_at);
      DROP INDEX mail_raws_recent;
      ALTER TABLE mail_inbox_health ADD COLUMN flooded_at timestamptz, ADD COLUMN flooded_mails integer NOT NULL DEFAULT 0, ADD COLUMN flooded_by text; -- the last sender of too many; null when all senders together were
    `);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}
