const STYLE = `*{box-sizing:border-box}body{font:16px/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-items:center;padding:16px;background:#fafaf9;color:#292524}
main{width:100%;max-width:480px;background:#fff;border:1px solid #e7e5e4;border-radius:12px;padding:24px}h1{font-size:20px;line-height:1.35;margin:12px 0 16px;overflow-wrap:anywhere}
button{font:inherit;font-weight:600;padding:10px 20px;border:0;border-radius:8px;background:#fbbf24;color:#1c1917;cursor:pointer}a{color:inherit}
button:focus-visible,a:focus-visible{outline:3px solid #f59e0b;outline-offset:2px}
@media(prefers-color-scheme:dark){body{background:#0c0a09;color:#e7e5e4}main{background:#1c1917;border-color:#44403c}}`;

/** A text as it can stand in a page. */
export const escapePage = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** A page of ours for people without an account or signed out: one card, no script, no file of its own, nothing from elsewhere. `body` is HTML; `style` adds to the card's own. */
export const plainPage = ({ language, title, body, style = '' }: { language: string; title: string; body: string; style?: string }): string =>
  `<!doctype html><html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex"><title>${escapePage(title)}</title><style>${STYLE}${style}</style></head>
<body><main>${body}</main></body></html>`;
