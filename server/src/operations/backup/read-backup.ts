import { createHash } from 'node:crypto';
import type { BackupNote, BackupRecord } from './backup-format.js';
import { BackupError } from './backup.errors.js';

/** What is done with the parts of a backup. Content must be read to its end. */
export interface BackupParts {
  partition?(partition: Extract<BackupNote, { is: 'partition' }>): Promise<void>;
  table?(table: Extract<BackupNote, { is: 'table' }>, content: AsyncIterable<Buffer>): Promise<void>;
  tableEnd?(name: string, columns: string[], end: Extract<BackupNote, { is: 'table end' }>): Promise<void>;
  sequence?(sequence: Extract<BackupNote, { is: 'sequence' }>): Promise<void>;
  file?(key: string, content: AsyncIterable<Buffer>): Promise<void>;
}

/** What a backup holds. */
export interface BackupSummary { tables: number; rows: number; files: number; missing: number }

/** Goes through a backup from its beginning to its end and compares what it reads with what was written. Throws BackupError where they differ. */
export async function readBackup(records: AsyncGenerator<BackupRecord>, parts: BackupParts): Promise<BackupSummary> {
  try {
    return await readParts(records, parts);
  } finally {
    await records.return(undefined);
  }
}

async function readParts(records: AsyncGenerator<BackupRecord>, parts: BackupParts): Promise<BackupSummary> {
  const summary: BackupSummary = { tables: 0, rows: 0, files: 0, missing: 0 };
  for (;;) {
    const { value: record, done } = await records.next();
    if (done || Buffer.isBuffer(record)) throw broken();
    switch (record.is) {
      case 'partition': await parts.partition?.(record); break;
      case 'table': {
        const content = new Content(records);
        await (parts.table?.(record, content.read()) ?? content.skip());
        const end = await content.closedBy('table end');
        await parts.tableEnd?.(record.name, record.columns, end);
        summary.tables += 1;
        summary.rows += end.rows;
        break;
      }
      case 'sequence': await parts.sequence?.(record); break;
      case 'file': {
        const content = new Content(records);
        await (parts.file?.(record.key, content.read()) ?? content.skip());
        await content.closedBy('file end');
        summary.files += 1;
        break;
      }
      case 'missing file': summary.missing += 1; break;
      case 'end':
        if (record.tables !== summary.tables || record.rows !== summary.rows || record.files !== summary.files) throw broken();
        // To the very end, so that the last chunk is authenticated too.
        if (!(await records.next()).done) throw broken();
        return summary;
      case 'table end': case 'file end': throw broken();
    }
  }
}

/** The bytes of one table or file, up to the note that closes it. */
class Content {
  private readonly hash = createHash('sha256');
  private end: BackupNote | undefined;

  constructor(private readonly records: AsyncGenerator<BackupRecord>) {}

  async* read(): AsyncGenerator<Buffer> {
    for (;;) {
      const { value: record, done } = await this.records.next();
      if (done) throw broken();
      if (!Buffer.isBuffer(record)) {
        this.end = record;
        return;
      }
      this.hash.update(record);
      yield record;
    }
  }

  async skip(): Promise<void> {
    for await (const chunk of this.read()) void chunk;
  }

  async closedBy<K extends 'table end' | 'file end'>(kind: K): Promise<Extract<BackupNote, { is: K }>> {
    if (!this.end) await this.skip();
    const end = this.end;
    if (end?.is !== kind || (end as { sha256: string }).sha256 !== this.hash.digest('hex')) throw broken();
    return end as Extract<BackupNote, { is: K }>;
  }
}

const broken = (): BackupError => new BackupError('This backup is incomplete or contradicts itself. Use another one.');
