import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { AdministratorOnly, CurrentMember } from '../../identity/access/access.decorators.js';
import { ScopeArea } from '../../identity/access/token-scopes.js';
import type { Member } from '../../identity/access/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { AcceptsFiles } from '../../platform/http/accepts-files.js';
import { answers } from '../../platform/http/answers.js';
import { invalid, notFound } from '../../platform/http/problem.js';
import { pathId } from '../../platform/http/schema-fields.js';
import { contentDisposition, safeFileName } from '../../platform/storage/file-name.js';
import { BYTE_ORDER_MARK, csvLine } from './csv-writer.js';
import { ImportsRepository, type ImportRow } from './imports.repository.js';
import { StartImport } from './start-import.service.js';
import { ImportAnswer, ImportList, StartImport as StartImportBody, type WireImport } from './transfer.dto.js';

// Importing the corrected file leaves this column out.
const REASON = 'rejected_because';
const Table = z.string().meta({ type: 'string', format: 'binary' });

/** People brought in from a file. */
@Controller('api/v1/accounts/:account_id/contacts')
@AdministratorOnly()
@ScopeArea('contacts')
export class ImportsController {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly imports: ImportsRepository, private readonly starting: StartImport) {}

  /** Takes a CSV file with a header. A file that cannot be read is refused here; its people come in the background. */
  @Post('import')
  @answers(ImportAnswer)
  @AcceptsFiles(1)
  async start(@CurrentMember() me: Member, @Body({ schema: StartImportBody }) body: StartImportBody): Promise<z.infer<typeof ImportAnswer>> {
    if (!body.import_file) throw invalid('import_file', 'is missing');
    return { payload: present(await this.starting.start(me, body.import_file, body.encoding)) };
  }

  /** The newest 20, newest first. They are forgotten after seven days. */
  @Get('imports')
  @answers(ImportList)
  list(@CurrentMember() me: Member): Promise<z.infer<typeof ImportList>> {
    return this.unitOfWork.run(me.accountId, async (tx) => ({ payload: (await this.imports.list(tx)).map(present) }));
  }

  @Get('imports/:import_id')
  @answers(ImportAnswer)
  async progress(@CurrentMember() me: Member, @Param('import_id', { schema: pathId }) id: number): Promise<z.infer<typeof ImportAnswer>> {
    return { payload: present(await this.find(me, id)) };
  }

  /** The rows that were not taken, each with the reason, as a CSV file that can be put right and sent again. */
  @Get('imports/:import_id/rejected')
  @ApiProduces('text/csv')
  @answers(Table, { description: 'A table of the rejected rows' })
  async rejected(@CurrentMember() me: Member, @Param('import_id', { schema: pathId }) id: number, @Res() reply: FastifyReply): Promise<void> {
    const row = await this.find(me, id);
    const rejects = await this.unitOfWork.run(me.accountId, (tx) => this.imports.rejects(tx, id));
    const width = row.header.length;
    const lines = rejects.map(({ cells, line, reason }) => csvLine([...row.header.map((_, i) => cells[i] ?? ''), `${line}: ${reason}`, ...cells.slice(width)]));
    void reply.headers({ 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': contentDisposition('attachment', safeFileName(`rejected ${row.file_name}`)) })
      .send(BYTE_ORDER_MARK + csvLine([...row.header, REASON]) + lines.join(''));
  }

  private async find(me: Member, id: number): Promise<ImportRow> {
    const row = await this.unitOfWork.run(me.accountId, (tx) => this.imports.find(tx, id));
    if (!row) throw notFound();
    return row;
  }
}

const present = (row: ImportRow): WireImport => ({
  id: row.id, file_name: row.file_name, encoding: row.encoding, total: row.total, done: row.done, created: row.created, updated: row.updated, rejected: row.rejected,
  finished: row.finished_at !== null, created_at: Math.floor(row.created_at.getTime() / 1000),
});
