import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { BackupParts } from './read-backup.js';
import { columnList, copyIn, copyOut, quoted, storedTables, type StoredTable } from './database-tables.js';
import { BackupError } from './backup.errors.js';
import { seesEverything } from './owner-connection.js';

const PLAIN_NAME = /^[a-z][a-z0-9_]*$/;
const BOUND = /^(DEFAULT|FOR VALUES [^;]*)$/;

/** Fills a database whose schema is that of the backup. Begins a transaction; whoever calls ends it. */
export class LoadDatabase {
  private constructor(private readonly client: pg.Client, private readonly tables: Map<string, StoredTable>, private readonly all: boolean) {}

  static async begin(client: pg.Client): Promise<LoadDatabase> {
    await client.query('BEGIN');
    const tables = await storedTables(client);
    const load = new LoadDatabase(client, new Map(tables.map((table) => [table.name, table])), await seesEverything(client));
    await client.query(`TRUNCATE ${tables.map(({ name }) => quoted(name)).join(', ')} CASCADE`);
    for (const { name, guarded } of tables) {
      // Rows come as they were: nothing is computed, counted or announced again.
      await client.query(`ALTER TABLE ${quoted(name)} DISABLE TRIGGER USER`);
      if (guarded && !load.all) await client.query(`ALTER TABLE ${quoted(name)} NO FORCE ROW LEVEL SECURITY`);
    }
    return load;
  }

  /** Where the parts of a backup go; files are somebody else's. */
  readonly parts: BackupParts = {
    partition: async ({ name, of, bound }) => {
      if (!PLAIN_NAME.test(name) || !this.tables.has(of) || !BOUND.test(bound)) throw new BackupError(`The backup holds a part of a table that this version does not know: ${name}.`);
      const { rows } = await this.client.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [name]);
      if (!rows[0]!.there) await this.client.query(`CREATE TABLE ${quoted(name)} PARTITION OF ${quoted(of)} ${bound}; SELECT protect_tenant_table('${name}')`);
    },
    table: async ({ name, columns }, content) => {
      const table = this.tables.get(name);
      if (!table || columns.some((column) => !table.columns.includes(column))) throw new BackupError(`The backup holds a table or column that this version does not know: ${name} (${columnList(columns)}).`);
      await pipeline(Readable.from(content, { objectMode: false }), this.client.query(copyFrom(copyIn(name, columns))));
    },
    sequence: async ({ name, value }) => {
      await this.client.query('SELECT setval($1::regclass, $2)', [name, value]);
    },
  };

  /** Whether the schema has this table. */
  has(table: string): boolean {
    return this.tables.has(table);
  }

  /** Puts triggers and guards back. Call it last, before the commit. */
  async finish(): Promise<void> {
    for (const { name, guarded } of this.tables.values()) {
      await this.client.query(`ALTER TABLE ${quoted(name)} ENABLE TRIGGER USER`);
      if (guarded && !this.all) await this.client.query(`ALTER TABLE ${quoted(name)} FORCE ROW LEVEL SECURITY`);
    }
  }

  /** Whether the table holds just what the backup says, row for row in its order. */
  async holds(name: string, columns: string[], expected: { rows: number; sha256: string }): Promise<boolean> {
    const stream = this.client.query(copyTo(copyOut(name, columns)));
    const hash = createHash('sha256');
    for await (const chunk of stream as AsyncIterable<Buffer>) hash.update(chunk);
    return (stream as unknown as { rowCount: number }).rowCount === expected.rows && hash.digest('hex') === expected.sha256;
  }
}
