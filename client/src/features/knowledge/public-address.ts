import type { Portal } from './knowledge.api';

/** Where everybody reads a help centre, or something in it: on its own domain when it has one. */
export function publicAddress(portal: Pick<Portal, 'slug' | 'custom_domain'>, ...parts: string[]): string {
  const base = portal.custom_domain ? `https://${portal.custom_domain}` : `${window.location.origin}/hc/${encodeURIComponent(portal.slug)}`;
  return [base, ...parts.map(encodeURIComponent)].join('/');
}
export const articleAddress = (portal: Pick<Portal, 'slug' | 'custom_domain'>, article: { locale: string; slug: string }): string => publicAddress(portal, article.locale, 'articles', article.slug);
