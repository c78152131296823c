/** One measured value with what it is of. */
export interface Sample { /** `_sum` and the like, after the metric's name. */ suffix?: string; labels?: Record<string, string>; value: number }
type Collect = () => Promise<Sample[]> | Sample[];
interface Metric { help: string; type: 'counter' | 'gauge' | 'histogram'; collect: Collect }
type Labels = Record<string, string>;
/** Adds one to the counter of these labels. */
export type Count = (labels: Labels) => void;
/** Adds a duration, in seconds, to the histogram of these labels. */
export type Observe = (labels: Labels, seconds: number) => void;

/** From a fast read to a request that somebody gave up on. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What this process tells Prometheus. What can be counted when somebody asks is looked up then; only what happens in between is kept. */
export class Metrics {
  private readonly metrics = new Map<string, Metric>();

  /** A value that goes up and down. Two of one name stop the start. */
  gauge(name: string, help: string, collect: Collect): void {
    this.add(name, { help, type: 'gauge', collect });
  }

  /** A value that only grows while the process lives. */
  counter(name: string, help: string, collect: Collect): void {
    this.add(name, { help, type: 'counter', collect });
  }

  /** A counter of what happens. Labels are kinds of things, never people, ids or addresses: each combination is kept for good. */
  counting(name: string, help: string): Count {
    const counts = new Map<string, Sample>();
    this.counter(name, help, () => [...counts.values()]);
    return (labels) => { keptFor(counts, labels, () => ({ labels, value: 0 })).value += 1; };
  }

  /** How long something takes, by buckets. */
  timing(name: string, help: string): Observe {
    const series = new Map<string, { labels: Labels; buckets: number[]; sum: number }>();
    this.add(name, { help, type: 'histogram', collect: () => [...series.values()].flatMap(({ labels, buckets, sum }) => {
      let below = 0;
      const counted = [...BUCKETS, Infinity].map((bound, i) => ({ suffix: '_bucket', labels: { ...labels, le: bound === Infinity ? '+Inf' : String(bound) }, value: below += buckets[i]! }));
      return [...counted, { suffix: '_sum', labels, value: sum }, { suffix: '_count', labels, value: below }];
    }) });
    return (labels, seconds) => {
      const one = keptFor(series, labels, () => ({ labels, buckets: Array.from({ length: BUCKETS.length + 1 }, () => 0), sum: 0 }));
      const place = BUCKETS.findIndex((bound) => seconds <= bound);
      one.buckets[place === -1 ? BUCKETS.length : place]! += 1;
      one.sum += seconds;
    };
  }

  private add(name: string, metric: Metric): void {
    if (this.metrics.has(name)) throw new Error(`Two metrics are named ${name}.`);
    this.metrics.set(name, metric);
  }

  /** Everything in Prometheus' text form. A metric that cannot be had just now is left out. */
  async render(): Promise<string> {
    const parts = await Promise.all([...this.metrics].map(async ([name, { help, type, collect }]) => {
      try {
        const samples = await collect();
        return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${samples.map((sample) => line(name, sample)).join('')}`;
      } catch {
        return '';
      }
    }));
    return parts.join('');
  }
}

function keptFor<T>(kept: Map<string, T>, labels: Labels, make: () => T): T {
  const key = Object.values(labels).join('\n');
  const known = kept.get(key) ?? make();
  kept.set(key, known);
  return known;
}

function line(name: string, { suffix = '', labels = {}, value }: Sample): string {
  const inside = Object.entries(labels).map(([key, text]) => `${key}="${text.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`))}"`).join(',');
  return `${name}${suffix}${inside === '' ? '' : `{${inside}}`} ${value}\n`;
}
