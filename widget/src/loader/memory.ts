/** Words in the host page's own storage; silent when the browser forbids it. */
export interface Memory {
  read(key: string): string | null;
  write(key: string, value: string | null): void;
  /** What is kept for the chat in browsers that give its iframe no storage. */
  kept(): Record<string, string>;
  keep(key: string, value: string | null): void;
  /** Calls back when another tab kept something else. */
  onKept(changed: (key: string, value: string | null) => void): void;
}

const quietly = <T>(work: () => T, otherwise: T): T => {
  try {
    return work();
  } catch {
    return otherwise; // Without storage the chat simply begins anew on the next page.
  }
};

/** Storage under `porchlight:<website token>:`. */
export function memoryFor(websiteToken: string): Memory {
  const prefix = `porchlight:${websiteToken}:`;
  const keptPrefix = `${prefix}kept:`;
  const put = (name: string, value: string | null): void => quietly(() => {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  }, undefined);
  return {
    read: (key) => quietly(() => localStorage.getItem(prefix + key), null),
    write: (key, value) => put(prefix + key, value),
    kept: () => quietly(() => Object.fromEntries(Object.entries(localStorage as unknown as Record<string, string>)
      .filter(([name]) => name.startsWith(keptPrefix)).map(([name, value]) => [name.slice(keptPrefix.length), value])), {}),
    keep: (key, value) => put(keptPrefix + key, value),
    onKept(changed) {
      addEventListener('storage', (event) => {
        if (event.key?.startsWith(keptPrefix)) changed(event.key.slice(keptPrefix.length), event.newValue);
      });
    },
  };
}
