import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import type { z } from 'zod';
import { Jobs } from '../../delivery/job.js';
import { AdministratorOnly, CurrentMember, WantsFreshProof } from '../../identity/access/access.decorators.js';
import { ScopeArea } from '../../identity/access/token-scopes.js';
import type { Member } from '../../identity/access/principal.js';
import { AuditLog } from '../../identity/audit-log/audit-log.repository.js';
import type { Tx } from '../../platform/database/transaction.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { answers } from '../../platform/http/answers.js';
import { invalid, notFound } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { FileAddresses } from '../../platform/storage/file-addresses.js';
import { AttributesRepository } from '../attributes/attributes.repository.js';
import { exportColumns } from './export-columns.js';
import { RUN_EXPORT } from './exports.job.js';
import { ExportsRepository, type ExportRow } from './exports.repository.js';
import { ExportAnswer, StartExport, type WireExport } from './transfer.dto.js';
import { WhomToExport } from './whom-to-export.service.js';

/** People written out to a file. */
@Controller('api/v1/accounts/:account_id/contacts')
@AdministratorOnly()
@ScopeArea('contacts')
export class ExportsController {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly exports: ExportsRepository, private readonly whom: WhomToExport, private readonly jobs: Jobs, private readonly addresses: FileAddresses,
    private readonly audit: AuditLog, private readonly attributes: AttributesRepository,
  ) {}

  /** Those whom the filter in `payload` lets through, or those of a label, or all; with the columns in `column_names`, or all. The file is made in the background; whoever asked gets a mail when mail is set up. */
  @Post('export')
  @WantsFreshProof()
  @answers(ExportAnswer)
  async start(@CurrentMember() me: Member, @Body({ schema: StartExport }) body: StartExport): Promise<z.infer<typeof ExportAnswer>> {
    const row = await this.unitOfWork.run(me.accountId, async (tx) => {
      const conditions = body.payload?.length ? body.payload : null;
      await this.whom.check(tx, { conditions, label: body.label ?? null });
      await this.audit.note(tx, 'Contact', 'export', { label: body.label ?? null, conditions: body.payload?.map((condition) => condition.attribute_key) ?? null });
      return this.exports.insert(tx, me.userId, { conditions, label: body.label || null, column_names: await this.wanted(tx, body.column_names) });
    });
    await this.jobs.add(RUN_EXPORT, { account_id: me.accountId, id: row.id }, { key: `${me.accountId}/${row.id}` });
    return { payload: this.present(me, row) };
  }

  /** How far it is, and when it is done, an address that works for half an hour to an hour. The file is kept for a day. */
  @Get('exports/:export_id')
  @answers(ExportAnswer)
  async progress(@CurrentMember() me: Member, @Param('export_id', { schema: pathId }) id: number): Promise<z.infer<typeof ExportAnswer>> {
    const row = await this.unitOfWork.run(me.accountId, (tx) => this.exports.find(tx, id));
    if (!row) throw notFound();
    return { payload: this.present(me, row) };
  }

  /** Null for all. Throws Problem `invalid` for a column that a file of this account would not have. */
  private async wanted(tx: Tx, given: string[] | undefined): Promise<string[] | null> {
    if (!given?.length) return null;
    const known = [...await this.exports.attributeNames(tx), ...(await this.attributes.list(tx, 'contact_attribute')).map((attribute) => attribute.key)];
    const unknown = given.find((name) => exportColumns(known, [name]).length === 0);
    if (unknown !== undefined) throw invalid('column_names', `names a column that there is not: ${unknown}`);
    return [...new Set(given)];
  }

  private present(me: Member, row: ExportRow): WireExport {
    const url = row.storage_key === null ? null
      : this.addresses.url({ accountId: me.accountId, storageKey: row.storage_key, contentType: 'text/csv', fileName: `contacts-${row.created_at.toISOString().slice(0, 10)}.csv` });
    return { id: row.id, done: row.done, finished: row.finished_at !== null, url, created_at: Math.floor(row.created_at.getTime() / 1000) };
  }
}
