import { Body, Controller, Get, Param, Put, Query, Res } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { CurrentMember, MemberOnly } from '../../../identity/access/access.decorators.js';
import { isAdministrator, type Member } from '../../../identity/access/principal.js';
import type { Tx } from '../../../platform/database/transaction.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { answers } from '../../../platform/http/answers.js';
import { notFound, unprocessable } from '../../../platform/http/problem.js';
import { pathId } from '../../../platform/http/schema-fields.js';
import { contentDisposition } from '../../../platform/storage/file-name.js';
import { FileStore } from '../../../platform/storage/file-store.js';
import { MailHeaderLines, ShowMailQuery, ShownMail, TrustPictures } from './shown-mail.dto.js';
import { ShownMailPresenter } from './shown-mail.presenter.js';
import { ShownMailsRepository, type ShownMailRow } from './shown-mails.repository.js';

const Bytes = z.custom<Buffer>().meta({ type: 'string', format: 'binary' });

/** The mail behind a message. */
@Controller('api/v1/accounts/:account_id/conversations/:conversation_id/messages/:id/mail')
@MemberOnly()
export class ShownMailController {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly mails: ShownMailsRepository, private readonly presenter: ShownMailPresenter, private readonly files: FileStore) {}

  /** With `pictures=true` the pages show what the mail wants to have fetched from elsewhere. */
  @Get()
  @answers(ShownMail)
  async show(
    @CurrentMember() me: Member, @Param('conversation_id', { schema: pathId }) displayId: number, @Param('id', { schema: pathId }) id: number, @Query({ schema: ShowMailQuery }) query: z.infer<typeof ShowMailQuery>,
  ): Promise<ShownMail> {
    return this.presenter.present(me.accountId, await this.unitOfWork.run(me.accountId, (tx) => this.find(tx, me, displayId, id)), query.pictures === 'true');
  }

  /** Every line of its header. */
  @Get('headers')
  @answers(MailHeaderLines)
  async headers(@CurrentMember() me: Member, @Param('conversation_id', { schema: pathId }) displayId: number, @Param('id', { schema: pathId }) id: number): Promise<z.infer<typeof MailHeaderLines>> {
    const mail = await this.unitOfWork.run(me.accountId, (tx) => this.find(tx, me, displayId, id));
    return { payload: (mail.headers ?? []).map(([name, value]) => ({ name, value })) };
  }

  /** The mail as it came. */
  @Get('original')
  @ApiProduces('message/rfc822')
  @answers(Bytes)
  async original(@CurrentMember() me: Member, @Param('conversation_id', { schema: pathId }) displayId: number, @Param('id', { schema: pathId }) id: number, @Res() reply: FastifyReply): Promise<void> {
    const mail = await this.unitOfWork.run(me.accountId, (tx) => this.find(tx, me, displayId, id));
    const file = mail.raw_key === null ? undefined : await this.files.open(mail.raw_key);
    if (!file) throw notFound();
    void reply.headers({
      'Content-Type': 'message/rfc822', 'Content-Disposition': contentDisposition('attachment', `mail-${id}.eml`), 'Content-Length': file.size, 'Cache-Control': 'private, no-store', 'Content-Security-Policy': "sandbox; default-src 'none'",
    }).send(file.read());
  }

  /** Pictures of this person's mails are always shown from now on, or no longer. Only for mails that prove whom they are from. */
  @Put('picture_trust')
  @answers(ShownMail)
  trust(
    @CurrentMember() me: Member, @Param('conversation_id', { schema: pathId }) displayId: number, @Param('id', { schema: pathId }) id: number, @Body({ schema: TrustPictures }) { trusted }: z.infer<typeof TrustPictures>,
  ): Promise<ShownMail> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      const mail = await this.find(tx, me, displayId, id);
      if (mail.writer_id === null || (trusted && !mail.authentication?.aligned)) throw unprocessable('It is not proved whom this mail is from.');
      await this.mails.trustPictures(tx, mail.writer_id, me.userId, trusted);
      return this.presenter.present(me.accountId, await this.find(tx, me, displayId, id), false);
    });
  }

  private async find(tx: Tx, me: Member, displayId: number, id: number): Promise<ShownMailRow> {
    const mail = await this.mails.visible(tx, displayId, id, isAdministrator(me) ? null : me.userId);
    if (!mail) throw notFound();
    return mail;
  }
}
