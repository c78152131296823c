import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import { AdministratorOnly, CurrentMember, MemberOnly } from '../../../identity/access/access.decorators.js';
import { ReadsOnly } from '../../../identity/access/token-scopes.js';
import type { Member } from '../../../identity/access/principal.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { answers, answersEmpty } from '../../../platform/http/answers.js';
import { invalid, notFound } from '../../../platform/http/problem.js';
import { pathId } from '../../../platform/http/schema-fields.js';
import type { ChannelInbox } from '../../contract/channel.js';
import { MailInboxes } from '../accounts/mail-inboxes.service.js';
import { serverOfSettings } from '../accounts/smtp-account.service.js';
import { emailConfig } from '../email.config.js';
import { OutgoingMailsRepository } from '../sending/outgoing-mails.repository.js';
import { CheckConnection } from './check-connection.service.js';
import { DnsAdvisor } from './dns-advice.service.js';
import { CheckedMail, CheckMail, Discover, DnsAdviceList, DnsQuery, FoundProviderSchema, HeldAddresses, TestMailSent, TestMailState } from './email-setup.dto.js';
import { FindProvider } from './find-provider.service.js';
import { MailSetupRepository } from './mail-setup.repository.js';
import { TEST_ID, TestMail, testMailIds } from './test-mail.service.js';

/** Helps to connect a mailbox. */
@Controller('api/v1/accounts/:account_id')
@AdministratorOnly()
export class EmailSetupController {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly providers: FindProvider, private readonly checking: CheckConnection, private readonly advisor: DnsAdvisor, private readonly tests: TestMail,
    private readonly inboxes: MailInboxes, private readonly setup: MailSetupRepository, private readonly outgoing: OutgoingMailsRepository,
  ) {}

  @Post('email_setup/discover')
  @ReadsOnly()
  @answers(FoundProviderSchema)
  async discover(@Body({ schema: Discover }) body: Discover): Promise<z.infer<typeof FoundProviderSchema>> {
    const found = await this.providers.find(body.email);
    if (!found) throw invalid('email', 'is not an email address');
    const { how, name, imap, smtp, oauth } = found;
    return { how, name, imap, smtp, oauth, oauth_only: found.oauthOnly, app_password_url: found.appPasswordUrl, switch_on_url: found.switchOnUrl };
  }

  @Post('email_setup/check')
  @answers(CheckedMail)
  async check(@CurrentMember() me: Member, @Body({ schema: CheckMail }) body: CheckMail): Promise<z.infer<typeof CheckedMail>> {
    const { inbox_id: inboxId, imap, smtp, ...given } = body;
    const stored = inboxId === undefined ? undefined : await this.mailInbox(me, inboxId);
    const settings = emailConfig({ ...stored?.config, ...given });
    // A stored password goes only to the server it was stored for.
    const secret = (name: 'imap_password' | 'smtp_password', address: 'imap_address' | 'smtp_address'): string | undefined =>
      given[name] || (stored?.config[address] === settings[address] ? stored?.secrets[name] : undefined) || undefined;
    const password = secret('imap_password', 'imap_address') ?? '';
    const [imapResult, smtpResult] = await Promise.all([
      imap ? this.checking.imapServer({ host: settings.imap_address ?? '', port: settings.imap_port, ssl: settings.imap_enable_ssl, user: settings.imap_login || settings.email, password }) : null,
      smtp ? this.checking.smtpServer({ ...serverOfSettings(settings), password: (secret('smtp_password', 'smtp_address') ?? password) }) : null,
    ]);
    return { imap: imapResult, smtp: smtpResult };
  }

  @Get('email_setup/dns')
  @answers(DnsAdviceList)
  async dns(@Query({ schema: DnsQuery }) query: DnsQuery): Promise<z.infer<typeof DnsAdviceList>> {
    return { payload: await this.advisor.advise(query.email) };
  }

  @Post('inboxes/:id/test_mail')
  @answers(TestMailSent)
  async sendTest(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number): Promise<z.infer<typeof TestMailSent>> {
    const sent = await this.tests.send(await this.mailInbox(me, id));
    return { id: sent.id, sent: sent.problem === null, problem: sent.problem };
  }

  @Get('inboxes/:id/test_mail/:test')
  @answers(TestMailState)
  async test(@CurrentMember() me: Member, @Param('id', { schema: pathId }) id: number, @Param('test') test: string): Promise<z.infer<typeof TestMailState>> {
    if (!TEST_ID.test(test)) throw notFound();
    const inbox = await this.mailInbox(me, id);
    const ids = testMailIds(test, emailConfig(inbox.config).email);
    const arrived = await this.unitOfWork.run(me.accountId, (tx) => this.setup.arrived(tx, id, [ids.plain, ids.plus]));
    return { arrived: arrived.includes(ids.plain), plus: arrived.includes(ids.plus) };
  }

  /** Addresses to which nothing is sent, newest first. */
  @Get('mail_held_addresses')
  @answers(HeldAddresses)
  held(@CurrentMember() me: Member): Promise<z.infer<typeof HeldAddresses>> {
    return this.unitOfWork.run(me.accountId, async (tx) => ({
      payload: (await this.setup.held(tx)).map((row) => ({ address: row.address, reason: row.reason, detail: row.detail, held_at: Math.floor(row.held_at.getTime() / 1_000), conversation_id: row.display_id })),
    }));
  }

  /** Lets mail go there again. */
  @Delete('mail_held_addresses/:address')
  @MemberOnly()
  @answersEmpty()
  release(@CurrentMember() me: Member, @Param('address') address: string): Promise<void> {
    return this.unitOfWork.run(me.accountId, async (tx) => {
      if (address.includes('\u0000') || !await this.outgoing.release(tx, address)) throw notFound();
    });
  }

  private async mailInbox(me: Member, id: number): Promise<ChannelInbox> {
    const inbox = await this.inboxes.find(me.accountId, id);
    if (!inbox) throw notFound();
    return inbox;
  }
}
