import { Injectable } from '@nestjs/common';
import { isIP } from 'node:net';
import { AddressGuard, AddressRefused } from '../../../platform/outbound-http/address-guard.js';
import { SmtpSender } from '../../../platform/smtp/smtp-sender.js';
import type { SmtpServer } from '../../../platform/smtp/smtp-server.js';
import { imapProblem, smtpProblem, type ImapError, type Problem } from '../accounts/mail-problem.js';

/** How a try went; `said` are the server's own words. */
export interface CheckResult { ok: boolean; problem: Problem | null; said: string | null }

export interface ImapServer { host: string; port: number; ssl: boolean; user: string; password?: string; accessToken?: string }

const IMAP_PORTS = [143, 993];
const PATIENCE_MS = 12_000;
const OK: CheckResult = { ok: true, problem: null, said: null };

/** Tries a mailbox's servers and says in which step it fails. Nothing is changed there, nothing is sent. */
@Injectable()
export class CheckConnection {
  constructor(private readonly guard: AddressGuard, private readonly smtp: SmtpSender) {}

  async smtpServer(server: SmtpServer): Promise<CheckResult> {
    const failure = await this.smtp.check(server);
    // Of a connection that did not come about the reason is ours, and said by the problem itself.
    return failure ? { ok: false, problem: smtpProblem(failure, server.host), said: ['address', 'connect', 'tls'].includes(failure.stage) ? null : failure.reason } : OK;
  }

  async imapServer(server: ImapServer): Promise<CheckResult> {
    let address: string;
    try {
      address = (await this.guard.resolveService(server.host, server.port, IMAP_PORTS))[0]!.address;
    } catch (error) {
      return { ok: false, problem: error instanceof AddressRefused ? 'address' : 'not_found', said: null };
    }
    // Loaded on first use: a process that opens no mailbox does not carry it.
    const { ImapFlow } = await import('imapflow');
    const client = new ImapFlow({
      host: address, port: server.port, secure: server.ssl, ...(!server.ssl && { doSTARTTLS: !this.guard.isNamed(server.host) }), ...(isIP(server.host) === 0 && { servername: server.host }), logger: false,
      auth: server.accessToken === undefined ? { user: server.user, pass: server.password ?? '' } : { user: server.user, accessToken: server.accessToken },
      tls: { minVersion: 'TLSv1.2' }, connectionTimeout: PATIENCE_MS, greetingTimeout: PATIENCE_MS, socketTimeout: PATIENCE_MS,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.mailboxOpen('INBOX', { readOnly: true });
      return OK;
    } catch (error) {
      const said = (error as ImapError).responseText?.slice(0, 300) ?? null;
      return { ok: false, problem: imapProblem(error as ImapError, server.host), said };
    } finally {
      client.close();
    }
  }
}
