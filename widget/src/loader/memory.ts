/** A few words in the host page's own storage; silent when the browser forbids it. */
export interface Memory {
  read(key: string): string | null;
  write(key: string, value: string | null): void;
}

/** Storage under `porchlight:<website token>:`. */
export function memoryFor(websiteToken: string): Memory {
  const name = (key: string): string => `porchlight:${websiteToken}:${key}`;
  return {
    read(key) {
      try {
        return localStorage.getItem(name(key));
      } catch {
        return null;
      }
    },
    write(key, value) {
      try {
        if (value === null) localStorage.removeItem(name(key));
        else localStorage.setItem(name(key), value);
      } catch {
        // Without storage the chat simply loads again on intent.
        return;
      }
    },
  };
}
