import { Injectable } from '@nestjs/common';
import { ConversationPresenter } from '../../conversations/queries/conversation.presenter.js';
import { ConversationReader } from '../../conversations/queries/conversation-reader.js';
import { pushedConversation } from '../../conversations/queries/pushed-conversation.js';
import type { StoredEvent } from '../../delivery/event-types.js';
import { Subscribes, type Subscriber } from '../../delivery/subscriber.js';
import { accountId } from '../../platform/database/account-id.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Log } from '../../platform/logging/log.js';
import { Mailer } from '../../platform/mailer/mailer.js';
import { OutboundHttp } from '../../platform/outbound-http/outbound-http.js';
import { OutgoingAddresses } from '../../platform/storage/outgoing-addresses.js';
import { SendActionFiles } from '../files/send-action-files.service.js';
import { ActionsRepository } from './actions.repository.js';
import './outside.events.js';

type Requested = StoredEvent<'automation.outside_requested'>;
type Letter = { to: { name: string; address: string }[]; subject: string; text: string };

/** Writes the mails, calls the servers and sends the files that actions ask for. After the commit, so that no other machine is waited for inside a transaction. */
@Injectable()
@Subscribes({ name: 'automation-outside', reaches: 'outside', hears: ['automation.outside_requested'] })
export class AutomationOutside implements Subscriber<'automation.outside_requested'> {
  constructor(
    private readonly unitOfWork: UnitOfWork, private readonly repository: ActionsRepository, private readonly reader: ConversationReader, private readonly presenter: ConversationPresenter,
    private readonly mailer: Mailer, private readonly outbound: OutboundHttp, private readonly log: Log, private readonly files: SendActionFiles,
    private readonly addresses: OutgoingAddresses,
  ) {}

  async handle(event: Requested): Promise<void> {
    if (event.payload.want === 'webhook') return this.call(event, event.payload);
    if (event.payload.want === 'files') return this.files.send(event, event.payload);
    const letter = await this.letterOf(event);
    if (!letter) return;
    if (!this.mailer.configured) return this.log.warn('a rule asked for a mail, but no SMTP server is set', { account_id: event.account_id });
    for (const to of letter.to) await this.mailer.send({ to, subject: letter.subject, text: letter.text, html: asHtml(letter.text) });
  }

  private letterOf(event: Requested): Promise<Letter | undefined> {
    const { payload } = event;
    return this.unitOfWork.run(accountId(event.account_id), async (tx) => {
      const [row] = await this.reader.byIds(tx, [event.conversation_id!]);
      if (!row || payload.want === 'webhook' || payload.want === 'files') return undefined;
      const about = `#${row.display_id} ${row.contact.name}`.trim();
      if (payload.want === 'mail_team') {
        const people = await this.repository.teamAddresses(tx, payload.teams);
        return { to: people.map(({ name, email }) => ({ name, address: email })), subject: about, text: `${payload.message}\n\n${payload.by}` };
      }
      const lines = await this.repository.transcript(tx, row.id);
      return {
        to: payload.to.map((address) => ({ name: '', address })), subject: about,
        text: lines.map((line) => `${line.sender ?? ''} · ${line.created_at.toISOString().slice(0, 16).replace('T', ' ')} UTC\n${line.content ?? ''}`).join('\n\n'),
      };
    });
  }

  private async call(event: Requested, { url, event: name }: { url: string; event: string }): Promise<void> {
    const body = await this.unitOfWork.run(accountId(event.account_id), async (tx) => {
      const [row] = await this.reader.byIds(tx, [event.conversation_id!]);
      return row && JSON.stringify(this.addresses.whole({ ...pushedConversation(row, await this.presenter.one(tx, row, 'said')), account: await this.repository.account(tx), event: name }));
    });
    if (!body) return;
    const outcome = await this.outbound.send({ method: 'POST', url, headers: { 'content-type': 'application/json' }, body });
    const isLate = outcome.kind === 'not_sent' || outcome.kind === 'lost' || (outcome.kind === 'answered' && (outcome.status >= 500 || outcome.status === 429));
    // Thrown so that the job is tried again; what was refused will be refused again.
    if (isLate) throw new Error(`The server of a rule's webhook did not take the event: ${outcome.kind === 'answered' ? outcome.status : outcome.reason}`);
  }
}

const asHtml = (text: string): string => `<p>${text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`).replaceAll('\n', '<br>')}</p>`;
