import { comesFrom, readHostMessage, seal, type FrameMessage, type HostMessage, type PageInfo } from '../../protocol/protocol';
import { embedded } from '../state';

let hostOrigin = '';

/** The page the visitor is on: the host's, or nothing when the chat has its own tab. */
export const page: PageInfo = { url: embedded ? document.referrer : location.href, title: '', referrer: '' };

/** Tells the host page something; silent until the host introduced itself and in a tab of its own. */
export function tellHost(message: FrameMessage): void {
  // A page from a file has the origin "null", which cannot be addressed.
  if (hostOrigin) window.parent.postMessage(seal(message), hostOrigin === 'null' ? '*' : hostOrigin);
}

/** Greets the host and waits for its settings; later messages go to `receive`. Resolves at once in a tab of its own. */
export function meetHost(receive: (message: HostMessage) => void): Promise<HostMessage | null> {
  if (!embedded) return Promise.resolve(null);
  return new Promise((resolve) => {
    window.addEventListener('message', (event) => {
      // The first word of the parent fixes the origin; the page's frame-ancestors decide which parents exist at all.
      if (!comesFrom(event, hostOrigin || event.origin, window.parent)) return;
      const message = readHostMessage(event.data);
      if (!message) return;
      if (!hostOrigin && message.type !== 'init') return;
      hostOrigin = event.origin;
      if ('page' in message) Object.assign(page, message.page);
      if (message.type === 'init') resolve(message);
      else receive(message);
    });
    window.parent.postMessage(seal({ type: 'hello' }), '*');
    // A page may frame the chat without our loader; then it is simply open.
    setTimeout(() => resolve(null), 3000);
  });
}
