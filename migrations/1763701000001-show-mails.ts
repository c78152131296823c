import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whose mails show their pictures without being asked, and who of a mail's recipients it was not taken for. */
export class ShowMails1763701000001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE mail_picture_senders (
        account_id bigint NOT NULL, contact_id bigint NOT NULL, created_at timestamptz NOT NULL DEFAULT now(), user_id bigint,
        PRIMARY KEY (account_id, contact_id), FOREIGN KEY (account_id, contact_id) REFERENCES contacts (account_id, id) ON DELETE CASCADE);
      SELECT protect_tenant_table('mail_picture_senders');
      ALTER TABLE mail_messages ADD COLUMN refused_list jsonb; -- [{address, reason, permanent}] of the last try; null: taken for everybody
    `);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}
