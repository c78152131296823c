import { Problem } from '../../platform/http/problem.js';
import type { FileStore } from '../../platform/storage/file-store.js';
import type { OpenFile } from './table-file.js';

/** A stored file, to be read from the beginning any number of times. Throws Problem `gone` when it is no more. */
export const storedFile = (store: FileStore, storageKey: string): OpenFile => async function* read() {
  const file = await store.open(storageKey);
  if (!file) throw new Problem('gone', 'The file is gone. Please send it again.');
  yield* file.read() as AsyncIterable<Buffer>;
};
