import { Injectable } from '@nestjs/common';
import type { authenticate as Authenticate } from 'mailauth';
import { Log } from '../../../platform/logging/log.js';
import { within } from '../../../platform/queue/within.js';
import type { EmailSettings } from '../email.config.js';
import type { ReadMail } from '../reading/read-mail.js';
import type { MailEnvelope } from '../receiving/raw-mails.repository.js';
import { MailDns } from './mail-dns.service.js';

type Result = 'pass' | 'fail' | 'none';
/** What could be found out about where a mail really came from. */
export interface Authentication {
  spf: Result; dkim: Result; dmarc: Result;
  /** The address in From is proved: a signature or the sending server belongs to its domain. */
  aligned: boolean;
  /** What its domain asks to be done with mail that fails. */
  policy: string | null;
  domain: string | null;
  /** Who found it out: we, the provider that brought the mail, or the mail server whose header we were told to believe. */
  by: 'us' | 'provider' | 'server' | 'nobody';
}

const UNKNOWN: Authentication = { spf: 'none', dkim: 'none', dmarc: 'none', aligned: false, policy: null, domain: null, by: 'nobody' };
const LOOKUPS_MS = 8_000;
/** Mailboxes there write their verdict themselves, under these names. */
const HOSTS_OF_PROVIDER: Record<string, string[]> = { google: ['mx.google.com'], microsoft: [] };

/** Finds out whether a mail comes from whom it says. */
@Injectable()
export class AuthenticateMail {
  constructor(private readonly dns: MailDns, private readonly log: Log) {}

  async verdict(raw: Buffer, mail: ReadMail, envelope: MailEnvelope, settings: EmailSettings): Promise<Authentication> {
    const verdict = await this.find(raw, mail, envelope, settings);
    // A proof is about one address: which of several it means, nobody can tell.
    return mail.oddities.includes('two_from') ? { ...verdict, aligned: false } : verdict;
  }

  private async find(raw: Buffer, mail: ReadMail, envelope: MailEnvelope, settings: EmailSettings): Promise<Authentication> {
    const domain = mail.from?.address.split('@')[1] ?? null;
    const given = ofProvider(envelope) ?? ofServer(mail.authenticationResults[0], domain, settings);
    if (given) return { ...given, domain };
    const isSigned = mail.headers.some(([name]) => name === 'dkim-signature');
    if (domain === null || (!isSigned && envelope.remote_ip === undefined)) return { ...UNKNOWN, domain };
    // Loaded on first use, and before the time of the look-ups begins: many an installation never receives a mail.
    const { authenticate } = await import('mailauth');
    try {
      return await within(LOOKUPS_MS, this.ask(authenticate, raw, domain, envelope), 'The look-ups took too long.');
    } catch (error) {
      this.log.debug('a mail could not be authenticated', { error: (error as Error).message });
      return { ...UNKNOWN, domain };
    }
  }

  private async ask(authenticate: typeof Authenticate, raw: Buffer, domain: string, envelope: MailEnvelope): Promise<Authentication> {
    const { dkim, spf, dmarc } = await authenticate(raw, {
      ip: envelope.remote_ip, helo: envelope.helo, sender: envelope.mail_from, mta: 'porchlight', disableArc: true, disableBimi: true, trustReceived: false,
      resolver: (name, type) => this.dns.resolve(name, type),
    });
    const signatures = dkim.results ?? [];
    const proved = dmarc ? dmarc.status.result === 'pass' : signatures.some((signature) => signature.status.result === 'pass' && isPartOf(signature.signingDomain ?? '', domain));
    return {
      spf: spf ? resultOf(spf.status.result) : 'none', dkim: signatures.some((s) => s.status.result === 'pass') ? 'pass' : signatures.length > 0 ? 'fail' : 'none',
      // Without the sending server's address only a signature could speak for the mail; that none does is no proof against it.
      dmarc: dmarc && dmarc.status.result !== 'none' ? (proved ? 'pass' : envelope.remote_ip === undefined && signatures.length === 0 ? 'none' : 'fail') : 'none',
      aligned: proved, policy: dmarc ? dmarc.policy ?? dmarc.p ?? null : null, domain, by: 'us',
    };
  }
}

const resultOf = (result: string): Result => (result === 'pass' ? 'pass' : result === 'fail' || result === 'softfail' || result === 'permerror' ? 'fail' : 'none');
const isPartOf = (domain: string, other: string): boolean => domain !== '' && (domain === other || other.endsWith(`.${domain}`) || domain.endsWith(`.${other}`));

function ofProvider(envelope: MailEnvelope): Authentication | undefined {
  if (envelope.spf === undefined && envelope.dkim === undefined && envelope.dmarc === undefined) return undefined;
  const [spf, dkim, dmarc] = [envelope.spf, envelope.dkim, envelope.dmarc].map((verdict) => resultOf((verdict ?? '').toLowerCase())) as [Result, Result, Result];
  return { ...UNKNOWN, spf, dkim, dmarc, aligned: dmarc === 'pass', by: 'provider' };
}

/** The topmost Authentication-Results, when our own mail server wrote it: anybody can write one further down. */
function ofServer(header: string | undefined, domain: string | null, settings: EmailSettings): Authentication | undefined {
  if (!header) return undefined;
  const [server = '', ...rest] = header.split(';');
  const trusted = [...settings.trusted_authserv_ids, ...(settings.imap_enabled && settings.provider ? HOSTS_OF_PROVIDER[settings.provider] ?? [] : [])];
  if (!trusted.includes(server.trim().split(/\s/)[0]!.toLowerCase())) return undefined;
  const verdict = (method: string): Result => resultOf(new RegExp(`\\b${method}\\s*=\\s*(\\w+)`, 'i').exec(rest.join(';'))?.[1]?.toLowerCase() ?? '');
  const policy = /\bp\s*=\s*(\w+)/i.exec(rest.join(';'))?.[1]?.toLowerCase() ?? null;
  const headerFrom = /header\.from\s*=\s*([^\s;()]+)/i.exec(rest.join(';'))?.[1]?.toLowerCase();
  const dmarc = verdict('dmarc');
  return { ...UNKNOWN, spf: verdict('spf'), dkim: verdict('dkim'), dmarc, policy, aligned: dmarc === 'pass' && (headerFrom === undefined || headerFrom === domain), by: 'server' };
}
