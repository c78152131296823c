import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

export type ChooserKind = 'assign' | 'team' | 'macro' | 'labels' | 'priority' | 'snooze' | 'participants';

/** Which question is being asked about which conversations; keys, menus and buttons all ask through here. */
export const useChooser = defineStore('conversation-chooser', () => {
  const asked = shallowRef<{ kind: ChooserKind; ids: number[] } | null>(null);
  function ask(kind: ChooserKind, ids: number[]) {
    if (ids.length > 0) asked.value = { kind, ids };
  }
  function close() {
    asked.value = null;
  }
  return { asked, ask, close };
});
