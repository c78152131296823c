import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import { MAX_FILE_BYTES } from '../file-size';

/** Files chosen for a message that is not sent yet, per conversation; they last as long as the page. */
export const usePendingFiles = defineStore('pending-files', () => {
  const files = shallowReactive(new Map<number, File[]>());
  const of = (id: number): File[] => files.get(id) ?? [];

  /** Adds what fits; answers the names of what is too large. */
  function add(id: number, more: readonly File[]): string[] {
    files.set(id, [...of(id), ...more.filter(({ size }) => size <= MAX_FILE_BYTES)]);
    return more.filter(({ size }) => size > MAX_FILE_BYTES).map(({ name }) => name);
  }
  function remove(id: number, file: File) {
    files.set(id, of(id).filter((other) => other !== file));
  }
  /** Takes all of them out. */
  function take(id: number): File[] {
    const taken = of(id);
    files.delete(id);
    return taken;
  }
  return { of, add, remove, take };
});
