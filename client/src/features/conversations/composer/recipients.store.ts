import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import type { Recipients } from './recipients';

/** Recipients that were changed by hand, per conversation; they last as long as the page. */
export const useRecipients = defineStore('recipients', () => {
  const chosen = shallowReactive(new Map<number, Recipients>());
  const of = (id: number): Recipients | undefined => chosen.get(id);
  const choose = (id: number, recipients: Recipients) => void chosen.set(id, recipients);
  /** Back to whom an answer goes by itself. */
  const forget = (id: number) => void chosen.delete(id);
  return { of, choose, forget };
});
