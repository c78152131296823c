import { defineStore } from 'pinia';
import { computed, ref } from 'vue';

/** Whose inbox this is: set once by `followConversations`, read by every store of the feature. */
export const useScope = defineStore('conversation-scope', () => {
  const accountId = ref(0);
  const userId = ref(0);
  const administrator = ref(false);
  /** Prefixes what is kept on this device, so that two people on one browser never see each other's. */
  const key = computed(() => `${accountId.value}.${userId.value}`);
  return { accountId, userId, administrator, key };
});
