import { domainToASCII } from 'node:url';

const NAME = /^(\*\.)?(?!-)[a-z0-9-]+(\.[a-z0-9-]+)*$/;
const LITERAL = /^\[[0-9a-f:.]+\]$/;

/** One site of a comma or line separated list, as it is stored: `example.org`, `*.example.org`, `localhost:8080`. Undefined when it is none. */
export function siteOf(given: string): string | undefined {
  const [, host = '', port] = /^(?:[a-z]+:\/\/)?(\[[^\]]*\]|[^/:?#]+)(?::(\d{1,5}))?(?:[/?#].*)?$/i.exec(given.trim()) ?? [];
  const wildcard = host.startsWith('*.');
  const name = LITERAL.test(host) ? host : (wildcard ? '*.' : '') + domainToASCII(wildcard ? host.slice(2) : host);
  if (!NAME.test(name) && !LITERAL.test(name)) return undefined;
  return port === undefined ? name : `${name}:${port}`;
}

/** The sites of a stored list. */
export const sitesOf = (list: string | null | undefined): string[] =>
  (list ?? '').split(/[\s,]+/).filter(Boolean).flatMap((entry) => siteOf(entry) ?? []);

/** Whether a page of that host (`host` or `host:port`) may carry the chat. An empty list lets everybody. A site without a port stands for all its ports. */
export function allowsHost(sites: readonly string[], host: string): boolean {
  if (sites.length === 0) return true;
  const page = siteOf(host);
  if (page === undefined) return false;
  const bare = page.replace(/:\d+$/, '');
  return sites.some((site) => {
    const against = /:\d+$/.test(site) ? page : bare;
    return site.startsWith('*.') ? against.endsWith(site.slice(1)) && against.length > site.length - 1 : against === site;
  });
}

/** The same list for a page's frame-ancestors. A bare host there means the default port only, so every port is asked for by name. */
export const frameAncestorsOf = (sites: readonly string[]): string[] => sites.map((site) => (/:\d+$/.test(site) ? site : `${site}:*`));
