import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { Clock } from '../../../platform/clock/clock.js';
import type { ChannelInbox } from '../../contract/channel.js';
import { SmtpAccounts } from '../accounts/smtp-account.service.js';
import { composeMail } from '../compose/compose-mail.js';
import { domainOf, mailAddress, taggedAddress } from '../compose/mail-addresses.js';
import { emailConfig } from '../email.config.js';

const WAYS = ['plain', 'plus'] as const;
/** Long and random, so that nobody's mail is taken for a test. */
const newId = (): string => randomBytes(12).toString('hex');
export const TEST_ID = /^[0-9a-f]{24}$/;

/** The Message-IDs of a test: to the address itself, and to the address with a word after a plus. */
export function testMailIds(id: string, address: string): { plain: string; plus: string } {
  const [plain, plus] = WAYS.map((way) => `test-${id}-${way}@${domainOf(mailAddress(address) ?? 'invalid@invalid')}`);
  return { plain: plain!, plus: plus! };
}

/** Sends an inbox a mail from itself: what arrives shows that sending and receiving work together. */
@Injectable()
export class TestMail {
  constructor(private readonly accounts: SmtpAccounts, private readonly clock: Clock) {}

  async send(inbox: ChannelInbox): Promise<{ id: string; problem: string | null }> {
    const id = newId();
    const address = mailAddress(emailConfig(inbox.config).email);
    if (address === undefined) return { id, problem: 'The inbox has no address of its own.' };
    const server = await this.accounts.of(inbox);
    if ('reason' in server) return { id, problem: server.reason };
    const ids = testMailIds(id, address);
    const recipients = { plain: address, plus: taggedAddress(address, 'test') };
    for (const way of WAYS) {
      const outcome = await this.accounts.send(inbox, server, composeMail({
        messageId: ids[way], date: this.clock.date(), from: { name: inbox.name.replaceAll('@', ' '), address }, to: [{ name: '', address: recipients[way] }], cc: [], bcc: [], subject: 'Porchlight test', topic: 'Porchlight test',
        thread: { uuid: '00000000-0000-4000-8000-000000000000', begunAt: this.clock.date() }, inReplyTo: null, references: [], html: '<p>This mail shows that the inbox can send and receive.</p>',
        markdown: 'This mail shows that the inbox can send and receive.', signature: null, quoted: null, locale: 'en', files: [], automatic: true, loopMark: address,
      }, String));
      // The first one tells whether sending works; a server that refuses the other only knows no such addresses.
      if (way === 'plain' && !('kind' in outcome && outcome.kind === 'accepted')) return { id, problem: outcome.reason };
    }
    return { id, problem: null };
  }
}
