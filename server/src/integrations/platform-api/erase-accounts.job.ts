import { Injectable } from '@nestjs/common';
import { RunsJob, type Job } from '../../delivery/job.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { Uploads } from '../../platform/storage/uploads.js';

const FOREIGN_KEY_VIOLATION = '23503';

/** Removes everything of deleted accounts: first their inboxes with all conversations, as always, then what is left, and at last the account. */
@Injectable()
@RunsJob({ name: 'erase-accounts', everyMs: 60_000 })
export class EraseAccounts implements Job {
  constructor(private readonly system: SystemWork, private readonly uploads: Uploads) {}

  async run(): Promise<void> {
    for (const { id } of await this.system.sql<{ id: number }>('SELECT id FROM accounts WHERE deleted_at IS NOT NULL')) {
      await this.system.sql('UPDATE inboxes SET deleted_at = now() WHERE account_id = $1 AND deleted_at IS NULL', [id]);
      const [inbox] = await this.system.sql('SELECT 1 AS left FROM inboxes WHERE account_id = $1 LIMIT 1', [id]);
      // Conversations and their files go by the job that empties deleted inboxes; the rest follows when it is through.
      if (!inbox) await this.eraseRest(id);
    }
  }

  /** Every table that names an account, whoever made it, but those that go with the account itself: those that others point to are done when nothing points there any more. */
  private async eraseRest(id: number): Promise<void> {
    await this.releasePictures(id);
    let tables = (await this.system.sql<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public' JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'account_id' AND NOT a.attisdropped
       WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> ALL ('{one_time_tokens,audit_logs,uploads}')`)).map((row) => row.name);
    while (tables.length > 0) {
      const blocked: string[] = [];
      for (const table of tables) if (!await this.emptied(table, id)) blocked.push(table);
      if (blocked.length === tables.length) throw new Error(`An account cannot be erased: ${blocked.join(', ')} still point at each other.`);
      tables = blocked;
    }
    // The files go before the account: without its rows nobody would know of them.
    if (!await this.uploads.emptied(id)) return;
    await this.system.sql('DELETE FROM accounts WHERE id = $1', [id]);
  }

  /** Whatever else has a file gives it up by itself when its row goes. */
  private async releasePictures(id: number): Promise<void> {
    for (const [table, key] of [['contacts', 'avatar_key'], ['agent_bots', 'avatar_key'], ['article_pictures', 'storage_key']]) {
      await this.system.sql(
        `INSERT INTO uploads (account_id, storage_key, created_at) SELECT account_id, ${key}, now() - interval '1 year' FROM ${table} WHERE account_id = $1 AND ${key} IS NOT NULL ON CONFLICT DO NOTHING`, [id]);
    }
  }

  private async emptied(table: string, id: number): Promise<boolean> {
    try {
      await this.system.sql(`DELETE FROM ${table} WHERE account_id = $1`, [id]);
      return true;
    } catch (error) {
      if ((error as { code?: string }).code === FOREIGN_KEY_VIOLATION) return false;
      throw error;
    }
  }
}
