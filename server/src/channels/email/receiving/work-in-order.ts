/** Works of which each must wait for those before it: the names they go by, and the end of the last of them. */
interface Line { keys: Set<string>; end: Promise<void> }

/** Runs works side by side, and those that have to do with each other, by whatever chain of names, one after the other in the order they were given. */
export class WorkInOrder {
  private readonly lines = new Map<string, Line>();
  private readonly waiting: (() => void)[] = [];
  private readonly all: Promise<void>[] = [];

  constructor(private places: number) {}

  /** A work that rejects keeps those that had to wait for it from running. */
  add(keys: readonly string[], work: () => Promise<void>): void {
    const before = new Set(keys.flatMap((key) => this.lines.get(key) ?? []));
    const end = Promise.all([...before].map((line) => line.end)).then(() => this.inPlace(work));
    const line: Line = { keys: new Set([...keys, ...[...before].flatMap((one) => [...one.keys])]), end };
    for (const key of line.keys) this.lines.set(key, line);
    this.all.push(end);
    // Heard of by `done`.
    end.catch(() => undefined);
  }

  /** When everything given so far has ended. Rejects with what the first of them rejected with. */
  async done(): Promise<void> {
    for (const result of await Promise.allSettled(this.all)) if (result.status === 'rejected') throw result.reason;
  }

  private async inPlace(work: () => Promise<void>): Promise<void> {
    if (this.places === 0) await new Promise<void>((resolve) => { this.waiting.push(resolve); });
    else this.places -= 1;
    try {
      await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.places += 1;
    }
  }
}
