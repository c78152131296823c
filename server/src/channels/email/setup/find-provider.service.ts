import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { OutboundHttp } from '../../../platform/outbound-http/outbound-http.js';
import { oauthProvider } from '../accounts/oauth-provider.js';
import { domainOf, mailAddress } from '../compose/mail-addresses.js';
import { MailDns } from '../threading/mail-dns.service.js';
import { providerOfDomain, providerOfMx, type MailProvider, type MailServerHint } from './mail-providers.js';

/** What was found out about an address before anybody signs in. */
export interface FoundProvider {
  how: 'known' | 'mx' | 'autoconfig' | 'guessed';
  name: string | null;
  imap: MailServerHint;
  smtp: MailServerHint;
  /** Connecting without a password is possible here. */
  oauth: 'google' | 'microsoft' | null;
  /** Only that way: a password is refused. */
  oauthOnly: boolean;
  appPasswordUrl: string | null;
  switchOnUrl: string | null;
}

/** Finds the servers of a mailbox from its address. */
@Injectable()
export class FindProvider {
  constructor(private readonly dns: MailDns, private readonly http: OutboundHttp, @Inject(CONFIG) private readonly config: Config) {}

  /** Undefined when the address is none. */
  async find(email: string): Promise<FoundProvider | undefined> {
    const address = mailAddress(email);
    if (address === undefined) return undefined;
    const domain = domainOf(address);
    const known = providerOfDomain(domain);
    if (known) return this.described(known, 'known');
    const hosts = await this.mx(domain);
    const behind = providerOfMx(hosts);
    if (behind) return this.described(behind, 'mx');
    const published = await this.autoconfig(domain, address);
    if (published) return { how: 'autoconfig', name: null, ...published, oauth: null, oauthOnly: false, appPasswordUrl: null, switchOnUrl: null };
    const host = hosts.find((one) => one.endsWith(`.${domain}`)) ?? `mail.${domain}`;
    return { how: 'guessed', name: null, imap: { host, port: 993, ssl: true }, smtp: { host, port: 465, ssl: true }, oauth: null, oauthOnly: false, appPasswordUrl: null, switchOnUrl: null };
  }

  private described(provider: MailProvider, how: FoundProvider['how']): FoundProvider {
    const isRegistered = provider.oauth !== undefined && oauthProvider(provider.oauth, this.config) !== undefined;
    return {
      how, name: provider.name, imap: provider.imap, smtp: provider.smtp, oauth: isRegistered ? provider.oauth! : null, oauthOnly: provider.oauth === 'microsoft',
      appPasswordUrl: provider.appPasswordUrl ?? null, switchOnUrl: provider.switchOnUrl ?? null,
    };
  }

  private async mx(domain: string): Promise<string[]> {
    try {
      const records = await this.dns.resolve(domain, 'MX') as { exchange: string; priority: number }[];
      return [...records].sort((a, b) => a.priority - b.priority).map(({ exchange }) => exchange.toLowerCase().replace(/\.$/, ''));
    } catch {
      return [];
    }
  }

  /** What the domain publishes for mail programs, as Thunderbird asks for it. */
  private async autoconfig(domain: string, address: string): Promise<{ imap: MailServerHint; smtp: MailServerHint } | undefined> {
    for (const url of [`https://autoconfig.${domain}/mail/config-v1.1.xml?emailaddress=${encodeURIComponent(address)}`, `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`]) {
      const answer = await this.http.send({ method: 'GET', url, timeoutMs: 4_000, maxBytes: 65_536 });
      const read = answer.kind === 'answered' && answer.status === 200 ? readAutoconfig(answer.body.toString('utf8')) : undefined;
      if (read) return read;
    }
    return undefined;
  }
}

/** The servers in an autoconfig file; only those that can be used safely. */
export function readAutoconfig(xml: string): { imap: MailServerHint; smtp: MailServerHint } | undefined {
  const servers = [...xml.matchAll(/<(incoming|outgoing)Server\s+type="(imap|smtp)"\s*>([\s\S]{0,2000}?)<\/\1Server>/g)].flatMap(([, , type, inner]) => {
    const field = (name: string): string => new RegExp(`<${name}>\\s*([^<]{1,255}?)\\s*</${name}>`).exec(inner!)?.[1] ?? '';
    const socket = field('socketType').toUpperCase();
    const port = Number(field('port'));
    return /^[a-z0-9.-]+$/i.test(field('hostname')) && port > 0 && port < 65_536 && (socket === 'SSL' || socket === 'STARTTLS') ? [{ type, hint: { host: field('hostname').toLowerCase(), port, ssl: socket === 'SSL' } }] : [];
  });
  const [imap, smtp] = ['imap', 'smtp'].map((type) => servers.find((one) => one.type === type)?.hint);
  return imap && smtp && { imap, smtp };
}
