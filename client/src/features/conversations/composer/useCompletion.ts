import { computed, ref, shallowRef, watch, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { personName, personPicture } from '../person-name';
import { useReference } from '../state/reference.store';
import { useScope } from '../state/scope.store';
import type { Completion } from './CompletionList.vue';
import { triggerAt, type Mention, type Trigger } from './completion';
import { findEmoji, loadEmoji, type Emoji } from './emoji';

/** Follows the word at the cursor: colleagues behind `@` (in notes), emoji behind `:`. */
export function useCompletion(isNote: Readonly<Ref<boolean>>) {
  const { locale } = useI18n();
  const reference = useReference();
  const scope = useScope();
  const trigger = ref<Trigger | null>(null);
  const emoji = shallowRef<Emoji[]>([]);
  const mentions = ref<Mention[]>([]);
  let dismissedFrom: number | null = null;

  const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();
  const items = computed<Completion[]>(() => {
    const now = trigger.value;
    if (!now) return [];
    if (now.sign === ':') return findEmoji(emoji.value, now.query, 8).map(({ character, name }) => ({ key: character, label: name, character }));
    return reference.agents.filter((agent) => agent.id !== scope.userId && plain(`${agent.name} ${agent.email}`).includes(plain(now.query))).slice(0, 8)
      .map((agent) => ({ key: String(agent.id), label: personName(agent, agent.email), detail: agent.email, picture: personPicture(agent) }));
  });
  watch(() => trigger.value?.sign, async (sign) => { if (sign === ':') emoji.value = await loadEmoji(locale.value); });

  /** To be called whenever the text or the cursor changes. */
  function look(text: string, cursor: number) {
    const found = triggerAt(text, cursor, isNote.value ? ['@', ':'] : [':']);
    if (found?.from !== dismissedFrom) dismissedFrom = null;
    trigger.value = dismissedFrom === null ? found : null;
  }
  function dismiss() {
    dismissedFrom = trigger.value?.from ?? null;
    trigger.value = null;
  }
  /** The text that takes the place of what was typed. */
  function textOf(item: Completion): string {
    if (item.character) return `${item.character} `;
    mentions.value.push({ id: Number(item.key), name: item.label });
    return `@${item.label} `;
  }
  return { trigger, items, mentions, look, dismiss, textOf };
}
