/** Remembers answers for a short time, and asks once for all who ask meanwhile. Failures are not remembered. */
export class ShortMemory<T> {
  private readonly known = new Map<string, { until: number; answer: Promise<T> }>();

  constructor(private readonly milliseconds: number, private readonly max = 10_000) {}

  get(key: string, ask: () => Promise<T>): Promise<T> {
    const now = Date.now();
    const found = this.known.get(key);
    if (found && found.until > now) return found.answer;
    // Oldest first, because a Map keeps the order of insertion.
    this.known.delete(key);
    if (this.known.size >= this.max) this.known.delete(this.known.keys().next().value!);
    const answer = ask();
    this.known.set(key, { until: now + this.milliseconds, answer });
    answer.catch(() => { if (this.known.get(key)?.answer === answer) this.known.delete(key); });
    return answer;
  }

  forget(key: string): void {
    this.known.delete(key);
  }
}
