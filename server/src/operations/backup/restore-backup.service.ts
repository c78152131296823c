import { Inject, Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type pg from 'pg';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { givenSecret } from '../../platform/crypto/given-secret.js';
import { adoptKeys } from '../../platform/crypto/installation-keys.js';
import { RootKey } from '../../platform/crypto/root-key.js';
import { migrate, migrationNames, rebuildSchema } from '../../platform/database/migrate.js';
import { Blobs } from '../../platform/storage/blobs.js';
import { openBackup, type BackupDescription } from './backup-format.js';
import { BackupError } from './backup.errors.js';
import { fence } from './fence.sql.js';
import { LoadDatabase } from './load-database.js';
import { asOwner } from './owner-connection.js';
import { readBackup, type BackupSummary } from './read-backup.js';

/** Opens the same backup again and again. */
export type BackupSource = () => AsyncIterable<Buffer>;
export type RestoreStep = 'checking' | 'tables' | 'files' | 'comparing';

/** Brings backups back, and proves that they can be. */
@Injectable()
export class RestoreBackup {
  constructor(@Inject(CONFIG) private readonly config: Config, private readonly blobs: Blobs) {}

  // The present SECRET_KEY, and the one of the backup where it was another.
  private async secrets(): Promise<RootKey[]> {
    const old = await givenSecret(this.config, 'OLD_SECRET_KEY');
    return [this.config.SECRET_KEY, ...(old === undefined ? [] : [old])].map((secret) => RootKey.fromSecret(secret));
  }


  /** Fills this empty installation. Until the end nothing is changed that anybody could see. Throws BackupError. */
  async restore(source: BackupSource, told: (step: RestoreStep, done: string) => void): Promise<BackupSummary & BackupDescription> {
    const secrets = await this.secrets();
    const description = await this.check(source, secrets, told);
    const url = this.config.DATABASE_URL;
    await asOwner(url, demandEmpty);
    if (!await asOwner(url, (client) => hasSchema(client, description.migrations))) await rebuildSchema(url, description.migrations);
    const { secret, ...summary } = await asOwner(url, async (client) => {
      const load = await LoadDatabase.begin(client);
      const { records, secret } = await openBackup(source(), secrets);
      const read = await readBackup(records, {
        ...load.parts,
        table: async (table, content) => { told('tables', table.name); await load.parts.table!(table, content); },
        file: async (key, content) => { told('files', key); await this.blobs.put(key, Readable.from(content, { objectMode: false })); },
      });
      const reason = `This was waiting when the backup of ${description.created_at.slice(0, 16).replace('T', ' ')} UTC was made. It may have been sent since.`;
      for (const { table, text, takesReason } of fence()) if (load.has(table)) await client.query(text, takesReason ? [reason] : []);
      await load.finish();
      await adoptKeys(client, secret, secrets[0]!);
      await client.query('COMMIT');
      return { ...read, secret };
    });
    await migrate(url);
    // Again for a backup of before there were keys: its table is there only now.
    await asOwner(url, (client) => adoptKeys(client, secret, secrets[0]!));
    return { ...summary, ...description };
  }

  /** Restores into a database made for it, compares every table and file with what was backed up, and removes it. Throws BackupError where they differ. */
  async verify(source: BackupSource, told: (step: RestoreStep, done: string) => void): Promise<BackupSummary & BackupDescription> {
    const secrets = await this.secrets();
    const description = await this.check(source, secrets, told);
    const name = `porchlight_verify_${randomBytes(4).toString('hex')}`;
    const url = new URL(this.config.DATABASE_URL);
    url.pathname = `/${name}`;
    await asOwner(this.config.DATABASE_URL, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE template0`)).catch((error: { code?: string }) => {
      if (error.code === '42501') throw new BackupError('The database login may not create databases, which verifying needs. Give it CREATEDB, or restore into a spare installation.');
      throw error;
    });
    try {
      await migrate(url.toString(), description.migrations);
      const summary = await asOwner(url.toString(), async (client) => {
        const load = await LoadDatabase.begin(client);
        const { records } = await openBackup(source(), secrets);
        const read = await readBackup(records, {
          ...load.parts,
          table: async (table, content) => { told('tables', table.name); await load.parts.table!(table, content); },
          tableEnd: async (table, columns, end) => {
            told('comparing', table);
            if (!await load.holds(table, columns, end)) throw new BackupError(`Restored, the table ${table} is not what was backed up.`);
          },
        });
        await client.query('ROLLBACK');
        return read;
      });
      return { ...summary, ...description };
    } finally {
      await asOwner(this.config.DATABASE_URL, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    }
  }

  // The whole file, before anything is touched.
  private async check(source: BackupSource, secrets: readonly RootKey[], told: (step: RestoreStep, done: string) => void): Promise<BackupDescription> {
    const { description, records } = await openBackup(source(), secrets);
    const known = new Set(await migrationNames());
    const newer = description.migrations.find((one) => !known.has(one));
    if (newer !== undefined) throw new BackupError(`This backup was made by a newer Porchlight (${description.version}, it has ${newer}). Restore it with that version or a later one.`);
    await readBackup(records, { table: async ({ name }, content) => {
        told('checking', name);
        for await (const chunk of content) void chunk;
      } });
    return description;
  }
}

async function demandEmpty(client: pg.Client): Promise<void> {
  const { rows: [there] } = await client.query<{ tables: boolean }>(`SELECT to_regclass('public.users') IS NOT NULL AS tables`);
  if (!there!.tables) return;
  // Users are not guarded by account, so this is true for any login.
  const { rows: [found] } = await client.query<{ people: number }>('SELECT count(*)::int AS people FROM users');
  if (found!.people > 0) throw new BackupError('This installation has people already. Restore into an empty one: another data folder, or a new database.');
}

async function hasSchema(client: pg.Client, migrations: readonly string[]): Promise<boolean> {
  const { rows } = await client.query<{ name: string }>(`SELECT name FROM migrations`).catch(() => ({ rows: [] }));
  return rows.length === migrations.length && rows.every(({ name }) => migrations.includes(name));
}
