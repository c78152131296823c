import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An address is proved only by a link that went to it by mail; people of other accounts join only after such a link. */
export class ProveAddresses1763711000061 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE users ADD COLUMN address_proved_at timestamptz;
      -- The address a link was mailed to; null for links that were shown to an administrator.
      ALTER TABLE one_time_tokens ADD COLUMN mailed_to text;
      -- Somebody who belongs to another account already and has not agreed yet. They are no member: nothing that reads account_users sees them.
      CREATE TABLE pending_members (
        account_id bigint NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        name text NOT NULL, email text NOT NULL,  -- as the inviter typed them: what the person is called elsewhere is not theirs to know yet
        role smallint NOT NULL, availability smallint NOT NULL, auto_offline boolean NOT NULL, inviter_id bigint, created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (account_id, user_id));
      CREATE INDEX pending_members_user ON pending_members (user_id);
      SELECT protect_tenant_table('pending_members');
    `);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}
