const EVERY_MS = 1_000;

/** Shows how far something is, on stderr and not more than once a second: stdout belongs to the answer. */
export function showProgress(): (text: string) => void {
  let last = 0;
  return (text) => {
    if (Date.now() - last < EVERY_MS) return;
    last = Date.now();
    process.stderr.write(`${text}\n`);
  };
}

/** 1536 → `1.5 kB`. */
export function sizeInWords(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const step = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log(bytes) / Math.log(1024)));
  return `${step === 0 ? bytes : (bytes / 1024 ** step).toFixed(1)} ${units[step]}`;
}
