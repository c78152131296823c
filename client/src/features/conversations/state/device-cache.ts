/**
 * What this browser keeps so that the inbox opens at once and nothing written is lost without a connection: the top of
 * the list, recent threads, and messages that were not sent yet. In IndexedDB, because files must survive a reload too.
 * Every function answers "nothing" where the browser forbids storage; the inbox then works from the network alone.
 */
const NAME = 'porchlight';
const STORES = ['snapshots', 'outbox'] as const;
type StoreName = (typeof STORES)[number];
/** Snapshots beyond this number go, the longest unused first. */
const KEPT = 40;

let opened: Promise<IDBDatabase | null> | undefined;

function database(): Promise<IDBDatabase | null> {
  opened ??= new Promise((resolve) => {
    if (typeof indexedDB === 'undefined') return resolve(null);
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => { for (const name of STORES) request.result.createObjectStore(name); };
    request.onsuccess = () => {
      // Another tab signs out and deletes the database: do not stand in its way.
      request.result.onversionchange = () => { request.result.close(); opened = undefined; };
      resolve(request.result);
    };
    request.onerror = request.onblocked = () => resolve(null);
  });
  return opened;
}

async function run<T>(store: StoreName, mode: IDBTransactionMode, work: (objects: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
  const db = await database();
  if (!db) return undefined;
  return new Promise((resolve) => {
    try {
      const transaction = db.transaction(store, mode);
      const request = work(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => resolve(undefined);
    } catch {
      // The database was closed by another tab between the two lines above.
      resolve(undefined);
    }
  });
}

/** Reads one value; undefined when there is none. */
export const readCached = <T>(store: StoreName, key: string) => run<T>(store, 'readonly', (objects) => objects.get(key) as IDBRequest<T>);

/** Keeps one value. Snapshots carry `at` so that old ones can go. */
export const writeCached = (store: StoreName, key: string, value: unknown) => run(store, 'readwrite', (objects) => objects.put(value, key));

/** Forgets one value. */
export const dropCached = (store: StoreName, key: string) => run(store, 'readwrite', (objects) => objects.delete(key));

/** Every value whose key begins with `prefix`. */
export const readAllCached = async <T>(store: StoreName, prefix: string) =>
  (await run<T[]>(store, 'readonly', (objects) => objects.getAll(IDBKeyRange.bound(prefix, `${prefix}\uffff`)) as IDBRequest<T[]>)) ?? [];

/** Lets the longest unused snapshots go. */
export async function pruneSnapshots(): Promise<void> {
  const keys = (await run('snapshots', 'readonly', (objects) => objects.getAllKeys())) ?? [];
  if (keys.length <= KEPT) return;
  const dated = await Promise.all(keys.map(async (key) => ({ key: String(key), at: (await readCached<{ at?: number }>('snapshots', String(key)))?.at ?? 0 })));
  dated.sort((a, b) => b.at - a.at);
  await Promise.all(dated.slice(KEPT).map(({ key }) => dropCached('snapshots', key)));
}

/** Forgets everything of every account; to be called when somebody signs out. */
export async function clearDeviceCache(): Promise<void> {
  (await database())?.close();
  opened = undefined;
  for (const key of Object.keys(localStorage)) if (key.startsWith('porchlight.drafts.')) localStorage.removeItem(key);
  if (typeof indexedDB !== 'undefined') indexedDB.deleteDatabase(NAME);
}
