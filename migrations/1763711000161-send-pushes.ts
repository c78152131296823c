import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Telling people on their devices: by which key push services know us, and what waits to be told. */
export class SendPushes1763711000161 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE push_keys (                       -- VAPID (RFC 8292). Made at first need; browsers have subscribed for this one, so it stays
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), created_at timestamptz NOT NULL DEFAULT now(),
        public_key text NOT NULL,
        private_key text NOT NULL);                  -- sealed
      GRANT SELECT, INSERT, UPDATE ON push_keys TO porchlight_system;

      ALTER TABLE notification_subscriptions
        ADD COLUMN session_id bigint REFERENCES sessions (id) ON DELETE CASCADE,  -- who signs out is told nothing any more
        ADD COLUMN told_at timestamptz, ADD COLUMN failing_since timestamptz,
        ADD COLUMN wait_until timestamptz;           -- its push service asked for a pause
      CREATE INDEX notification_subscriptions_session ON notification_subscriptions (session_id) WHERE session_id IS NOT NULL;

      CREATE TABLE push_messages (                   -- what waits to be told to a device: of each conversation the newest
        account_id bigint NOT NULL, subscription_id bigint NOT NULL REFERENCES notification_subscriptions (id) ON DELETE CASCADE, conversation_id bigint NOT NULL, notification_id bigint NOT NULL,
        created_at timestamptz NOT NULL, due_at timestamptz NOT NULL, claimed_at timestamptz, attempts smallint NOT NULL DEFAULT 0,
        PRIMARY KEY (account_id, subscription_id, conversation_id),
        FOREIGN KEY (account_id, conversation_id) REFERENCES conversations (account_id, id) ON DELETE CASCADE);
      CREATE INDEX push_messages_conversation ON push_messages (account_id, conversation_id);
      CREATE INDEX push_messages_subscription ON push_messages (subscription_id);
      CREATE INDEX push_messages_due ON push_messages (due_at);
      SELECT protect_tenant_table('push_messages');
    `);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}
