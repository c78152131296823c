const PREFIX = /^\(\d+\+?\) /;

/** Shows how many conversations wait: "(3) Inbox" in the tab, and a dot on its icon. 0 takes both away. */
export function showUnread(count: number): void {
  const title = document.title.replace(PREFIX, '');
  document.title = count > 0 ? `(${count > 99 ? '99+' : count}) ${title}` : title;
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const href = `${import.meta.env.BASE_URL}${count > 0 ? 'porchlight-unread.svg' : 'porchlight.svg'}`;
  if (icon && icon.getAttribute('href') !== href) icon.href = href;
}
