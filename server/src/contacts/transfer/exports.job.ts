import { Injectable } from '@nestjs/common';
import { Events } from '../../delivery/events.js';
import { Jobs, RunsJob, type Job } from '../../delivery/job.js';
import { accountId, type AccountId } from '../../platform/database/account-id.js';
import { SystemWork, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Uploads } from '../../platform/storage/uploads.js';
import '../contact.events.js';
import { BYTE_ORDER_MARK, csvLine } from './csv-writer.js';
import { exportCells, exportColumns } from './export-columns.js';
import { ExportsRepository, type ExportRow } from './exports.repository.js';
import { OF_ATTRIBUTES } from './import-columns.js';
import { WhomToExport } from './whom-to-export.service.js';

export const RUN_EXPORT = 'run-contact-export';
const BATCH = 500;
const MAX_BYTES = 1024 * 1024 * 1024;

/** Writes the people of an export into its file, a batch at a time. Killed in the middle it begins anew; the half file is swept, and only a whole one is ever handed out. */
@Injectable()
@RunsJob({ name: RUN_EXPORT })
export class RunExport implements Job<{ account_id: number; id: number }> {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly exports: ExportsRepository, private readonly whom: WhomToExport, private readonly uploads: Uploads, private readonly events: Events) {}

  async run({ account_id: account, id }: { account_id: number; id: number }): Promise<void> {
    const own = accountId(account);
    const row = await this.unitOfWork.run(own, (tx) => this.exports.find(tx, id));
    if (!row || row.finished_at) return;
    const progress = { done: 0 };
    const file = await this.uploads.stageBytes(own, this.lines(own, row, progress), MAX_BYTES);
    const isFirst = await this.unitOfWork.run(own, async (tx) => {
      if (!await this.exports.finish(tx, id, file.storageKey, progress.done)) return false;
      await this.uploads.claim(tx, [file]);
      await this.events.append(tx, { type: 'contacts.exported', actorId: row.user_id, payload: { export_id: id } });
      return true;
    });
    if (!isFirst) await this.uploads.discard(own, [file]);
  }

  private async* lines(account: AccountId, row: ExportRow, progress: { done: number }): AsyncGenerator<Buffer> {
    const used = await this.unitOfWork.run(account, (tx) => this.exports.attributeNames(tx));
    // What is asked for was checked: a column that is empty for everybody belongs into the file too.
    const columns = exportColumns([...used, ...(row.column_names ?? []).map((name) => name.replace(OF_ATTRIBUTES, ''))], row.column_names);
    yield Buffer.from(BYTE_ORDER_MARK + csvLine(columns.map(({ name }) => name)));
    for (let last = 0; ;) {
      const batch = await this.unitOfWork.run(account, async (tx) => {
        const found = await this.exports.batch(tx, await this.whom.of(tx, row), last, BATCH);
        await this.exports.move(tx, row.id, progress.done + found.length);
        return found;
      });
      progress.done += batch.length;
      if (batch.length > 0) yield Buffer.from(batch.map((contact) => csvLine(exportCells(contact, columns))).join(''));
      if (batch.length < BATCH) return;
      last = batch.at(-1)!.id;
    }
  }
}

/** Takes up exports whose job was lost, and removes old files. */
@Injectable()
@RunsJob({ name: 'sweep-contact-exports', everyMs: 60_000 })
export class SweepExports implements Job {
  constructor(private readonly system: SystemWork, private readonly exports: ExportsRepository, private readonly jobs: Jobs) {}

  async run(): Promise<void> {
    const open = await this.system.run(async (tx) => {
      await this.exports.forgetOld(tx);
      return this.exports.abandoned(tx);
    });
    await this.jobs.addAll(RUN_EXPORT, open.map((payload) => ({ payload, key: `${payload.account_id}/${payload.id}` })));
  }
}
