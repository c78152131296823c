import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiParam, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Public } from '../../../identity/access/access.decorators.js';
import { accountId } from '../../../platform/database/account-id.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { answers } from '../../../platform/http/answers.js';
import { notFound } from '../../../platform/http/problem.js';
import { RemotePictureAddresses } from '../../../platform/remote-pictures/remote-picture-addresses.js';
import { FileAddresses } from '../../../platform/storage/file-addresses.js';
import { mailPage, textAsHtml } from './mail-page.js';
import { MailPageAddresses } from './mail-page-addresses.service.js';
import { ShownMailsRepository, type ShownMailRow } from './shown-mails.repository.js';

const Page = z.custom<string>().meta({ type: 'string' });
/**
 * A mail is a stranger's page. Nothing in it runs, nothing is loaded but pictures through us, and it is framed by the dashboard alone. It keeps our origin so that the dashboard
 * can measure how high it is; without scripts it can make no use of that.
 */
const POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox";

/** Shows mails to whoever holds a signed address. */
@Public()
@Controller()
export class MailPagesController {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly mails: ShownMailsRepository, private readonly addresses: MailPageAddresses, private readonly files: FileAddresses,
    private readonly pictures: RemotePictureAddresses,
  ) {}

  @Get('mail-pages/:token')
  @ApiParam({ name: 'token', type: String })
  @ApiProduces('text/html')
  @answers(Page, { description: 'The mail as a page for a frame' })
  async page(@Param('token') token: string, @Res() reply: FastifyReply): Promise<void> {
    const name = this.addresses.readPage(token);
    const mail = await this.unitOfWork.run(accountId(name.accountId), (tx) => this.mails.find(tx, name.conversationId, name.messageId));
    if (!mail) throw notFound();
    const inline = mail.parts?.inline ?? {};
    const html = mailPage(bodyOf(mail, name.whole), mail.subject, {
      inside: (contentId) => {
        const file = Object.hasOwn(inline, contentId) ? inline[contentId] : undefined;
        return file && this.files.url({ accountId: name.accountId, storageKey: file.storage_key, fileName: file.name, contentType: file.content_type });
      },
      outside: (address) => (name.pictures ? this.pictures.of(name.accountId, address) : undefined),
    });
    void reply.headers({
      'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': POLICY, 'Referrer-Policy': 'no-referrer', 'Cross-Origin-Resource-Policy': 'same-origin',
      'Cache-Control': `private, max-age=${Math.min(name.secondsLeft, 600)}`,
    }).send(html);
  }
}

function bodyOf(mail: ShownMailRow, whole: boolean): string {
  if (mail.html_body !== null) return (whole ? null : mail.parts?.html_reply) ?? mail.html_body;
  return textAsHtml(mail.text_body ?? '');
}
