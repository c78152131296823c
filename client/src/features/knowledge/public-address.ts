import type { Portal } from './knowledge.api';

type Addressed = Pick<Portal, 'slug' | 'custom_domain' | 'custom_domain_seen'>;

/** Where everybody reads a help centre, or something in it: on its own domain once that leads here. */
export function publicAddress(portal: Addressed, ...parts: string[]): string {
  const base = portal.custom_domain && portal.custom_domain_seen ? `https://${portal.custom_domain}` : `${window.location.origin}/hc/${encodeURIComponent(portal.slug)}`;
  return [base, ...parts.map(encodeURIComponent)].join('/');
}
export const articleAddress = (portal: Addressed, article: { locale: string; slug: string }): string => publicAddress(portal, article.locale, 'articles', article.slug);
