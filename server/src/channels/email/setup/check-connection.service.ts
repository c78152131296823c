import { Injectable } from '@nestjs/common';
import { ImapFlow } from 'imapflow';
import { isIP } from 'node:net';
import { AddressGuard, AddressRefused } from '../../../platform/outbound-http/address-guard.js';
import { SmtpSender } from '../../../platform/smtp/smtp-sender.js';
import type { SmtpFailure, SmtpServer } from '../../../platform/smtp/smtp-server.js';

/** What is wrong, for words in the reader's language. */
export const PROBLEMS = ['address', 'not_found', 'unreachable', 'tls', 'certificate', 'password', 'app_password', 'switched_off', 'oauth_only', 'sender', 'other'] as const;
export type Problem = (typeof PROBLEMS)[number];
/** How a try went; `said` are the server's own words. */
export interface CheckResult { ok: boolean; problem: Problem | null; said: string | null }

export interface ImapServer { host: string; port: number; ssl: boolean; user: string; password?: string; accessToken?: string }

const IMAP_PORTS = [143, 993];
const PATIENCE_MS = 12_000;
const OK: CheckResult = { ok: true, problem: null, said: null };
const APP_PASSWORD = /app(lication)?[- ]?(specific )?password|ASPSWD|InvalidSecondFactor|two-factor/i;
const SWITCHED_OFF = /imap[^.]{0,40}(disabled|not enabled|turned off|deactivated|not allowed)|not enabled for imap|enable imap/i;
const BASIC_OFF = /basicauth|basic authentication|AuthenticationDisabled|SmtpClientAuthentication is disabled/i;
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ALTNAME/;

/** Tries a mailbox's servers and says in which step it fails. Nothing is changed there, nothing is sent. */
@Injectable()
export class CheckConnection {
  constructor(private readonly guard: AddressGuard, private readonly smtp: SmtpSender) {}

  async smtpServer(server: SmtpServer): Promise<CheckResult> {
    const failure = await this.smtp.check(server);
    // Of a connection that did not come about the reason is ours, and said by the problem itself.
    return failure ? { ok: false, problem: problemOf(failure, server.host), said: ['address', 'connect', 'tls'].includes(failure.stage) ? null : failure.reason } : OK;
  }

  async imapServer(server: ImapServer): Promise<CheckResult> {
    let address: string;
    try {
      address = (await this.guard.resolveService(server.host, server.port, IMAP_PORTS))[0]!.address;
    } catch (error) {
      return { ok: false, problem: error instanceof AddressRefused ? 'address' : 'not_found', said: null };
    }
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
      return imapProblem(error as ImapError, server.host);
    } finally {
      client.close();
    }
  }
}

interface ImapError extends Error { code?: string; authenticationFailed?: boolean; responseText?: string; serverResponseCode?: string }

function imapProblem(error: ImapError, host: string): CheckResult {
  const said = (error.responseText ?? error.message).slice(0, 300);
  const fail = (problem: Problem): CheckResult => ({ ok: false, problem, said: error.responseText === undefined ? null : said });
  if (CERTIFICATE.test(error.code ?? '') || /certificate/i.test(error.message)) return fail('certificate');
  if (error.authenticationFailed || error.serverResponseCode === 'AUTHENTICATIONFAILED') return fail(refusedSignIn(`${said} ${error.serverResponseCode ?? ''}`, host));
  if (SWITCHED_OFF.test(said)) return fail('switched_off');
  if (/ssl|tls|wrong version|EPROTO/i.test(`${error.code} ${error.message}`)) return fail('tls');
  return fail(error.code && /^E|timeout|NoConnection/i.test(error.code) ? 'unreachable' : 'other');
}

/** Providers say in their own ways that it is not the password which is wrong. */
function refusedSignIn(said: string, host: string): Problem {
  if (APP_PASSWORD.test(said)) return 'app_password';
  if (SWITCHED_OFF.test(said)) return 'switched_off';
  if (BASIC_OFF.test(said) || /(^|\.)office365\.com$|(^|\.)outlook\.com$/.test(host)) return 'oauth_only';
  return /(^|\.)(gmail|googlemail|mail\.yahoo|mail\.me|fastmail|aol)\.com$/.test(host) ? 'app_password' : 'password';
}

function problemOf({ stage, reason }: SmtpFailure, host: string): Problem {
  switch (stage) {
    case 'address': return 'address';
    case 'connect': return reason.startsWith('There is no server') ? 'not_found' : 'unreachable';
    case 'tls': return reason.includes('certificate') ? 'certificate' : 'tls';
    case 'sign_in': return refusedSignIn(reason, host);
    case 'sender': return 'sender';
    case 'recipient': case 'message': return 'other';
  }
}
