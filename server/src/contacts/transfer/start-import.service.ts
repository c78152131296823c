import { Injectable } from '@nestjs/common';
import { Jobs } from '../../delivery/job.js';
import { AuditLog } from '../../identity/audit-log/audit-log.repository.js';
import type { Member } from '../../identity/access/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { unprocessable } from '../../platform/http/problem.js';
import { FileStore } from '../../platform/storage/file-store.js';
import { Uploads } from '../../platform/storage/uploads.js';
import type { StagedFile } from '../../platform/storage/staged-file.js';
import { AttributesRepository } from '../attributes/attributes.repository.js';
import { BrokenCsv } from './csv-reader.js';
import { columnsOf } from './import-columns.js';
import { RUN_IMPORTS } from './imports.job.js';
import { ImportsRepository, type ImportRow } from './imports.repository.js';
import { storedFile } from './stored-file.js';
import { encodingOf, recordsOf, type Encoding } from './table-file.js';

const MAX_ROWS = 200_000;

/** Looks a file over from its first byte to its last before anybody is brought in, so that a file that cannot be read changes nothing. */
@Injectable()
export class StartImport {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly store: FileStore, private readonly uploads: Uploads, private readonly attributes: AttributesRepository,
    private readonly imports: ImportsRepository, private readonly jobs: Jobs, private readonly audit: AuditLog,
  ) {}

  /** Throws Problem `unprocessable` with what is wrong with the file and where. */
  async start(me: Member, file: StagedFile, said: Encoding | undefined): Promise<ImportRow> {
    const open = storedFile(this.store, file.storageKey);
    const encoding = await encodingOf(open, said);
    const { header, total } = await this.survey(open, encoding);
    const row = await this.unitOfWork.run(me.accountId, async (tx) => {
      columnsOf(header, await this.attributes.list(tx, 'contact_attribute'));
      await this.uploads.claim(tx, [file]);
      await this.audit.note(tx, 'Contact', 'import', { rows: total });
      return this.imports.insert(tx, { user_id: me.userId, file_name: file.fileName, encoding, storage_key: file.storageKey, header, total });
    });
    await this.jobs.add(RUN_IMPORTS, { account_id: me.accountId }, { key: String(me.accountId) });
    return row;
  }

  private async survey(open: ReturnType<typeof storedFile>, encoding: Encoding): Promise<{ header: string[]; total: number }> {
    let header: string[] | undefined;
    let total = 0;
    try {
      for await (const { cells } of recordsOf(open, encoding)) {
        if (!header) header = cells.map((cell) => cell.trim());
        else if (++total > MAX_ROWS) throw unprocessable(`A file may have at most ${MAX_ROWS} rows. Split it, and import one part after the other.`);
      }
    } catch (error) {
      throw error instanceof BrokenCsv ? unprocessable(error.message) : error;
    }
    if (!header || total === 0) throw unprocessable('This file has no rows below its header.');
    return { header, total };
  }
}
