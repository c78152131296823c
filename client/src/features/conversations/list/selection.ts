import { defineStore } from 'pinia';
import { computed, ref } from 'vue';

/** The rows chosen for an act on many, and the row the keys stand on. */
export const useSelection = defineStore('conversation-selection', () => {
  const chosen = ref<ReadonlySet<number>>(new Set());
  const cursor = ref<number | null>(null);
  const ids = computed(() => [...chosen.value]);
  const any = computed(() => chosen.value.size > 0);

  /** Where a range begins: the row that was chosen last. */
  let anchor: number | null = null;

  function toggle(id: number) {
    anchor = id;
    const next = new Set(chosen.value);
    if (!next.delete(id)) next.add(id);
    chosen.value = next;
  }
  /** Chooses everything between the row chosen last and this one. */
  function extendTo(id: number, shown: readonly number[]) {
    const [from, to] = [anchor === null ? -1 : shown.indexOf(anchor), shown.indexOf(id)];
    if (from === -1 || to === -1) return toggle(id);
    chosen.value = new Set([...chosen.value, ...shown.slice(Math.min(from, to), Math.max(from, to) + 1)]);
  }
  function choose(all: readonly number[]) {
    chosen.value = new Set(all);
  }
  function clear() {
    chosen.value = new Set();
  }
  return { chosen, cursor, ids, any, toggle, extendTo, choose, clear };
});
