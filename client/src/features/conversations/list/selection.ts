import { defineStore } from 'pinia';
import { computed, ref } from 'vue';

/** The rows chosen for an act on many, and the row the keys stand on. */
export const useSelection = defineStore('conversation-selection', () => {
  const chosen = ref<ReadonlySet<number>>(new Set());
  const cursor = ref<number | null>(null);
  const ids = computed(() => [...chosen.value]);
  const any = computed(() => chosen.value.size > 0);

  function toggle(id: number) {
    const next = new Set(chosen.value);
    if (!next.delete(id)) next.add(id);
    chosen.value = next;
  }
  function choose(all: readonly number[]) {
    chosen.value = new Set(all);
  }
  function clear() {
    chosen.value = new Set();
  }
  return { chosen, cursor, ids, any, toggle, choose, clear };
});
