import { escapeHtml } from '../compose/mail-text.js';

/** Where the pictures of a mail come from; undefined leaves their place empty. */
export interface PictureSources { inside(contentId: string): string | undefined; outside(address: string): string | undefined }

// What is stored was written by our own cleaner: no < or > stands inside a tag, no quote inside a value.
const IMAGE = /<img\b[^>]*>/g;
const PLACE = /\sdata-(cid|remote)="([^"]*)"/;

const STYLE = `:root{color-scheme:light}body{margin:0;padding:12px;background:#fff;color:#1c1917;font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;overflow-wrap:anywhere;overflow-y:hidden}
img{max-width:100%;height:auto}img:not([src]){border:1px dashed #a8a29e;border-radius:4px;color:#57534e;font-size:12px}pre{white-space:pre-wrap}a{color:#1d4ed8}blockquote{margin:0 0 0 .5rem;padding-inline-start:.75rem;border-inline-start:2px solid #d6d3d1}`;

/** How many pictures a mail wants to have fetched from elsewhere. */
export const remotePictures = (html: string): number => [...html.matchAll(IMAGE)].filter(([tag]) => PLACE.exec(tag)?.[1] === 'remote').length;

/** The cleaned HTML of a mail with its pictures, as a page of its own. */
export function mailPage(html: string, title: string, sources: PictureSources): string {
  const shown = html.replace(IMAGE, (tag) => tag.replace(PLACE, (_, kind: string, value: string) => {
    const given = plain(value);
    const source = kind === 'cid' ? sources.inside(given) : sources.outside(given);
    return source === undefined ? '' : ` src="${escapeHtml(source)}"`;
  }));
  return `<!DOCTYPE html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title><base target="_blank"><style>${STYLE}</style></head><body dir="auto">${shown}</body></html>`;
}

/** Text without marks, line for line. */
export const textAsHtml = (text: string): string => `<div style="white-space:pre-wrap">${escapeHtml(text)}</div>`;

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const plain = (value: string): string => value.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name]!);
