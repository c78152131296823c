import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What requests that are under way have taken of a budget, on top of its count in `throttles`: so much can be given back, once, also for a process that died.
 * Unlogged like the counts themselves: a crash of the database empties both.
 */
export class CreateReservations1763711000171 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE UNLOGGED TABLE reservations (
        id uuid NOT NULL,
        key text NOT NULL,
        amount integer NOT NULL,
        resets_at timestamptz NOT NULL,   -- of the count it was taken from: a later one knows nothing of it
        expires_at timestamptz NOT NULL,  -- moved on while its process lives
        PRIMARY KEY (id, key)
      );
      CREATE INDEX reservations_expires_at ON reservations (expires_at);
      GRANT SELECT, INSERT, UPDATE, DELETE ON reservations TO porchlight_system;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}
