/** One measured value with what it is of. */
export interface Sample { labels?: Record<string, string>; value: number }
type Collect = () => Promise<Sample[]> | Sample[];
interface Metric { help: string; type: 'counter' | 'gauge'; collect: Collect }

/** What this process tells Prometheus. Values are looked up when somebody asks; nothing is kept that can be counted then. */
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

  private add(name: string, metric: Metric): void {
    if (this.metrics.has(name)) throw new Error(`Two metrics are named ${name}.`);
    this.metrics.set(name, metric);
  }

  /** Everything in Prometheus' text form. A metric that cannot be had just now is left out. */
  async render(): Promise<string> {
    const parts = await Promise.all([...this.metrics].map(async ([name, { help, type, collect }]) => {
      try {
        const samples = await collect();
        return samples.length === 0 ? '' : `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${samples.map((sample) => line(name, sample)).join('')}`;
      } catch {
        return '';
      }
    }));
    return parts.join('');
  }
}

function line(name: string, { labels = {}, value }: Sample): string {
  const inside = Object.entries(labels).map(([key, text]) => `${key}="${text.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`))}"`).join(',');
  return `${name}${inside === '' ? '' : `{${inside}}`} ${value}\n`;
}
