import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { useReference } from '../state/reference.store';

/** Whether somebody is about to write the first mail of a conversation; the list's button and the palette ask through here. */
export const useNewConversation = defineStore('new-conversation', () => {
  const reference = useReference();
  const open = ref(false);
  /** The inboxes from which one can write to somebody who has not written yet. */
  const inboxes = computed(() => reference.inboxes.filter(({ addressed }) => addressed));
  return { open, inboxes };
});
