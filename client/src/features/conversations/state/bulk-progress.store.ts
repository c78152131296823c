import { defineStore } from 'pinia';
import { computed, ref } from 'vue';

/** How far acts on many conversations are; several at once count together. */
export const useBulkProgress = defineStore('bulk-progress', () => {
  const total = ref(0);
  const done = ref(0);
  const running = ref(0);
  /** One alone is no progress worth showing. */
  const busy = computed(() => running.value > 0 && total.value > 1);

  function begin(count: number) {
    running.value++;
    total.value += count;
  }
  function step() {
    done.value++;
  }
  function end() {
    if (--running.value > 0) return;
    total.value = 0;
    done.value = 0;
  }
  return { total, done, busy, begin, step, end };
});
