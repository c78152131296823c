import { Injectable } from '@nestjs/common';
import { Jobs, RunsJob, type Job } from '../../delivery/job.js';
import { accountId, type AccountId } from '../../platform/database/account-id.js';
import { SystemWork, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { FileStore } from '../../platform/storage/file-store.js';
import { Uploads } from '../../platform/storage/uploads.js';
import { AttributesRepository } from '../attributes/attributes.repository.js';
import type { CsvRecord } from './csv-reader.js';
import { columnsOf } from './import-columns.js';
import { ImportPeople } from './import-people.service.js';
import { ImportsRepository, type ImportRow } from './imports.repository.js';
import { storedFile } from './stored-file.js';
import { recordsOf, type Encoding } from './table-file.js';

export const RUN_IMPORTS = 'run-contact-imports';
/** Rows of one transaction: few enough that nobody waits long for a person it holds. */
const STEP = 100;

/**
 * Brings in the people of an account's files, one file after the other. A step's rows commit together with the mark that they are done, so a killed
 * worker's successor goes on behind them and nothing is done twice.
 */
@Injectable()
@RunsJob({ name: RUN_IMPORTS })
export class RunImports implements Job<{ account_id: number }> {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly imports: ImportsRepository, private readonly attributes: AttributesRepository, private readonly people: ImportPeople,
    private readonly store: FileStore, private readonly uploads: Uploads,
  ) {}

  async run({ account_id: account }: { account_id: number }): Promise<void> {
    const id = accountId(account);
    for (let row = await this.next(id); row; row = await this.next(id)) {
      if (!await this.bringIn(id, row)) return;
    }
  }

  private next(account: AccountId): Promise<ImportRow | undefined> {
    return this.unitOfWork.run(account, (tx) => this.imports.next(tx));
  }

  /** False when somebody else is at it. */
  private async bringIn(account: AccountId, row: ImportRow): Promise<boolean> {
    let done = row.done;
    let skip = done + 1;
    let batch: CsvRecord[] = [];
    const flush = async (): Promise<boolean> => {
      if (batch.length > 0 && !await this.step(account, row.id, done, batch)) return false;
      done += batch.length;
      batch = [];
      return true;
    };
    for await (const record of recordsOf(storedFile(this.store, row.storage_key), row.encoding as Encoding)) {
      if (skip-- > 0) continue;
      batch.push(record);
      if (batch.length >= STEP && !await flush()) return false;
    }
    if (!await flush()) return false;
    await this.unitOfWork.run(account, async (tx) => {
      await this.imports.finish(tx, row.id);
      await this.uploads.release(tx, [row.storage_key]);
    });
    return true;
  }

  /** False when somebody else has done it. What the database cannot hold is rejected row by row, and holds up no other. */
  private async step(account: AccountId, id: number, done: number, records: CsvRecord[]): Promise<boolean> {
    try {
      return await this.unitOfWork.run(account, async (tx) => {
        const row = await this.imports.lock(tx, id, done);
        if (!row) return false;
        const definitions = await this.attributes.list(tx, 'contact_attribute');
        await this.imports.step(tx, id, await this.people.take(tx, columnsOf(row.header, definitions), definitions, records, row.user_id));
        return true;
      });
    } catch (error) {
      if (!/^2[23]/.test((error as { code?: string }).code ?? '')) throw error;
      if (records.length === 1) return this.reject(account, id, done, records[0]!);
      for (const [i, record] of records.entries()) if (!await this.step(account, id, done + i, [record])) return false;
      return true;
    }
  }

  private reject(account: AccountId, id: number, done: number, { line, cells }: CsvRecord): Promise<boolean> {
    return this.unitOfWork.run(account, async (tx) => {
      if (!await this.imports.lock(tx, id, done)) return false;
      await this.imports.step(tx, id, { done: 1, created: 0, updated: 0, rejects: [{ line, cells, reason: 'could not be stored' }] });
      return true;
    });
  }
}

/** Takes up imports whose job was lost, and forgets old ones with what they rejected. */
@Injectable()
@RunsJob({ name: 'sweep-contact-imports', everyMs: 60_000 })
export class SweepImports implements Job {
  constructor(private readonly system: SystemWork, private readonly imports: ImportsRepository, private readonly jobs: Jobs) {}

  async run(): Promise<void> {
    const open = await this.system.run(async (tx) => {
      await this.imports.forgetOld(tx);
      return this.imports.abandoned(tx);
    });
    await this.jobs.addAll(RUN_IMPORTS, open.map((account) => ({ payload: { account_id: account }, key: String(account) })));
  }
}
