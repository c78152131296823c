import { defineStore } from 'pinia';
import { ref, watch } from 'vue';

export type SendKey = 'enter' | 'mod+enter';
interface Kept {
  sendKey?: SendKey;
  undo?: boolean;
  signature?: boolean;
}

const KEY = 'porchlight.composer';
/** How long a reply can be taken back, in milliseconds. */
export const UNDO_MS = 10_000;

function read(): Kept {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Kept;
  } catch {
    return {};
  }
}

/** How this person likes to write, on this device. */
export const useComposerSettings = defineStore('composer-settings', () => {
  const kept = read();
  const sendKey = ref<SendKey>(kept.sendKey ?? 'enter');
  const undo = ref(kept.undo ?? false);
  const signature = ref(kept.signature ?? false);
  watch([sendKey, undo, signature], () => {
    try {
      localStorage.setItem(KEY, JSON.stringify({ sendKey: sendKey.value, undo: undo.value, signature: signature.value }));
    } catch {
      // Without storage the choice lasts as long as the page.
    }
  });
  return { sendKey, undo, signature };
});
