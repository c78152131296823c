import { ref } from 'vue';

/** What the bell shows; filled once the account is followed. */
export const unread = ref(0);
