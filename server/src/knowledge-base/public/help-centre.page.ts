import type { CategoryRow } from '../categories/categories.repository.js';
import type { ArticleRow } from '../articles/articles.repository.js';
import type { PortalRow } from '../portals/portals.repository.js';
import { renderArticle } from './article-markdown.js';
import { directionOf, helpWords, languageTag, nameOfLanguage } from './help-centre.words.js';

/** What one page of a help centre shows. */
export type HelpPage = {
  portal: PortalRow; locale: string; query?: string;
  /** What stands before the language in its addresses: nothing on a domain of its own. */
  base: string;
} & (
  | { kind: 'home'; categories: CategoryRow[]; articles: ArticleRow[] }
  | { kind: 'category'; category: CategoryRow; articles: ArticleRow[] }
  | { kind: 'article'; article: ArticleRow; more: ArticleRow[]; translations: ArticleRow[] }
  | { kind: 'results'; articles: ArticleRow[] }
  | { kind: 'missing' });

const escape = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const part = encodeURIComponent;
const homeOf = ({ base }: HelpPage, locale: string): string => `${base}/${part(locale)}`;
const articlePath = (page: HelpPage, article: ArticleRow): string => `${homeOf(page, article.locale)}/articles/${part(article.slug)}`;

const STYLE = `*{box-sizing:border-box}body{font:16px/1.6 system-ui,sans-serif;margin:0;background:#fafaf9;color:#292524}a{color:inherit}.in{max-width:840px;margin:0 auto;padding:0 16px}
.skip{position:absolute;inset-inline-start:-9999px}.skip:focus{inset-inline-start:16px;top:8px;background:#fff;color:#1c1917;padding:8px 12px;border-radius:8px}
header{background:var(--accent);color:var(--on);padding:24px 0}header .top{display:flex;flex-wrap:wrap;gap:8px 16px;justify-content:space-between;align-items:center}header a{font-weight:600}header p{font-size:24px;line-height:1.3;margin:16px 0;font-weight:600;overflow-wrap:anywhere}
form{display:flex;gap:8px;max-width:560px}input{flex:1;min-width:0;font:inherit;padding:10px 12px;border:1px solid #78716c;border-radius:8px;background:#fff;color:#1c1917}button{font:inherit;font-weight:600;padding:10px 16px;border:1px solid #1c1917;border-radius:8px;background:#1c1917;color:#fff;cursor:pointer}
main{padding:24px 0 48px}h1{font-size:28px;line-height:1.25;margin:0 0 8px;overflow-wrap:anywhere}h2{font-size:20px;margin:32px 0 8px}.soft{color:#57534e;font-size:14px}ul.list{list-style:none;margin:0;padding:0}ul.list li{border-bottom:1px solid #e7e5e4}ul.list a{display:block;padding:12px 0;overflow-wrap:anywhere}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(240px,1fr));gap:16px;list-style:none;margin:0;padding:0}.cards a{display:block;height:100%;background:#fff;border:1px solid #e7e5e4;border-radius:12px;padding:16px;text-decoration:none}.cards a:hover{border-color:#78716c}.cards b{display:block;text-decoration:underline}
.text{overflow-wrap:anywhere}.text img{max-width:100%;height:auto}.text pre{overflow-x:auto;background:#f5f5f4;padding:12px;border-radius:8px}.text code{font-size:14px}.text blockquote{margin-inline:0;padding-inline-start:12px;border-inline-start:3px solid #a8a29e}.wide{overflow-x:auto}table{border-collapse:collapse}td,th{border:1px solid #d6d3d1;padding:6px 10px;text-align:start}
footer{border-top:1px solid #e7e5e4;padding:16px 0}footer ul{display:flex;flex-wrap:wrap;gap:8px 16px;list-style:none;margin:0;padding:0}footer a{display:inline-block;padding:4px 0}:focus-visible{outline:3px solid #f59e0b;outline-offset:2px}
@media(prefers-color-scheme:dark){body{background:#0c0a09;color:#e7e5e4}.soft{color:#a8a29e}.cards a{background:#1c1917;border-color:#44403c}.text pre{background:#1c1917}ul.list li,footer{border-color:#44403c}td,th{border-color:#57534e}}`;

/** Black or white, whichever reads better on the portal's colour. */
function onColor(color: string): string {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? '#1c1917' : '#ffffff';
}

