import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Dialogflow answers in inboxes. Until now its settings were only kept, and promised to be: whoever stored them switches it on himself. Constant time. */
export class LetDialogflowAnswer1763711000181 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE inboxes ADD COLUMN has_answering_hook boolean NOT NULL DEFAULT false; -- kept with integration_hooks: what is new in it begins as pending
      ALTER TABLE integration_hooks ADD COLUMN stopped_because text; -- why we switched it off ourselves
      UPDATE integration_hooks SET enabled = false WHERE app_id = 'dialogflow';
    `);
  }

  async down(): Promise<void> {
    throw new Error('Going back is done by restoring a backup.');
  }
}
