import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiConsumes } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { Public } from '../../../identity/access/access.decorators.js';
import { InboxLookup, type FoundInbox } from '../../../inboxes/inbox-lookup.service.js';
import { Clock } from '../../../platform/clock/clock.js';
import { answersEmpty } from '../../../platform/http/answers.js';
import { notFound, Problem, unprocessable } from '../../../platform/http/problem.js';
import { StreamsBody, streamedBody } from '../../../platform/http/streamed-body.js';
import { emailConfig } from '../email.config.js';
import { ReceiveMail } from '../receiving/receive-mail.service.js';
import { TakeMailReport } from '../reports/take-mail-report.service.js';
import { mailgunMail, NotAProviderMail, NotFromProvider, postmarkMail, sendgridMail, type HookRequest, type ProviderMail, type ProviderReport } from './provider-mails.js';
import { SnsMails } from './sns.service.js';

/** Providers send files in base64, within JSON: a mail of 50 MB is larger here. */
const MAX_BODY = 72 * 1024 * 1024;
type Read = (request: HookRequest, found: FoundInbox) => Promise<ProviderMail | ProviderReport | undefined>;

/** Takes mail from providers that received it for us: each in its own form, checked in its own way, kept as what it was before. */
@Public()
@Controller('hooks/email/:token')
export class ProviderHooksController {
  constructor(private readonly inboxes: InboxLookup, private readonly receiving: ReceiveMail, private readonly sns: SnsMails, private readonly reports: TakeMailReport, private readonly clock: Clock) {}

  @Post('postmark')
  @StreamsBody()
  @ApiConsumes('application/json')
  @answersEmpty()
  postmark(@Param('token') token: string, @Req() request: FastifyRequest): Promise<void> {
    return this.take(token, request, 'postmark', postmarkMail);
  }

  /** Parsed messages, and whole ones: Mailgun sends these to addresses that end in `mime`. */
  @Post(['mailgun', 'mailgun/mime'])
  @StreamsBody()
  @ApiConsumes('multipart/form-data', 'application/x-www-form-urlencoded')
  @answersEmpty()
  mailgun(@Param('token') token: string, @Req() request: FastifyRequest): Promise<void> {
    return this.take(token, request, 'mailgun', mailgunMail);
  }

  @Post('sendgrid')
  @StreamsBody()
  @ApiConsumes('multipart/form-data')
  @answersEmpty()
  sendgrid(@Param('token') token: string, @Req() request: FastifyRequest): Promise<void> {
    return this.take(token, request, 'sendgrid', sendgridMail);
  }

  /** Amazon SES through SNS: received mail, and what became of sent mail. The subscription is confirmed by itself. */
  @Post('ses')
  @HttpCode(200)
  @StreamsBody()
  @ApiConsumes('text/plain')
  @answersEmpty()
  ses(@Param('token') token: string, @Req() request: FastifyRequest): Promise<void> {
    return this.take(token, request, 'ses', ({ body }, { inbox }) => this.sns.read(body, emailConfig(inbox.channel_config).ses_topic_arn));
  }

  private async take(token: string, request: FastifyRequest, source: string, read: Read): Promise<void> {
    const { type, stream } = streamedBody(request);
    try {
      const found = await this.inboxes.byPublicToken(token, 'email');
      if (!found) throw notFound();
      const body = await whole(stream);
      const header = (name: string): string | undefined => { const value = request.headers[name]; return typeof value === 'string' ? value : undefined; };
      const mail = await read({ body, type, header, secrets: this.inboxes.secretsOf(found.inbox), now: this.clock.now() }, found);
      if (mail && 'report' in mail) await this.reports.take({ accountId: found.accountId, id: found.inbox.id }, mail.report, mail.once);
      else if (mail) await this.receiving.receiveOnce(found.accountId, found.inbox.id, source, { bytes: Readable.from([mail.raw]), envelope: mail.envelope, once: mail.once });
    } catch (error) {
      stream.unpipe();
      stream.resume();
      if (error instanceof NotFromProvider) throw new Problem('unauthenticated', 'The signature is wrong, or too old.');
      if (error instanceof NotAProviderMail) throw unprocessable(error.message);
      throw error;
    }
  }
}

async function whole(stream: Readable): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_BODY) throw new Problem('too_large', 'At most 50 MB are taken.');
    parts.push(part);
  }
  return Buffer.concat(parts);
}