/** The whole page: no script, nothing from elsewhere, readable in every browser. */
export function helpCentrePage(page: HelpPage): string {
  const { portal, locale } = page;
  const words = helpWords(locale);
  const color = /^#[0-9a-f]{6}$/i.test(portal.color ?? '') ? portal.color! : '#fde68a';
  const title = page.kind === 'article' ? page.article.title : page.kind === 'category' ? page.category.name : page.kind === 'missing' ? words.missing : portal.page_title || portal.name;
  return `<!doctype html><html lang="${escape(languageTag(locale))}" dir="${directionOf(locale)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
${page.kind === 'results' || page.kind === 'missing' ? '<meta name="robots" content="noindex">' : ''}${page.kind === 'article' && page.article.description ? `<meta name="description" content="${escape(page.article.description)}">` : ''}<title>${escape(title)}${title === portal.name ? '' : ` · ${escape(portal.name)}`}</title>
<style>:root{--accent:${color};--on:${onColor(color)}}${STYLE}</style></head><body><a class="skip" href="#content">${escape(words.skip)}</a>
<header><div class="in"><div class="top"><a href="${homeOf(page, locale)}">${escape(portal.name)}</a>${portal.homepage_link ? `<a href="${escape(portal.homepage_link)}" rel="noopener">${escape(new URL(portal.homepage_link).host)}</a>` : ''}</div>
${page.kind === 'home' && portal.header_text ? `<p dir="auto">${escape(portal.header_text)}</p>` : '<p></p>'}<form role="search" action="${homeOf(page, locale)}"><input type="search" name="query" maxlength="200" aria-label="${escape(words.searchLabel)}" value="${escape(page.query ?? '')}"><button>${escape(words.search)}</button></form></div></header>
<main id="content"><div class="in">${bodyOf(page)}</div></main>${footerOf(page)}</body></html>`;
}

function bodyOf(page: HelpPage): string {
  const { locale } = page;
  const words = helpWords(locale);
  const list = (articles: ArticleRow[]): string => `<ul class="list">${articles.map((a) => `<li><a href="${articlePath(page, a)}">${escape(a.title)}</a></li>`).join('')}</ul>`;
  const up = `<p><a href="${homeOf(page, locale)}">${escape(words.home)}</a></p>`;
  switch (page.kind) {
    case 'missing': return `<h1>${escape(words.missing)}</h1><p>${escape(words.missingMore)}</p>${up}`;
    case 'results': return `<h1>${escape(words.results.replace('{q}', () => page.query ?? ''))}</h1>${page.articles.length > 0 ? list(page.articles) : `<p>${escape(words.none)}</p>`}${up}`;
    case 'category': return `${up}<h1>${escape([page.category.icon, page.category.name].filter(Boolean).join(' '))}</h1>${page.category.description ? `<p class="soft">${escape(page.category.description)}</p>` : ''}${page.articles.length > 0 ? list(page.articles) : `<p>${escape(words.empty)}</p>`}`;
    case 'article': {
      const { article, more } = page;
      const day = new Intl.DateTimeFormat(languageTag(locale), { dateStyle: 'long', timeZone: 'UTC' }).format(article.updated_at);
      const category = article.category_slug ? `<p><a href="${homeOf(page, article.category_locale!)}/categories/${part(article.category_slug)}">${escape(article.category_name!)}</a></p>` : up;
      return `<article>${category}<h1>${escape(article.title)}</h1><p class="soft"><time datetime="${article.updated_at.toISOString().slice(0, 10)}">${escape(words.updated.replace('{day}', day))}</time></p><div class="text">${renderArticle(article.content)}</div></article>${more.length > 0 ? `<h2>${escape(words.more)}</h2>${list(more)}` : ''}`;
    }
    case 'home': {
      const cards = page.categories.filter((category) => category.published > 0).map((category) => `<li><a href="${homeOf(page, locale)}/categories/${part(category.slug)}"><b>${escape([category.icon, category.name].filter(Boolean).join(' '))}</b>${category.description ? `<span class="soft">${escape(category.description)}</span>` : ''}</a></li>`);
      const heading = `<h1>${escape(words.home)}</h1>`;
      if (page.articles.length === 0) return `${heading}<p>${escape(words.empty)}</p>`;
      return `${heading}${cards.length > 0 ? `<ul class="cards">${cards.join('')}</ul>` : ''}<h2>${escape(words.articles)}</h2>${list(page.articles)}`;
    }
  }
}

/** The other languages: the same article where it is translated, else their first page. */
function footerOf(page: HelpPage): string {
  const { portal, locale } = page;
  const others = portal.allowed_locales.filter((code) => code !== locale && !portal.draft_locales.includes(code));
  if (others.length === 0) return '';
  const links = others.map((code) => {
    const same = page.kind === 'article' ? page.translations.find((one) => one.locale === code && one.status === 1) : undefined;
    return `<li><a href="${same ? articlePath(page, same) : homeOf(page, code)}" lang="${escape(languageTag(code))}" hreflang="${escape(languageTag(code))}">${escape(nameOfLanguage(code))}</a></li>`;
  });
  return `<footer><nav class="in" aria-label="${escape(helpWords(locale).languages)}"><ul>${links.join('')}</ul></nav></footer>`;
}
