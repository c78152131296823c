import { watch } from 'vue';
import { credentials } from '../api/http';
import { onServerEvent, refresh } from '../conversation';
import { flush } from '../outbox/sender';
import { renewSession } from '../session';
import { chat } from '../state';
import { openSocket, type VisitorSocket } from './socket';
import { visitorTyping } from './typing';

let socket: VisitorSocket | null = null;
let live = false;
let typingTimer = 0;

const catchUp = (): void => {
  // A failed catch-up is repeated by the next poll or reconnect.
  refresh().catch(() => undefined);
};

function open(): void {
  socket = openSocket({
    auth: credentials,
    connected() {
      live = true;
      catchUp();
      void flush();
    },
    disconnected() {
      live = false;
      chat.typing = null;
    },
    refused: () => void renewSession().catch(() => undefined),
    event(name, data) {
      if (name !== 'event') return;
      const { event, data: body } = data as { event: string; data: Record<string, unknown> };
      onServerEvent(event, body);
    },
  });
}

/** Stops listening: the visitor is somebody else now. */
export function disconnect(): void {
  socket?.close();
  socket = null;
  live = false;
}

/** Keeps the chat up to date from now on. */
export function connect(): void {
  disconnect();
  open();
}

visitorTyping.tell = (on) => socket?.emit('typing', { on });
addEventListener('online', () => socket?.wake());
// Without a socket the open chat asks every five seconds.
setInterval(() => { if (socket && !live && chat.open && chat.visible && chat.online) catchUp(); }, 5000);
// "Typing" must not stay when its end got lost.
watch(() => chat.typing, () => {
  clearTimeout(typingTimer);
  typingTimer = window.setTimeout(() => { chat.typing = null; }, 15_000);
});
