import { MessageSquareQuote, Zap } from '@lucide/vue';
import { computed, ref, shallowRef, watch, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { executeMacro, fetchMacros, fetchReplies, type CannedResponse, type Macro } from '../../../api/tools';
import type { Conversation } from '../../../api/types';
import { showToast } from '../../../ui/toasts';
import { macroToast, type MacroOutcome } from '../choosers/macro-outcome';
import { personName, personPicture } from '../person-name';
import { useReference } from '../state/reference.store';
import { useScope } from '../state/scope.store';
import type { Completion } from './CompletionList.vue';
import { triggerAt, type Mention, type Trigger } from './completion';
import { fillSavedText, type Place } from './saved-text';
import { findEmoji, loadEmoji, type Emoji } from './emoji';

/** Follows the word at the cursor: colleagues behind `@` (in notes), emoji behind `:`, saved replies and macros behind `/`. */
export function useCompletion(isNote: Readonly<Ref<boolean>>, conversation: () => Conversation, place: () => Place) {
  const { t, locale } = useI18n();
  const reference = useReference();
  const scope = useScope();
  const trigger = ref<Trigger | null>(null);
  const emoji = shallowRef<Emoji[]>([]);
  const replies = shallowRef<CannedResponse[]>([]);
  const macros = shallowRef<Macro[]>([]);
  const mentions = ref<Mention[]>([]);
  let dismissedFrom: number | null = null;

  const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();
  const items = computed<Completion[]>(() => {
    const now = trigger.value;
    if (!now) return [];
    if (now.sign === ':') return findEmoji(emoji.value, now.query, 8).map(({ character, name }) => ({ key: character, label: name, character }));
    if (now.sign === '/') return saved(now.query);
    return reference.agents.filter((agent) => agent.id !== scope.userId && plain(`${agent.name} ${agent.email}`).includes(plain(now.query))).slice(0, 8)
      .map((agent) => ({ key: String(agent.id), label: personName(agent, agent.email), detail: agent.email, picture: personPicture(agent) }));
  });
  function saved(query: string): Completion[] {
    const fits = (name: string) => plain(name).includes(plain(query));
    return [
      ...replies.value.filter((reply) => fits(reply.short_code)).map((reply) => ({ key: `reply ${reply.id}`, label: reply.short_code, detail: reply.content.slice(0, 40), icon: MessageSquareQuote })),
      ...macros.value.filter((macro) => fits(macro.name)).map((macro) => ({ key: `macro ${macro.id}`, label: macro.name, detail: t('conversations.saved.macro'), icon: Zap })),
    ].slice(0, 10);
  }
  watch(() => trigger.value?.sign, async (sign) => {
    if (sign === ':') emoji.value = await loadEmoji(locale.value);
    // Fetched anew each time: somebody may have written one a minute ago. Offline, what was there before stays.
    if (sign === '/') {
      const [texts, steps] = await Promise.allSettled([fetchReplies(scope.accountId), fetchMacros(scope.accountId)]);
      if (texts.status === 'fulfilled') replies.value = texts.value;
      if (steps.status === 'fulfilled') macros.value = steps.value;
    }
  });

  /** To be called whenever the text or the cursor changes. */
  function look(text: string, cursor: number) {
    const found = triggerAt(text, cursor, isNote.value ? ['@', ':', '/'] : [':', '/']);
    if (found?.from !== dismissedFrom) dismissedFrom = null;
    trigger.value = dismissedFrom === null ? found : null;
  }
  function dismiss() {
    dismissedFrom = trigger.value?.from ?? null;
    trigger.value = null;
  }
  async function runMacro(id: number, name: string) {
    const outcome = await executeMacro(scope.accountId, id, [conversation().id]).catch((): MacroOutcome => ({ failed: 1, left_out: [] }));
    showToast(...macroToast(t, name, outcome));
  }
  /** The text that takes the place of what was typed. */
  function textOf(item: Completion): string {
    const [kind, id] = item.key.split(' ');
    if (kind === 'reply') return fillSavedText(replies.value.find((reply) => reply.id === Number(id))?.content ?? '', place());
    if (kind === 'macro') {
      void runMacro(Number(id), item.label);
      return '';
    }
    if (item.character) return `${item.character} `;
    mentions.value.push({ id: Number(item.key), name: item.label });
    return `@${item.label} `;
  }
  return { trigger, items, mentions, look, dismiss, textOf };
}
