import { onScopeDispose, ref, toValue, watch, type MaybeRefOrGetter } from 'vue';
import { fetchInbox } from '../../../api/inboxes';
import { useSession } from '../../../app/session';

const LOOK_EVERY_MS = 4_000;

/** Looks every few seconds, while the page is visible, whether the chat of an inbox has been loaded somewhere, and where. */
export function useWidgetSeen(inboxId: MaybeRefOrGetter<number>) {
  const session = useSession();
  const seenAt = ref<number | null>(null);
  const seenUrl = ref<string | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;

  async function look() {
    clearTimeout(timer);
    const id = toValue(inboxId);
    if (document.visibilityState === 'visible' && session.accountId) {
      // A missed look is made up for by the next one.
      const inbox = await fetchInbox(session.accountId, id).catch(() => null);
      if (inbox && id === toValue(inboxId)) {
        seenAt.value = inbox.widget_last_seen_at ?? null;
        seenUrl.value = inbox.widget_last_seen_url ?? null;
      }
    }
    if (!over) timer = setTimeout(look, LOOK_EVERY_MS);
  }
  watch(() => toValue(inboxId), () => {
    seenAt.value = null;
    void look();
  }, { immediate: true });
  onScopeDispose(() => {
    over = true;
    clearTimeout(timer);
  });
  return { seenAt, seenUrl };
}
