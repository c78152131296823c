import { Injectable } from '@nestjs/common';
import { domainOf } from '../compose/mail-addresses.js';
import { MailDns } from '../threading/mail-dns.service.js';
import { providerOfDomain, providerOfMx } from './mail-providers.js';

/** How a domain stands with one of the records that make others believe its mail. */
export interface DnsAdvice { record: 'spf' | 'dkim' | 'dmarc'; state: 'good' | 'weak' | 'missing' | 'unknown'; found: string | null; name: string; suggest: string | null }

/** Names under which the usual providers publish their keys. Others cannot be guessed, so a key that is not found proves nothing. */
const SELECTORS = ['google', 'selector1', 'selector2', 'default', 'dkim', 'mail', 's1', 's2', 'k1', 'k2', 'fm1', 'zoho', 'zmail', 'mx', 'smtp', 'pm', 'sig1', 'key1', 'mta', 'ovhmo-selector-1', 'gm1', 's1-ionos', 'strato-dkim-0002', 'mbo0001', 'hostingermail-a'];

/** Looks up what a domain publishes, and says what is missing. */
@Injectable()
export class DnsAdvisor {
  constructor(private readonly dns: MailDns) {}

  /** Nothing where the domain belongs to a provider: its customers cannot change it, nor have to. */
  async advise(email: string): Promise<DnsAdvice[]> {
    const domain = domainOf(email);
    if (providerOfDomain(domain)) return [];
    return Promise.all([this.spf(domain), this.dkim(domain), this.dmarc(domain)]);
  }

  private async spf(domain: string): Promise<DnsAdvice> {
    const [texts, provider] = await Promise.all([this.texts(domain), this.mx(domain).then(providerOfMx)]);
    if (!texts) return { record: 'spf', state: 'unknown', found: null, name: domain, suggest: null };
    const found = texts.find((text) => /^v=spf1(\s|$)/i.test(text)) ?? null;
    const include = provider?.spf ? `include:${provider.spf}` : 'mx';
    if (found === null) return { record: 'spf', state: 'missing', found, name: domain, suggest: `v=spf1 ${include} ~all` };
    const names = !provider?.spf || found.toLowerCase().includes(provider.spf);
    const ends = /[-~]all\s*$|redirect=/i.test(found);
    return { record: 'spf', state: names && ends ? 'good' : 'weak', found, name: domain, suggest: names && ends ? null : withInclude(found, names ? null : include) };
  }

  private async dkim(domain: string): Promise<DnsAdvice> {
    const found = await Promise.all(SELECTORS.map(async (selector) => {
      const name = `${selector}._domainkey.${domain}`;
      const texts = await this.texts(name);
      return texts?.some((text) => /(^|;)\s*p=[^;\s]/i.test(text)) ? name : undefined;
    }));
    const name = found.find((one) => one !== undefined);
    return { record: 'dkim', state: name ? 'good' : 'unknown', found: name ?? null, name: name ?? `…._domainkey.${domain}`, suggest: null };
  }

  private async dmarc(domain: string): Promise<DnsAdvice> {
    const name = `_dmarc.${domain}`;
    const parent = domain.split('.').slice(-2).join('.');
    const [own, above] = await Promise.all([this.texts(name), parent === domain ? Promise.resolve([]) : this.texts(`_dmarc.${parent}`)]);
    if (!own) return { record: 'dmarc', state: 'unknown', found: null, name, suggest: null };
    const found = [...own, ...above ?? []].find((text) => /^v=DMARC1\s*;/i.test(text)) ?? null;
    if (found === null) return { record: 'dmarc', state: 'missing', found, name, suggest: 'v=DMARC1; p=none' };
    return { record: 'dmarc', state: /;\s*p=(quarantine|reject)/i.test(found) ? 'good' : 'weak', found, name, suggest: null };
  }

  /** Undefined when nobody could be asked; empty when there is nothing. */
  private async texts(name: string): Promise<string[] | undefined> {
    try {
      return (await this.dns.resolve(name, 'TXT') as string[][]).map((parts) => parts.join('').slice(0, 1_000));
    } catch (error) {
      return ['ENODATA', 'ENOTFOUND'].includes((error as NodeJS.ErrnoException).code ?? '') ? [] : undefined;
    }
  }

  private async mx(domain: string): Promise<string[]> {
    try {
      return (await this.dns.resolve(domain, 'MX') as { exchange: string }[]).map(({ exchange }) => exchange);
    } catch {
      return [];
    }
  }
}

function withInclude(record: string, include: string | null): string {
  const terms = record.trim().split(/\s+/).filter((term) => !/^[+?~-]?all$/i.test(term));
  return [...terms, ...(include === null ? [] : [include]), '~all'].join(' ');
}
