const escape = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** What an app needs to work in a frame. It cannot lead our own window elsewhere. */
const SANDBOX = 'allow-scripts allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads';

/**
 * The page around an app's pages. It stands between them and the dashboard, whose own policy lets nothing foreign in: this one lets in the app's
 * origins and no other. It runs no script; the dashboard, being of its origin, listens at its window and answers each app at the app's own address.
 */
export function dashboardAppPage(title: string, addresses: readonly string[], ownOrigin: string): string {
  // A page of ours keeps no origin in there: with ours it could act as whoever is looking.
  const sandbox = (url: string): string => (new URL(url).origin === ownOrigin ? SANDBOX : `${SANDBOX} allow-same-origin`);
  const frames = addresses.map((url) => `<iframe src="${escape(url)}" title="${escape(title)}" sandbox="${sandbox(url)}" allow="clipboard-write" referrerpolicy="strict-origin-when-cross-origin"></iframe>`).join('');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escape(title)}</title><style>html,body{height:100%;margin:0}main{display:flex;flex-direction:column;height:100%}h1{position:absolute;clip-path:inset(50%);width:1px;height:1px;margin:0;overflow:hidden}iframe{flex:1;min-height:0;width:100%;border:0;background:#fff;color-scheme:light}</style></head><body><main><h1>${escape(title)}</h1>${frames}</main></body></html>`;
}
