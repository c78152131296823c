/**
 * A part of the chat whose file is fetched later, once it has come: a visitor's line comes and goes. `meanwhile` is done before each
 * new try, so that nobody waits for a file that an upgrade of the server took away.
 */
export async function latePiece<T>(load: () => Promise<T>, meanwhile?: () => Promise<unknown>): Promise<T> {
  for (let pause = 1000; ; pause = Math.min(pause * 2, 30_000)) {
    try {
      return await load();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, pause));
      await meanwhile?.().catch(() => undefined);
    }
  }
}
