import { onBeforeUnmount } from 'vue';
import { useRealtime } from '../../../realtime/realtime.store';

const REPEAT_MS = 5_000;
const IDLE_MS = 6_000;

/** Tells the others that somebody writes here: at the first key, again while it goes on, and when it stops. */
export function useTypingSignal(conversationId: () => number, isPrivate: () => boolean) {
  const realtime = useRealtime();
  let told = 0;
  let idle: ReturnType<typeof setTimeout> | undefined;

  function stop() {
    clearTimeout(idle);
    if (told) realtime.setTyping(conversationId(), false, isPrivate());
    told = 0;
  }
  function typed() {
    const now = Date.now();
    if (now - told > REPEAT_MS) {
      told = now;
      realtime.setTyping(conversationId(), true, isPrivate());
    }
    clearTimeout(idle);
    idle = setTimeout(stop, IDLE_MS);
  }
  onBeforeUnmount(stop);
  return { typed, stop };
}
