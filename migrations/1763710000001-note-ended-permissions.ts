import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A mailbox whose owner took the permission back says so, until it is connected again. */
export class NoteEndedPermissions1763710000001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE mail_inbox_health ADD COLUMN permission_ended_at timestamptz;');
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}
