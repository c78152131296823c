import type { ImapFlow } from 'imapflow';
import type { ChannelInbox } from '../../contract/channel.js';
import type { Clock } from '../../../platform/clock/clock.js';
import { accountId } from '../../../platform/database/account-id.js';
import type { AddressGuard } from '../../../platform/outbound-http/address-guard.js';
import type { MailAccessTokens } from '../accounts/mail-access-tokens.service.js';
import { emailConfig } from '../email.config.js';
import type { ReceiveMail } from '../receiving/receive-mail.service.js';
import { fetchFolder, type Fetching } from './fetch-folder.js';
import { openMailbox } from './imap-connection.js';
import type { MailboxesRepository } from './mailboxes.repository.js';

export interface SessionParts { guard: AddressGuard; tokens: MailAccessTokens; mailboxes: MailboxesRepository; receiving: ReceiveMail; clock: Clock }

/** The server tells of new mail at once; folders that are not open, and servers that forget to tell, are looked at this often. */
const LOOK_MS = 60_000;

/** One mailbox, read over one connection until it breaks or is stopped. */
export class MailboxSession {
  private client?: ImapFlow;
  private stopping = false;
  private news: () => void = () => undefined;

  constructor(private readonly inbox: ChannelInbox, private readonly parts: SessionParts) {}

  /** Resolves when it was stopped; rejects when the mailbox cannot be read. */
  async run(): Promise<void> {
    const { guard, tokens, mailboxes, clock } = this.parts;
    const account = accountId(this.inbox.accountId);
    const settings = emailConfig(this.inbox.config);
    if (this.stopping) return;
    const client = await openMailbox(this.inbox, guard, tokens);
    this.client = client;
    try {
      client.on('exists', () => this.news());
      client.on('close', () => this.news());
      await mailboxes.connected(account, this.inbox.id, clock.date());
      const fetching: Fetching = {
        client, inbox: { id: this.inbox.id, accountId: this.inbox.accountId, backfillDays: settings.imap_backfill_days }, mailboxes, receiving: this.parts.receiving, clock, stopped: () => this.stopping,
      };
      // The folder that is watched comes last, so that it stays open.
      const folders = [...settings.imap_folders.slice(1), settings.imap_folders[0] ?? 'INBOX'];
      while (!this.stopping) {
        for (const folder of folders) {
          if (!(client.mailbox && client.mailbox.path === folder)) await client.mailboxOpen(folder, { readOnly: true });
          await fetchFolder(fetching, folder);
        }
        await mailboxes.looked(account, this.inbox.id, clock.date(), 0);
        await this.waitForNews(client);
        if (!this.stopping && !client.usable) throw Object.assign(new Error('The server closed the connection.'), { code: 'NoConnection' });
      }
    } finally {
      this.client = undefined;
      client.close();
    }
  }

  private async waitForNews(client: ImapFlow): Promise<void> {
    if (this.stopping || !client.usable) return;
    let timer: NodeJS.Timeout | undefined;
    const heard = new Promise<void>((resolve) => {
      this.news = resolve;
      timer = setTimeout(resolve, LOOK_MS);
    });
    // Ends by itself when the next command is given.
    client.idle().catch(() => this.news());
    await heard;
    clearTimeout(timer);
  }

  stop(): void {
    this.stopping = true;
    this.news();
    this.client?.close();
  }
}
