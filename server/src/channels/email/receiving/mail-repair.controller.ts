import { Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { AdministratorOnly, CurrentMember } from '../../../identity/access/access.decorators.js';
import type { Member } from '../../../identity/access/principal.js';
import { InboxesRepository } from '../../../inboxes/inboxes.repository.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { answers, answersEmpty, seconds } from '../../../platform/http/answers.js';
import { notFound } from '../../../platform/http/problem.js';
import { formInt, pathId } from '../../../platform/http/schema-fields.js';
import { FileStore } from '../../../platform/storage/file-store.js';
import { RawMailsRepository, type RawMailRow } from './raw-mails.repository.js';
import { ReceiveMail } from './receive-mail.service.js';

const RepairItem = z.object({
  id: z.int(), received_at: seconds, size: z.int(), source: z.string(), subject: z.string().nullable(), from: z.string().nullable(), error: z.string().nullable(), attempts: z.int(),
}).meta({ id: 'MailToRepair' });
const RepairList = z.object({ payload: z.array(RepairItem) });
const Page = z.object({ before: formInt.optional() });
const Bytes = z.custom<Buffer>().meta({ type: 'string', format: 'binary' });

const present = (row: RawMailRow): z.infer<typeof RepairItem> => ({
  id: row.id, received_at: Math.floor(row.received_at.getTime() / 1000), size: row.size, source: row.source, subject: row.subject, from: row.from_address, error: row.error, attempts: row.attempts,
});

/** Mails that could not be read or stored: kept, to be looked at and tried again. */
@Controller('api/v1/accounts/:account_id/inboxes/:inbox_id/mail_repairs')
export class MailRepairController {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly inboxes: InboxesRepository, private readonly raws: RawMailsRepository, private readonly files: FileStore, private readonly receiving: ReceiveMail,
  ) {}

  @Get()
  @AdministratorOnly()
  @answers(RepairList)
  list(@CurrentMember() me: Member, @Param('inbox_id', { schema: pathId }) inboxId: number, @Query({ schema: Page }) { before }: z.infer<typeof Page>): Promise<z.infer<typeof RepairList>> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      if (!await this.inboxes.find(tx, inboxId)) throw notFound();
      return { payload: (await this.raws.failed(tx, inboxId, before ?? Number.MAX_SAFE_INTEGER)).map(present) };
    });
  }

  /** The mail as it came. */
  @Get(':id/raw')
  @AdministratorOnly()
  @ApiProduces('message/rfc822')
  @answers(Bytes)
  async download(@CurrentMember() me: Member, @Param('inbox_id', { schema: pathId }) inboxId: number, @Param('id', { schema: pathId }) id: number, @Res() reply: FastifyReply): Promise<void> {
    const row = await this.unitOfWork.run(me.accountId, (tx) => this.raws.find(tx, inboxId, id));
    const file = row && await this.files.open(row.storage_key);
    if (!file) throw notFound();
    void reply.headers({ 'Content-Type': 'message/rfc822', 'Content-Disposition': `attachment; filename="mail-${id}.eml"`, 'Content-Length': file.size }).send(file.read());
  }

  /** Tries again, as after an update that reads more. */
  @Post(':id/retry')
  @AdministratorOnly()
  @answersEmpty()
  async retry(@CurrentMember() me: Member, @Param('inbox_id', { schema: pathId }) inboxId: number, @Param('id', { schema: pathId }) id: number): Promise<void> {
    if (!await this.unitOfWork.run(me.accountId, (tx) => this.raws.retry(tx, inboxId, id))) throw notFound();
    this.receiving.wake({ accountId: me.accountId, inboxId });
  }
}
